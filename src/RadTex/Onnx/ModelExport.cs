using Google.Protobuf;
using RadTex.Checkpoints;
using RadTex.Models;
using RadTex.Transfer;
using static TorchSharp.torch;

namespace RadTex.Onnx;

/// <summary>An encoder, with heads or without, as a file for other programs. Each is read back and compared before it counts as done.</summary>
public static class ModelExport
{
    /// <summary>Largest deviation from our own output, relative to the largest output where that is above 1.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>Exports by the file's ending: <c>.safetensors</c>, <c>.pth</c>, <c>.pt</c> (torchvision's names, heads as <c>fc</c>) or <c>.onnx</c>.</summary>
    /// <param name="source">The encoder, on the CPU.</param>
    /// <param name="heads">Of this encoder; none for the encoder alone.</param>
    /// <param name="path">The file.</param>
    /// <param name="foldBatchNorm">ONNX: whether each batch norm becomes part of the convolution before it.</param>
    /// <returns>What was compared and how far it is off, in words.</returns>
    /// <exception cref="UserErrorException">Another ending, or the file read back gives something else; it is then deleted.</exception>
    public static string Run(EncoderSource source, IReadOnlyList<TrainedHead> heads, string path, bool foldBatchNorm = false)
    {
        var ending = Path.GetExtension(path).ToLowerInvariant();
        return ending switch
        {
            ".safetensors" => Weights(source, heads, path, (to, tensors) => SafeTensors.Write(to, tensors, new Dictionary<string, string> { ["format"] = "pt", ["provenance"] = source.Card.Provenance })),
            ".pth" or ".pt" => Weights(source, heads, path, TorchFileWriter.Write),
            ".onnx" => Onnx(source, heads, path, foldBatchNorm),
            _ => throw new UserErrorException($"--out {path}: the ending '{ending}' is no format. Expected .safetensors, .pth, .pt or .onnx."),
        };
    }

    private static string Weights(EncoderSource source, IReadOnlyList<TrainedHead> heads, string path, Action<string, IReadOnlyList<(string, Tensor)>> write)
    {
        using var scope = NewDisposeScope();
        List<(string Name, Tensor Tensor)> tensors = [.. ModuleWeights.Of(source.Encoder)];
        if (heads.Count > 0)
        {
            float[] Floats(Func<LinearHead, double[]> part) => [.. heads.SelectMany(h => part(h.Weights)).Select(v => (float)v)];
            tensors.Add(("fc.weight", tensor(Floats(h => h.Weights), [heads.Sum(h => h.Weights.Outputs), source.Encoder.FeatureWidth])));
            tensors.Add(("fc.bias", tensor(Floats(h => h.Biases))));
        }
        write(path, tensors);
        using var read = ForeignWeights.Open(path);
        foreach (var (name, tensor) in tensors)
            if (!read.Tensors.TryGetValue(name, out var value) || !value.equal(tensor.detach()).all().item<bool>()) throw Deviates(path, $"{name} differs");
        return $"read back: {tensors.Count} tensors, equal to the bit";
    }

    private static string Onnx(EncoderSource source, IReadOnlyList<TrainedHead> heads, string path, bool foldBatchNorm)
    {
        AtomicFile.WriteAllBytes(path, EncoderGraph.Build(source.Encoder, source.Card, heads, foldBatchNorm, seen: source.Seen).ToByteArray());
        using var model = OnnxModel.Open(path);
        var input = model.Input;
        double worst = 0;
        foreach (int count in new[] { 3, 1 }) // the batch is free
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            using var generator = new Generator(17);
            var bytes = rand([count, 1, input.ImageSize, input.ImageSize], generator: generator).mul_(Scalars.Of(255)).to(ScalarType.Byte);
            var pixels = new float[count * input.Length];
            for (int i = 0; i < count; i++)
                input.Fill(bytes[i].bytes, input.ImageSize, input.ImageSize, Data.AffineMap.Identity, Data.Interpolation.Bilinear, pixels.AsSpan(i * input.Length, input.Length));
            var expected = source.Encoder.Pool(tensor(pixels, [count, input.Channels, input.ImageSize, input.ImageSize])).data<float>().ToArray();
            var found = model.Run(pixels, count, EncoderGraph.Features);
            worst = Math.Max(worst, Deviation(expected, found));
            if (heads.Count == 0) continue;
            double[][] columns = [.. heads.Select(h => h.Weights.Probabilities(expected))];
            float[] probabilities = [.. Enumerable.Range(0, count).SelectMany(i => heads.SelectMany((h, k) => columns[k].Skip(i * h.Weights.Outputs).Take(h.Weights.Outputs))).Select(v => (float)v)];
            worst = Math.Max(worst, Deviation(probabilities, model.Run(pixels, count, EncoderGraph.Probabilities)));
        }
        return worst <= Tolerance ? $"ONNX Runtime agrees: largest deviation {worst:0.0e+0}, batches of 3 and 1" : throw Deviates(path, $"ONNX Runtime's output is off by {worst:0.0e+0}, tolerance {Tolerance:0e+0}");
    }

    internal static double Deviation(ReadOnlySpan<float> expected, ReadOnlySpan<float> found)
    {
        if (expected.Length != found.Length) return double.PositiveInfinity;
        double largest = 1, worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i]));
            double off = Math.Abs((double)expected[i] - found[i]);
            worst = off <= worst ? worst : double.IsNaN(off) ? double.PositiveInfinity : off;
        }
        return worst / largest;
    }

    private static UserErrorException Deviates(string path, string what)
    {
        File.Delete(path);
        return new($"{path} was read back and is not what was written: {what}. It was deleted. Please report this with the encoder's card.");
    }
}
