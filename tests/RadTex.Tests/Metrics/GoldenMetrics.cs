using System.Text.Json;

namespace RadTex.Tests.Metrics;

/// <summary>Golden/metrics.json: made by Golden/metrics.py with scikit-learn, SciPy and plain loops.</summary>
internal static class GoldenMetrics
{
    private static readonly JsonDocument File = JsonDocument
        .Parse(System.IO.File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "metrics.json")));

    internal static IReadOnlyList<JsonElement> Cases(string kind) => [.. File.RootElement.GetProperty(kind).EnumerateArray()];

    internal static double[] Numbers(this JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(e => e.GetDouble())];

    internal static double?[] Optional(this JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Null ? (double?)null : e.GetDouble())];

    internal static int[] Integers(this JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];

    internal static bool[] Flags(this JsonElement element, string name) => [.. element.Integers(name).Select(i => i == 1)];

    internal static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();

    internal static void ShouldBeNear(this double? actual, double expected, string? what = null, double tolerance = 1e-12) =>
        actual.ShouldNotBeNull(what).ShouldBe(expected, tolerance, what);
}
