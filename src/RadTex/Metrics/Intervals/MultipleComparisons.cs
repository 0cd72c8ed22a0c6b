using System.Globalization;

namespace RadTex.Metrics.Intervals;

/// <summary>P-values of several comparisons, corrected so that the chance of any false finding among them stays at the level.</summary>
public static class MultipleComparisons
{
    /// <summary>Holm's step-down correction (1979): never weaker than Bonferroni's, and no independence is needed.</summary>
    /// <param name="pValues">In [0, 1]; null where a comparison is undefined. It is not counted then.</param>
    /// <returns>The corrected p-values in the same order.</returns>
    public static IReadOnlyList<double?> Holm(IReadOnlyList<double?> pValues)
    {
        foreach (var p in pValues)
            if (p is { } value && !(value >= 0 && value <= 1))
                throw new ArgumentException($"{value} is no p-value: expected 0 to 1", nameof(pValues));
        int[] order = [.. Enumerable.Range(0, pValues.Count).Where(i => pValues[i] is not null).OrderBy(i => pValues[i])];
        var corrected = new double?[pValues.Count];
        double largest = 0;
        for (int rank = 0; rank < order.Length; rank++)
        {
            largest = Math.Max(largest, Math.Min(1, (order.Length - rank) * pValues[order[rank]]!.Value));
            corrected[order[rank]] = largest;
        }
        return corrected;
    }

    /// <summary>A p-value as tables show it: four digits, "&lt;0.0001" below, since none is 0.</summary>
    internal static string Text(double p) => p < 0.0001 ? "<0.0001" : string.Create(CultureInfo.InvariantCulture, $"{p:0.0000}");
}
