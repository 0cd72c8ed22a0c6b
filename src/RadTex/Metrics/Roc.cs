namespace RadTex.Metrics;

/// <summary>The receiver operating characteristic of scores against yes/no labels.</summary>
public static class Roc
{
    /// <summary>
    /// The area under the ROC curve: the chance that a positive scores higher than a negative, a tie counting half (midranks).
    /// </summary>
    /// <param name="scores">One score an example, higher meaning more likely positive; any scale, infinities allowed, ties allowed.</param>
    /// <param name="labels">True where the example is positive.</param>
    /// <returns>In [0, 1]; null where the labels are all alike, which leaves it undefined.</returns>
    /// <exception cref="ArgumentException">A score is NaN, or the lengths differ.</exception>
    public static double? Auc(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        var groups = ScoreGroups.Of(scores, labels);
        if (groups.Positives == 0 || groups.Negatives == 0) return null;
        long twice = 0; // pairs won, a tie as one and a win as two, so that the sum is exact
        int hits = 0, alarms = 0;
        for (int i = 0; i < groups.Thresholds.Length; i++)
        {
            long newAlarms = groups.FalsePositives[i] - alarms;
            twice += newAlarms * (hits + groups.TruePositives[i]); // 2 * before + tied
            (hits, alarms) = (groups.TruePositives[i], groups.FalsePositives[i]);
        }
        return twice / (2.0 * groups.Positives * groups.Negatives);
    }

    /// <summary>The curve from (0, 0) to (1, 1), a point for each distinct score, falling thresholds; empty where the labels are all alike.</summary>
    /// <inheritdoc cref="Auc" path="/exception"/>
    public static IReadOnlyList<RocPoint> Curve(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        var groups = ScoreGroups.Of(scores, labels);
        if (groups.Positives == 0 || groups.Negatives == 0) return [];
        var points = new List<RocPoint>(groups.Thresholds.Length + 1) { new(double.PositiveInfinity, 0, 0) };
        for (int i = 0; i < groups.Thresholds.Length; i++)
        {
            points.Add(new RocPoint(
                groups.Thresholds[i],
                (double)groups.FalsePositives[i] / groups.Negatives,
                (double)groups.TruePositives[i] / groups.Positives));
        }
        return points;
    }
}
