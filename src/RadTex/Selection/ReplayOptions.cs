namespace RadTex.Selection;

/// <summary>A replay of labelling with labels that are known.</summary>
/// <param name="Sizes">Numbers of labels to measure at, rising; the last ends the replay.</param>
/// <param name="Seed">Of the reserve, of policies and of folds.</param>
/// <param name="ReservePeriod">One pick in so many comes from the reserve, at a random place among them.</param>
/// <param name="LabelErrors">The share of labels that the reader gets wrong.</param>
public sealed record ReplayOptions(IReadOnlyList<int> Sizes, ulong Seed, int ReservePeriod = 5, double LabelErrors = 0)
{
    /// <summary>10 to 100 in tens.</summary>
    public static IReadOnlyList<int> UsualSizes { get; } = [.. Enumerable.Range(1, 10).Select(i => 10 * i)];
}
