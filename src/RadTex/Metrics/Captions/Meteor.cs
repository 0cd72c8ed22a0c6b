namespace RadTex.Metrics.Captions;

/// <summary>
/// METEOR of exact words, then of stems (Banerjee and Lavie 2005, their weights): 10 P R / (R + 9 P) times 1 - (chunks / matches)³ / 2.
/// </summary>
/// <remarks>
/// No synonyms and no paraphrases, which need WordNet and tables: its figures lie below those of the METEOR 1.5 program and are not to be
/// compared with them. Words are matched longest common run first, which keeps the number of chunks small; the original asks for the
/// fewest crossings.
/// </remarks>
public static class Meteor
{
    /// <summary>The mean of the texts' scores, each with its best reference; null where there are none.</summary>
    public static double? Corpus(IReadOnlyList<TextPair> pairs) =>
        pairs.Count == 0 ? null : pairs.Average(pair => pair.References.Max(r => Of(pair.Candidate, r)));

    /// <summary>The score of one text against one reference, in [0, 1].</summary>
    public static double Of(IReadOnlyList<string> candidate, IReadOnlyList<string> reference)
    {
        var partner = new int[candidate.Count]; // each candidate word's place in the reference; -1 for none
        Array.Fill(partner, -1);
        var taken = new bool[reference.Count];
        Match(candidate, reference, partner, taken);
        Match([.. candidate.Select(PorterStemmer.Stem)], [.. reference.Select(PorterStemmer.Stem)], partner, taken);
        int matches = taken.Count(t => t);
        if (matches == 0) return 0;
        int chunks = Enumerable.Range(0, partner.Length)
            .Count(i => partner[i] >= 0 && (i == 0 || partner[i - 1] < 0 || partner[i] != partner[i - 1] + 1));
        double precision = (double)matches / candidate.Count, recall = (double)matches / reference.Count;
        double fragmentation = (double)chunks / matches;
        return 10 * precision * recall / (recall + 9 * precision) * (1 - 0.5 * fragmentation * fragmentation * fragmentation);
    }

    // The longest common run of words without a partner, then the next, until no two words are left that agree.
    private static void Match(IReadOnlyList<string> candidate, IReadOnlyList<string> reference, int[] partner, bool[] taken)
    {
        while (true)
        {
            var (length, start, otherStart) = (0, 0, 0);
            int[] above = new int[reference.Count + 1], row = new int[reference.Count + 1];
            for (int i = 0; i < candidate.Count; i++)
            {
                for (int j = 0; j < reference.Count; j++)
                {
                    bool agree = partner[i] < 0 && !taken[j] && string.Equals(candidate[i], reference[j], StringComparison.Ordinal);
                    row[j + 1] = agree ? above[j] + 1 : 0;
                    if (row[j + 1] > length) (length, start, otherStart) = (row[j + 1], i - row[j + 1] + 1, j - row[j + 1] + 1);
                }
                (above, row) = (row, above);
            }
            if (length == 0) return;
            for (int k = 0; k < length; k++) (partner[start + k], taken[otherStart + k]) = (otherStart + k, true);
        }
    }
}
