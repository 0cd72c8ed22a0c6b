using RadTex.Files;
using RadTex.Heads;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Checkpoints.Foreign;
using RadTex.Learning.Models;
using RadTex.Learning.Transfer;
using RadTex.Prediction;
using RadTex.Prediction.Onnx;
using static TorchSharp.torch;

namespace RadTex.Learning.Export;

/// <summary>An encoder, with heads or without, as a file for other programs. Each is read back and compared before it counts as done.</summary>
public static class ModelExport
{
    /// <summary>Largest deviation from our own output, relative to the largest output where that is above 1.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>Checks before any work that a model can be written to a file of that name.</summary>
    /// <exception cref="UserErrorException">No format has the file's ending.</exception>
    public static void CheckEnding(string path)
    {
        if (Path.GetExtension(path).ToLowerInvariant() is var ending && ending is not (".safetensors" or ".pth" or ".pt" or ".onnx"))
            throw new UserErrorException(
                $"The setting 'out' = {path}: the ending '{ending}' is no format. Expected .safetensors, .pth, .pt or .onnx.");
    }

    /// <summary>
    /// Exports by the file's ending: <c>.safetensors</c>, <c>.pth</c>, <c>.pt</c> (torchvision's names, heads as <c>fc</c>) or <c>.onnx</c>.
    /// </summary>
    /// <param name="source">The encoder, on the CPU.</param>
    /// <param name="heads">Of this encoder; none for the encoder alone.</param>
    /// <param name="path">The file.</param>
    /// <param name="foldBatchNorm">ONNX: whether each batch norm becomes part of the convolution before it.</param>
    /// <returns>What was compared and how far it is off, in words.</returns>
    /// <exception cref="UserErrorException">Another ending, or the file read back gives something else; it is then deleted.</exception>
    public static string Run(EncoderSource source, IReadOnlyList<TrainedHead> heads, string path, bool foldBatchNorm = false) =>
        Run(new TrainedClassifier([new(source, heads)]), path, foldBatchNorm);

    /// <summary>
    /// The same of a classifier, which as ONNX may be of several networks or an ensemble: the file then holds a copy of each network.
    /// </summary>
    /// <inheritdoc cref="Run(EncoderSource, IReadOnlyList{TrainedHead}, string, bool)"/>
    public static string Run(TrainedClassifier classifier, string path, bool foldBatchNorm = false)
    {
        CheckEnding(path);
        var ending = Path.GetExtension(path).ToLowerInvariant();
        return ending switch
        {
            ".safetensors" => Weights(classifier.Single(ending), path, (to, tensors, card) =>
                SafeTensors.Write(
                    to, tensors,
                    new Dictionary<string, string>
                    {
                        ["format"] = "pt",
                        ["provenance"] = card.Provenance,
                        [ForeignWeights.CardKey] = EncoderFolder.ToJson(card)
                    })),
            ".pth" or ".pt" => Weights(
                classifier.Single(ending), path,
                (to, tensors, card) => TorchFileWriter.Write(to, tensors, (ForeignWeights.CardKey, EncoderFolder.ToJson(card)))),
            _ => Onnx(classifier, path, foldBatchNorm),
        };
    }

    private static string Weights(TrainedNetwork network, string path, Action<string, IReadOnlyList<(string, Tensor)>, EncoderCard> write)
    {
        var (source, heads) = network;
        Int8Export.RequireOwn(source, Path.GetExtension(path));
        using var scope = NewDisposeScope();
        List<(string Name, Tensor Tensor)> tensors = [.. ModuleWeights.Of(source.Encoder)];
        if (heads.Count > 0)
        {
            float[] Floats(Func<LinearHead, double[]> part) => [.. heads.SelectMany(h => part(h.Weights)).Select(v => (float)v)];
            tensors.Add(("fc.weight", tensor(Floats(h => h.Weights), [heads.Sum(h => h.Weights.Outputs), source.Encoder.FeatureWidth])));
            tensors.Add(("fc.bias", tensor(Floats(h => h.Biases))));
        }
        write(path, tensors, source.Card);
        using var read = ForeignWeights.Open(path);
        foreach (var (name, tensor) in tensors)
            if (!read.Tensors.TryGetValue(name, out var value) || !value.equal(tensor.detach()).all().item<bool>())
                throw Deviates(path, $"{name} differs");
        return $"read back: {tensors.Count} tensors, equal to the bit";
    }

    private static string Onnx(TrainedClassifier classifier, string path, bool foldBatchNorm)
    {
        var graph = ClassifierGraph.Build(classifier, foldBatchNorm);
        SelfTests.Of(classifier).AddTo(graph);
        AtomicFile.WriteAllBytes(path, ModelSeal.Bytes(graph));
        using var model = ReadBack(path);
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
                input.Fill(
                    bytes[i].bytes, input.ImageSize, input.ImageSize, AffineMap.Identity, Interpolation.Bilinear,
                    pixels.AsSpan(i * input.Length, input.Length));
            var (features, probabilities) = Outputs(classifier, pixels, count);
            worst = Math.Max(worst, ModelSelfTest.Deviation(features, model.Run(pixels, count, ModelTensors.Features)));
            if (classifier.HasHeads)
                worst = Math.Max(worst, ModelSelfTest.Deviation(probabilities, model.Run(pixels, count, ModelTensors.Probabilities)));
        }
        return worst <= Tolerance ? $"ONNX Runtime agrees: largest deviation {worst:0.0e+0}, batches of 3 and 1" : throw Deviates(
            path, $"ONNX Runtime's output is off by {worst:0.0e+0}, tolerance {Tolerance:0e+0}");
    }

    /// <summary>What our own code gives of images [n, C, S, S]: the networks' features side by side, [n, F], and probabilities, [n, K].</summary>
    internal static (float[] Features, float[] Probabilities) Outputs(TrainedClassifier classifier, float[] pixels, int count)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var input = classifier.Networks[0].Source.Input();
        var images = tensor(pixels, [count, input.Channels, input.ImageSize, input.ImageSize]);
        float[][] features = [.. classifier.Networks.Select(n => n.Source.Encoder.Pool(images).data<float>().ToArray())];
        if (!classifier.HasHeads) return (SideBySide(features, count), []);
        var probabilities = SideBySide(
            [.. classifier.Networks.Zip(features, (network, own) => TrainedHead.Probabilities(network.Heads, own, count))], count);
        return (
            SideBySide(features, count), classifier.IsComposed ? ClassifierGraph.OutputsOf(classifier).Apply(probabilities, count) : probabilities);
    }

    /// <summary>Blocks of rows, [n, k] each, as rows of all of them.</summary>
    private static float[] SideBySide(float[][] blocks, int count) =>
        [.. Enumerable.Range(0, count).SelectMany(i => blocks.SelectMany(b => b.Skip(i * (b.Length / count)).Take(b.Length / count)))];

    private static OnnxModel ReadBack(string path)
    {
        try { return OnnxModel.Open(path); }
        catch (UserErrorException e) { throw Deviates(path, e.Message); }
    }

    private static UserErrorException Deviates(string path, string what)
    {
        File.Delete(path);
        return new($"{path} was read back and is not what was written: {what}. It was deleted. Please report this with the encoder's card.");
    }
}
