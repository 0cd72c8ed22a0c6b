using MathNet.Numerics.Distributions;

namespace RadTex.Metrics.Intervals;

/// <summary>
/// The variance of an AUC, and the paired test of two AUCs on the same examples (DeLong, DeLong and Clarke-Pearson 1988), in
/// n log n by midranks (Sun and Xu 2014).
/// </summary>
/// <remarks>
/// It takes examples as independent: where patients have several, <see cref="Bootstrap"/> over patients is right, and for one AUC
/// <see cref="ClusteredAuc"/>.
/// </remarks>
public static class DeLong
{
    /// <summary>The variance of the AUC; null where a class has fewer than two examples.</summary>
    /// <param name="scores">One score an example, higher meaning more likely positive; ties allowed.</param>
    /// <param name="labels">True where the example is positive.</param>
    /// <exception cref="ArgumentException">A score is NaN, or the lengths differ.</exception>
    public static double? Variance(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels) =>
        Placements(scores, labels) is { } own ? Covariance(own, own) : null;

    /// <summary>Whether two models' AUCs differ, both having scored the same examples.</summary>
    /// <param name="first">The first model's scores.</param>
    /// <param name="second">The second model's scores of the same examples, on any scale.</param>
    /// <param name="labels">True where the example is positive.</param>
    /// <param name="level">The confidence level of the difference's interval.</param>
    /// <returns>Null where a class has fewer than two examples. Two models that rank alike have p-value 1.</returns>
    /// <exception cref="ArgumentException">A score is NaN, or the lengths differ.</exception>
    public static PairedComparison? Compare(
        ReadOnlySpan<double> first, ReadOnlySpan<double> second, ReadOnlySpan<bool> labels, double level = Interval.DefaultLevel)
    {
        MetricInput.CheckLevel(level);
        if (Placements(first, labels) is not { } a || Placements(second, labels) is not { } b) return null;
        double difference = a.Auc - b.Auc;
        double error = Math.Sqrt(Math.Max(0, Covariance(a, a) + Covariance(b, b) - 2 * Covariance(a, b)));
        double half = Quantile(level) * error;
        double p = error > 0 ? 2 * Normal.CDF(0, 1, -Math.Abs(difference) / error) : difference == 0 ? 1 : 0;
        return new PairedComparison(new Interval(difference, difference - half, difference + half, level), p);
    }

    private static double Quantile(double level) => Normal.InvCDF(0, 1, 0.5 + level / 2);

    /// <summary>For each positive the part of negatives it beats, and for each negative the part of positives that beat it.</summary>
    internal readonly record struct PlacementValues(double Auc, double[] OfPositives, double[] OfNegatives);

    internal static PlacementValues? Placements(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        MetricInput.CheckScores(scores, labels.Length);
        List<double> positives = [], negatives = [];
        for (int i = 0; i < labels.Length; i++) (labels[i] ? positives : negatives).Add(scores[i]);
        if (positives.Count < 2 || negatives.Count < 2) return null;
        double[] sortedPositives = [.. positives.Order()], sortedNegatives = [.. negatives.Order()];
        double[] ofPositives = [.. positives.Select(s => Below(sortedNegatives, s))];
        double[] ofNegatives = [.. negatives.Select(s => 1 - Below(sortedPositives, s))];
        return new PlacementValues(ofPositives.Average(), ofPositives, ofNegatives);
    }

    /// <summary>The part of sorted values below a value, ties counting half.</summary>
    private static double Below(double[] sorted, double value)
    {
        int first = LowerBound(sorted, value, orEqual: false), after = LowerBound(sorted, value, orEqual: true);
        return (first + after) / 2.0 / sorted.Length;
    }

    /// <summary>How many sorted values are less than (or equal to) a value.</summary>
    private static int LowerBound(double[] sorted, double value, bool orEqual)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (sorted[middle] < value || orEqual && sorted[middle] == value) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private static double Covariance(PlacementValues a, PlacementValues b) =>
        SampleCovariance(a.OfPositives, b.OfPositives) / a.OfPositives.Length
        + SampleCovariance(a.OfNegatives, b.OfNegatives) / a.OfNegatives.Length;

    private static double SampleCovariance(double[] a, double[] b)
    {
        double meanA = a.Average(), meanB = b.Average(), sum = 0;
        for (int i = 0; i < a.Length; i++) sum += (a[i] - meanA) * (b[i] - meanB);
        return sum / (a.Length - 1);
    }
}
