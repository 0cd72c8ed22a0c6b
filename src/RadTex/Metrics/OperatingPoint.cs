using RadTex.Metrics.Intervals;

namespace RadTex.Metrics;

/// <summary>A threshold and how it does: every score of at least <paramref name="Threshold"/> is called positive.</summary>
/// <param name="Threshold">The score.</param>
/// <param name="Counts">Right and wrong calls.</param>
/// <param name="Sensitivity">With the exact interval over examples; null where there is no positive.</param>
/// <param name="Specificity">With the exact interval over examples; null where there is no negative.</param>
public sealed record OperatingPoint(double Threshold, ConfusionCounts Counts, Interval? Sensitivity, Interval? Specificity)
{
    /// <summary>
    /// Fewer positives fix no threshold: the exact interval of a sensitivity of 0.9 seen on 30 positives is 0.73 to 0.98, on 10 it is 0.55 to 1.
    /// </summary>
    public const int FewestPositives = 30;

    /// <summary>A given threshold on these examples: for examples on which the threshold was not chosen.</summary>
    /// <param name="threshold">The score.</param>
    /// <param name="scores">One score an example.</param>
    /// <param name="labels">True where the example is positive.</param>
    /// <param name="level">The confidence level.</param>
    /// <exception cref="ArgumentException">A score is NaN, or the lengths differ.</exception>
    public static OperatingPoint At(double threshold, ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, double level = Interval.DefaultLevel)
    {
        var counts = ConfusionCounts.At(threshold, scores, labels);
        return new(
            threshold, counts, Proportion.Exact(counts.TruePositives, counts.TruePositives + counts.FalseNegatives, level),
            Proportion.Exact(counts.TrueNegatives, counts.TrueNegatives + counts.FalsePositives, level));
    }

    /// <summary>
    /// The threshold of the largest Youden index, sensitivity + specificity - 1, half-way to the next lower score; the highest among equals.
    /// Choose it on examples that the figures are not stated on.
    /// </summary>
    /// <param name="scores">One score an example.</param>
    /// <param name="labels">True where the example is positive.</param>
    /// <returns>Null where a class is absent, or no threshold is better than chance.</returns>
    /// <exception cref="ArgumentException">A score is NaN, or the lengths differ.</exception>
    public static double? Youden(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        var groups = ScoreGroups.Of(scores, labels);
        if (groups.Positives == 0 || groups.Negatives == 0) return null;
        long most = 0; // J times both counts, so that equals are equal
        int best = -1;
        for (int i = 0; i < groups.Thresholds.Length; i++)
        {
            long index = (long)groups.TruePositives[i] * groups.Negatives - (long)groups.FalsePositives[i] * groups.Positives;
            if (index > most) (most, best) = (index, i);
        }
        return best < 0 ? null : (groups.Thresholds[best] + groups.Thresholds[best + 1]) / 2; // below the best there is a negative at least
    }

    /// <summary>
    /// The highest threshold that reaches a sensitivity on these examples. Its figures on the same examples flatter; state those that
    /// <see cref="At"/> finds on others.
    /// </summary>
    /// <param name="sensitivity">To be reached, above 0 and at most 1.</param>
    /// <param name="scores">One score an example.</param>
    /// <param name="labels">True where the example is positive.</param>
    /// <param name="fewestPositives">Below this many positives the point is refused.</param>
    /// <param name="level">The confidence level of the intervals.</param>
    /// <returns>The point, or why there is none.</returns>
    /// <exception cref="ArgumentException">A score is NaN, or the lengths differ.</exception>
    public static (OperatingPoint? Point, string? Refusal) ForSensitivity(
        double sensitivity, ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, int fewestPositives = FewestPositives,
        double level = Interval.DefaultLevel)
    {
        if (!(sensitivity > 0 && sensitivity <= 1))
            throw new ArgumentOutOfRangeException(nameof(sensitivity), sensitivity, "expected above 0 and at most 1");
        ArgumentOutOfRangeException.ThrowIfLessThan(fewestPositives, 1);
        var groups = ScoreGroups.Of(scores, labels);
        if (groups.Positives < fewestPositives)
            return (null, $"{groups.Positives:N0} positives, fewer than {fewestPositives:N0}: no threshold can be fixed on so few");
        // Counts are compared, not quotients: 9 of 10 reach 0.9 whatever rounding does.
        int needed = (int)Math.Ceiling(sensitivity * groups.Positives - 1e-9);
        double threshold = groups.Thresholds[Array.FindIndex(groups.TruePositives, hits => hits >= needed)];
        return (At(threshold, scores, labels, level), null);
    }
}
