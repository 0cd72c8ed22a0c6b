namespace RadTex.Metrics.Captions;

/// <summary>ROUGE-L (Lin 2004): the F-measure of the longest common subsequence of words.</summary>
public static class RougeL
{
    /// <summary>The weight of recall that the captioning literature's tools use.</summary>
    public const double CaptioningBeta = 1.2;

    /// <summary>The mean of the texts' scores; null where there are none.</summary>
    public static double? Corpus(IReadOnlyList<TextPair> pairs) => pairs.Count == 0 ? null : pairs.Average(pair => Of(pair));

    /// <summary>(1 + b²) P R / (R + b² P), with the best precision P and the best recall R over the references; in [0, 1].</summary>
    public static double Of(TextPair pair, double beta = CaptioningBeta)
    {
        double precision = 0, recall = 0;
        foreach (var reference in pair.References)
        {
            int common = LongestCommonSubsequence(pair.Candidate, reference);
            if (common == 0) continue;
            precision = Math.Max(precision, (double)common / pair.Candidate.Count);
            recall = Math.Max(recall, (double)common / reference.Count);
        }
        return precision == 0 ? 0 : (1 + beta * beta) * precision * recall / (recall + beta * beta * precision);
    }

    private static int LongestCommonSubsequence(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        int[] above = new int[second.Count + 1], row = new int[second.Count + 1];
        foreach (var word in first)
        {
            for (int j = 1; j <= second.Count; j++)
                row[j] = string.Equals(word, second[j - 1], StringComparison.Ordinal) ? above[j - 1] + 1 : Math.Max(above[j], row[j - 1]);
            (above, row) = (row, above);
        }
        return above[second.Count];
    }
}
