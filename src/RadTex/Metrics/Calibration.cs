using RadTex.Metrics.Intervals;

namespace RadTex.Metrics;

/// <summary>Whether predicted probabilities mean what they say.</summary>
public static class Calibration
{
    /// <summary>The number of bins in common use (Guo et al. 2017).</summary>
    public const int DefaultBins = 15;

    /// <summary>
    /// The Brier score: the mean squared difference of probability and outcome (0 or 1). Lower is better; null where there is no example.
    /// </summary>
    /// <param name="probabilities">The probability of positive, in [0, 1], one an example.</param>
    /// <param name="labels">True where the example is positive.</param>
    /// <exception cref="ArgumentException">A value is no probability, or the lengths differ.</exception>
    public static double? Brier(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> labels)
    {
        MetricInput.CheckProbabilities(probabilities, labels.Length);
        double sum = 0;
        for (int i = 0; i < labels.Length; i++) sum += Math.Pow(probabilities[i] - (labels[i] ? 1 : 0), 2);
        return labels.Length == 0 ? null : sum / labels.Length;
    }

    /// <summary>
    /// The expected calibration error: over bins of equal width, the difference of mean probability and part of positives,
    /// weighted by the bin's examples; null where there is no example. Bins are closed above, the first on both sides.
    /// </summary>
    /// <inheritdoc cref="Brier"/>
    public static double? ExpectedError(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> labels, int bins = DefaultBins)
    {
        var filled = Reliability(probabilities, labels, bins);
        return filled.Count == 0 ? null : filled.Sum(b => b.Count * Math.Abs(b.MeanProbability - b.PositiveRate.Estimate)) / labels.Length;
    }

    /// <summary>
    /// The points of a reliability plot over bins of equal width, those without an example left out; closed as in <see cref="ExpectedError"/>.
    /// </summary>
    /// <inheritdoc cref="Brier"/>
    public static IReadOnlyList<ReliabilityBin> Reliability(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> labels, int bins = DefaultBins)
    {
        MetricInput.CheckProbabilities(probabilities, labels.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var sums = new double[bins];
        var (counts, positives) = (new int[bins], new int[bins]);
        for (int i = 0; i < labels.Length; i++)
        {
            int bin = Math.Clamp((int)Math.Ceiling(probabilities[i] * bins) - 1, 0, bins - 1);
            sums[bin] += probabilities[i];
            counts[bin]++;
            if (labels[i]) positives[bin]++;
        }
        return [.. Enumerable.Range(0, bins).Where(b => counts[b] > 0).Select(b =>
            new ReliabilityBin(
                (double)b / bins, (b + 1.0) / bins, counts[b], sums[b] / counts[b], Proportion.Wilson(positives[b], counts[b])!.Value))];
    }
}
