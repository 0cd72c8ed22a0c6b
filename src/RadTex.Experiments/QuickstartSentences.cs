namespace RadTex.Experiments;

/// <summary>
/// What the quickstart's comparisons say, in words: losses first, then what cannot be told apart, gains last; each with its interval.
/// </summary>
internal static class QuickstartSentences
{
    /// <summary>A sentence for each rival and outcome.</summary>
    internal static IReadOnlyList<string> Of(IReadOnlyList<InitialisationComparison> comparisons) =>
    [
        .. Sentences(comparisons, c => c.IsBehind, c => $"{c.Second} is ahead of {c.First}"),
        .. Sentences(comparisons, c => !c.IsBehind && !c.IsAhead, c => $"{c.First} and {c.Second} cannot be told apart"),
        .. Sentences(comparisons, c => c.IsAhead, c => $"{c.First} is ahead of {c.Second}"),
    ];

    /// <summary>How the first does against one rival at one number of labels, as an answer to a question.</summary>
    internal static string Answer(InitialisationComparison? comparison) =>
        comparison is null ? "It was not run."
        : comparison.Difference is null ? "It cannot be said: an AUC is undefined."
        : comparison.IsBehind ? $"No, it is behind by {comparison.Size()} {Figure(comparison)}."
        : comparison.IsAhead ? $"Yes, by {comparison.Size()} {Figure(comparison)}."
        : $"It cannot be told: {comparison.Size()} {Figure(comparison)}.";

    private static string Figure(InitialisationComparison comparison) =>
        comparison.WithinViews ? "mean AUC within views" : "mean AUC over all radiographs";

    private static IEnumerable<string> Sentences(
        IReadOnlyList<InitialisationComparison> all, Func<InitialisationComparison, bool> holds, Func<InitialisationComparison, string> says)
    {
        // Where the others are within views, one that is not says so.
        bool within = all.Any(c => c.WithinViews);
        string Part(InitialisationComparison c) => $"{c.Size()} at {c.Examples} labels{(within && !c.WithinViews ? " (over all radiographs)" : "")}";
        return all.Where(holds).GroupBy(says).Select(group => $"{group.Key}: {string.Join(", ", group.Select(Part))}.");
    }
}
