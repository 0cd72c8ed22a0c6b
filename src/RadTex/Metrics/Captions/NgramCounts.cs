namespace RadTex.Metrics.Captions;

/// <summary>How often each run of n words occurs in a text.</summary>
internal static class NgramCounts
{
    /// <summary>The counts of runs of exactly <paramref name="n"/> words.</summary>
    internal static Dictionary<string, int> Of(IReadOnlyList<string> words, int n)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int start = 0; start + n <= words.Count; start++)
        {
            var run = string.Join(' ', words.Skip(start).Take(n)); // a word holds no space
            counts[run] = counts.GetValueOrDefault(run) + 1;
        }
        return counts;
    }
}
