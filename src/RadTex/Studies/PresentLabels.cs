namespace RadTex.Studies;

/// <summary>
/// Labels of archives that list what is present: the common ones, in alphabetical order; 1 where an image lists it, else 0, and absent where it lists
/// nothing.
/// </summary>
/// <param name="fewestImages">Labels that fewer lists hold are left out.</param>
internal sealed class PresentLabels(int fewestImages)
{
    /// <summary>An archive of more labels than this is not what it is taken for.</summary>
    private const int MostWords = 10_000;

    private readonly Dictionary<string, int> counts = [];
    private string[]? names;

    internal IReadOnlyList<string> Names =>
        names ??= [.. counts.Where(c => c.Value >= fewestImages).Select(c => c.Key).Order(StringComparer.Ordinal)];

    /// <summary>How many labels are too rare.</summary>
    internal int Rare => counts.Count - Names.Count;

    internal void Count(IEnumerable<string> words)
    {
        foreach (var word in words) counts[word] = counts.GetValueOrDefault(word) + 1;
        if (counts.Count > MostWords)
            throw new UserErrorException($"The labels have more than {MostWords:N0} words. Expected the archive's own labels; check the table.");
    }

    internal double?[] Values(IReadOnlyCollection<string> words) =>
        [.. Names.Select(n => words.Count == 0 ? (double?)null : words.Contains(n) ? 1 : 0)];
}
