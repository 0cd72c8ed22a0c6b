namespace RadTex.Metrics.Captions;

/// <summary>
/// CIDEr-D (Vedantam et al. 2015): cosine of tf-idf weighted runs of one to four words, the candidate's weights cut to the reference's,
/// times a Gaussian of the difference in length; times ten. Document frequencies are those of the references given. Words are not stemmed.
/// </summary>
public static class CiderD
{
    private const double LengthDeviation = 6, Scale = 10;

    /// <summary>The mean of the texts' scores, in [0, 10]; null where there are none.</summary>
    public static double? Corpus(IReadOnlyList<TextPair> pairs) => pairs.Count == 0 ? null : Scores(pairs).Average();

    /// <summary>Each text's score.</summary>
    public static IReadOnlyList<double> Scores(IReadOnlyList<TextPair> pairs)
    {
        var scores = new double[pairs.Count];
        for (int n = 1; n <= Bleu.LongestRun; n++)
        {
            var references = pairs.Select(pair => pair.References.Select(r => NgramCounts.Of(r, n)).ToList()).ToList();
            var documents = references.SelectMany(ofText => ofText.SelectMany(counts => counts.Keys).Distinct(StringComparer.Ordinal))
                .CountBy(run => run, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
            Dictionary<string, double> Weights(Dictionary<string, int> counts) => counts.ToDictionary(
                run => run.Key, run => run.Value * (Math.Log(pairs.Count) - Math.Log(Math.Max(1, documents.GetValueOrDefault(run.Key)))),
                StringComparer.Ordinal);
            for (int i = 0; i < pairs.Count; i++)
            {
                var candidate = Weights(NgramCounts.Of(pairs[i].Candidate, n));
                for (int r = 0; r < references[i].Count; r++)
                {
                    double difference = pairs[i].Candidate.Count - pairs[i].References[r].Count;
                    double similarity = Cosine(candidate, Weights(references[i][r])) * Math
                        .Exp(-difference * difference / (2 * LengthDeviation * LengthDeviation));
                    scores[i] += Scale * similarity / (Bleu.LongestRun * references[i].Count);
                }
            }
        }
        return scores;
    }

    private static double Cosine(Dictionary<string, double> candidate, Dictionary<string, double> reference)
    {
        static double Norm(Dictionary<string, double> weights) => Math.Sqrt(weights.Values.Sum(w => w * w));
        double norms = Norm(candidate) * Norm(reference);
        if (norms == 0) return 0;
        return candidate.Sum(run => reference.TryGetValue(run.Key, out double weight) ? Math.Min(run.Value, weight) * weight : 0) / norms;
    }
}
