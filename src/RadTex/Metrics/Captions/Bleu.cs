namespace RadTex.Metrics.Captions;

/// <summary>
/// Corpus BLEU (Papineni et al. 2002): the geometric mean of clipped n-gram precisions of the whole corpus, times the brevity penalty.
/// </summary>
/// <remarks>The reference length of a text is that of its closest reference, the shorter of two equally close. No smoothing: BLEU-n is 0 where no run
/// of n words matches.</remarks>
public static class Bleu
{
    /// <summary>The longest n-gram that is counted, in words.</summary>
    public const int LongestRun = 4;

    /// <summary>BLEU-1 to BLEU-4, each in [0, 1].</summary>
    public static IReadOnlyList<double> Corpus(IReadOnlyList<TextPair> pairs)
    {
        long candidateLength = 0, referenceLength = 0;
        long[] matches = new long[LongestRun], totals = new long[LongestRun];
        foreach (var pair in pairs)
        {
            int length = pair.Candidate.Count;
            candidateLength += length;
            referenceLength += pair.References.Select(r => r.Count).MinBy(r => (Math.Abs(r - length), r));
            for (int n = 1; n <= LongestRun; n++)
            {
                var found = ClippedMatches(pair, n);
                matches[n - 1] += found.Matches;
                totals[n - 1] += found.Total;
            }
        }
        double penalty = candidateLength == 0 ? 0 : candidateLength >= referenceLength ? 1 : Math.Exp(1 - (double)referenceLength / candidateLength);
        double logSum = 0;
        var scores = new double[LongestRun];
        for (int n = 1; n <= LongestRun; n++)
        {
            logSum += matches[n - 1] == 0 ? double.NegativeInfinity : Math.Log((double)matches[n - 1] / totals[n - 1]);
            scores[n - 1] = penalty * Math.Exp(logSum / n);
        }
        return scores;
    }

    /// <summary>
    /// How many of the candidate's runs of n words a reference holds, each counted no more often than in the reference that has most.
    /// </summary>
    internal static (int Matches, int Total) ClippedMatches(TextPair pair, int n)
    {
        var references = pair.References.Select(r => NgramCounts.Of(r, n)).ToList();
        var candidate = NgramCounts.Of(pair.Candidate, n);
        return (candidate.Sum(run => Math.Min(run.Value, references.Max(r => r.GetValueOrDefault(run.Key)))), candidate.Values.Sum());
    }
}
