using System.Text.Json;
using RadTex.Learning.SelfCheck;
using static TorchSharp.torch;

namespace RadTex.Learning.Testing;

/// <summary>Golden cases of encoders and objectives, and the numbers that follow from their closed formula (Golden/README.md).</summary>
internal static class Golden
{
    /// <summary>A case's file, such as "encoders/densenet121".</summary>
    internal static JsonDocument Open(string name) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", $"{name}.json")));

    /// <summary>fill(name, scale) in float64.</summary>
    internal static Tensor Filled(string name, double scale, long[] shape) =>
        tensor(GoldenFill.Values(name, scale, shape.Aggregate(1L, (a, b) => a * b)), shape).to(ScalarType.Float64);
}
