namespace RadTex.Metrics.Agreement;

/// <summary>What several readers said of the same cases: a category of 0..C-1 a reader and case, or nothing.</summary>
/// <remarks>Cases of one patient are no independent ones: <see cref="AgreementInterval"/> leaves out patients, not cases.</remarks>
public sealed class RatingTable
{
    private readonly int?[] ratings; // [cases, readers]

    /// <summary>A table of ratings as they were given; it is copied.</summary>
    /// <param name="readers">Two or more.</param>
    /// <param name="categories">C, two or more.</param>
    /// <param name="ratings">Case by case, a value a reader; null where that reader did not judge that case.</param>
    /// <exception cref="ArgumentException">A category is outside 0..C-1, or the length is no multiple of the readers.</exception>
    public RatingTable(int readers, int categories, IReadOnlyList<int?> ratings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(readers, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(categories, 2);
        if (ratings.Count % readers != 0)
            throw new ArgumentException($"{ratings.Count} ratings are no whole number of cases of {readers} readers", nameof(ratings));
        if (ratings.FirstOrDefault(r => r is { } value && (uint)value >= (uint)categories) is { } wrong)
            throw new ArgumentException($"category {wrong}; expected 0 to {categories - 1}", nameof(ratings));
        (Readers, Categories, this.ratings) = (readers, categories, [.. ratings]);
    }

    /// <summary>The number of readers, at least 2.</summary>
    public int Readers { get; }

    /// <summary>C.</summary>
    public int Categories { get; }

    /// <summary>The number of cases, rated or not.</summary>
    public int Cases => ratings.Length / Readers;

    /// <summary>The category, 0..C-1, that a reader gave a case; null where the reader did not rate it.</summary>
    public int? this[int index, int reader] => ratings[index * Readers + reader];

    /// <summary>Some of the cases; a case may occur more than once.</summary>
    public RatingTable Select(IEnumerable<int> cases) =>
        new(Readers, Categories, [.. cases.SelectMany(c => Enumerable.Range(0, Readers).Select(r => this[c, r]))]);

    /// <summary>Two of the readers.</summary>
    public RatingTable Pair(int first, int second) =>
        new(2, Categories, [.. Enumerable.Range(0, Cases).SelectMany(c => (int?[])[this[c, first], this[c, second]])]);

    /// <summary>How many readers gave each category to a case, [C].</summary>
    internal int[] Counts(int index)
    {
        var counts = new int[Categories];
        for (int reader = 0; reader < Readers; reader++)
            if (this[index, reader] is { } value) counts[value]++;
        return counts;
    }

    /// <summary>The counts of cases that at least two readers judged.</summary>
    internal IReadOnlyList<int[]> PairableCounts() => [.. Enumerable.Range(0, Cases).Select(Counts).Where(c => c.Sum() > 1)];
}
