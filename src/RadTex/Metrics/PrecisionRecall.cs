namespace RadTex.Metrics;

/// <summary>
/// Precision against recall. The paper's "AUCPR" does not say how the area is taken: <see cref="AveragePrecision"/> is the
/// default here, <see cref="TrapezoidArea"/>, which flatters a little, is for comparison.
/// </summary>
public static class PrecisionRecall
{
    /// <summary>
    /// Average precision: the precision at each distinct score, weighted by the recall it adds (a step sum, no interpolation;
    /// as in scikit-learn).
    /// </summary>
    /// <param name="scores">One score an example, higher meaning more likely positive; ties allowed.</param>
    /// <param name="labels">True where the example is positive.</param>
    /// <returns>In [0, 1]; chance is the part of positives; null where there is no positive.</returns>
    /// <exception cref="ArgumentException">A score is NaN, or the lengths differ.</exception>
    public static double? AveragePrecision(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        var curve = Curve(scores, labels);
        if (curve.Count == 0) return null;
        double sum = 0;
        for (int i = 1; i < curve.Count; i++) sum += (curve[i].Recall - curve[i - 1].Recall) * curve[i].Precision;
        return sum;
    }

    /// <summary>The area by the trapezoid rule, the curve starting at recall 0 with precision 1; null where there is no positive.</summary>
    /// <inheritdoc cref="AveragePrecision" path="/exception"/>
    public static double? TrapezoidArea(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        var curve = Curve(scores, labels);
        if (curve.Count == 0) return null;
        double sum = 0;
        for (int i = 1; i < curve.Count; i++) sum += (curve[i].Recall - curve[i - 1].Recall) * (curve[i].Precision + curve[i - 1].Precision) / 2;
        return sum;
    }

    /// <summary>The curve, a point for each distinct score, rising recall; empty where there is no positive.</summary>
    /// <inheritdoc cref="AveragePrecision" path="/exception"/>
    public static IReadOnlyList<PrecisionRecallPoint> Curve(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        var groups = ScoreGroups.Of(scores, labels);
        if (groups.Positives == 0) return [];
        var points = new List<PrecisionRecallPoint>(groups.Thresholds.Length + 1) { new(double.PositiveInfinity, 0, 1) };
        for (int i = 0; i < groups.Thresholds.Length; i++)
        {
            int called = groups.TruePositives[i] + groups.FalsePositives[i];
            points.Add(new PrecisionRecallPoint(
                groups.Thresholds[i], (double)groups.TruePositives[i] / groups.Positives, (double)groups.TruePositives[i] / called));
        }
        return points;
    }
}
