using System.Numerics.Tensors;
using RadTex.Learning.Pretraining;
using RadTex.Prediction.Onnx;

namespace RadTex.Learning.Export;

/// <summary>The least and largest value that each tensor of a model takes over some radiographs.</summary>
internal static class ActivationRanges
{
    private const int BatchSize = 2; // every activation is kept: about 80 MB a radiograph for ResNet-50 at 256 px

    /// <param name="model">Float32.</param>
    /// <param name="names">Of the tensors.</param>
    /// <param name="batches">Centre views of radiographs, for the model's input.</param>
    /// <param name="indices">Which.</param>
    /// <param name="progress">Counts radiographs.</param>
    /// <param name="cancellation">Stops between batches.</param>
    internal static Dictionary<string, (float Least, float Largest)> Measure(
        ModelProto model, IReadOnlyList<string> names, RadiographBatches batches, IReadOnlyList<int> indices, IProgress<ProgressReport>? progress,
        CancellationToken cancellation)
    {
        var open = model.Clone();
        foreach (var name in names.Where(n => n != ModelTensors.Image))
            open.Graph.Output.Add(
                new ValueInfoProto
                {
                    Name = name,
                    Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float } }
                });
        using var session = OnnxModel.Open(Google.Protobuf.MessageExtensions.ToByteArray(open));
        var ranges = names.ToDictionary(n => n, _ => (Least: float.PositiveInfinity, Largest: float.NegativeInfinity));
        string[] asked = [.. names.Where(n => n != ModelTensors.Image)];
        void Widen(string name, ReadOnlySpan<float> values) =>
            ranges[name] = (Math.Min(ranges[name].Least, TensorPrimitives.Min(values)), Math.Max(ranges[name].Largest, TensorPrimitives.Max(values)));
        for (int start = 0; start < indices.Count; start += BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            int[] part = [.. indices.Skip(start).Take(BatchSize)];
            using var images = batches.CentreViews(part);
            var pixels = images.data<float>().ToArray();
            Widen(ModelTensors.Image, pixels);
            var values = session.Run(pixels, part.Length, asked);
            for (int i = 0; i < asked.Length; i++) Widen(asked[i], values[i]);
            progress?.Report(new("calibrating", Math.Min(start + BatchSize, indices.Count), indices.Count, "radiographs"));
        }
        return ranges;
    }
}
