namespace RadTex.Metrics;

/// <summary>
/// Whether probabilities are right on average, and neither too bold nor too timid: outcomes regressed on the probabilities' logits (Cox 1958).
/// </summary>
/// <param name="Intercept">At slope 1 (calibration in the large): 0 where the mean is right, above 0 where probabilities are too low.</param>
/// <param name="Slope">1 where right, below 1 where they are too bold, above 1 where too timid; null where no slope is best.</param>
/// <param name="JointIntercept">The intercept fitted together with the slope; null where there is no slope.</param>
public readonly record struct CalibrationFit(double Intercept, double? Slope, double? JointIntercept)
{
    /// <summary>Probabilities nearer to 0 or 1 than this count as if they were this far: a float's 0 and 1 have no logit.</summary>
    public const double Nearest = 1e-7;

    private const int MostSteps = 100;
    private const double Tolerance = 1e-10, LargestLogit = 30;

    /// <summary>The logit of a probability, cut at <see cref="Nearest"/>.</summary>
    public static double Logit(double probability) =>
        Math.Log(Math.Clamp(probability, Nearest, 1 - Nearest) / (1 - Math.Clamp(probability, Nearest, 1 - Nearest)));

    /// <summary>Maximum likelihood, each example counted so often.</summary>
    /// <param name="logits">Of the probabilities, finite.</param>
    /// <param name="labels">True where the example is positive.</param>
    /// <param name="times">How often each example counts; empty for once.</param>
    /// <returns>Null where the labels are all alike.</returns>
    public static CalibrationFit? Of(ReadOnlySpan<double> logits, ReadOnlySpan<bool> labels, ReadOnlySpan<int> times = default)
    {
        MetricInput.CheckFinite(logits, labels.Length);
        var (lowest, highest) =
            (new[] { double.PositiveInfinity, double.PositiveInfinity }, new[] { double.NegativeInfinity, double.NegativeInfinity });
        for (int i = 0; i < labels.Length; i++)
        {
            if (!times.IsEmpty && times[i] == 0) continue;
            int of = labels[i] ? 1 : 0;
            (lowest[of], highest[of]) = (Math.Min(lowest[of], logits[i]), Math.Max(highest[of], logits[i]));
        }
        if (lowest.Contains(double.PositiveInfinity)) return null;
        double alone = Newton(logits, labels, times, fixedSlope: true).Intercept;
        // Parted classes: the steeper the better, without end.
        bool parted = highest[0] <= lowest[1] || highest[1] <= lowest[0];
        var (intercept, slope) = parted ? (alone, double.NaN) : Newton(logits, labels, times, fixedSlope: false);
        return double.IsNaN(slope) ? new(alone, null, null) : new(alone, slope, intercept);
    }

    /// <summary>Newton's method with step halving; a slope of NaN where none is best.</summary>
    private static (double Intercept, double Slope) Newton(
        ReadOnlySpan<double> logits, ReadOnlySpan<bool> labels, ReadOnlySpan<int> times, bool fixedSlope)
    {
        double intercept = 0, slope = 1, loss = Loss(logits, labels, times, intercept, slope);
        for (int step = 0; step < MostSteps; step++)
        {
            double g1 = 0, g2 = 0, h11 = 0, h12 = 0, h22 = 0;
            for (int i = 0; i < logits.Length; i++)
            {
                int count = times.IsEmpty ? 1 : times[i];
                if (count == 0) continue;
                double p = 1 / (1 + Math.Exp(-(intercept + slope * logits[i])));
                double error = count * (p - (labels[i] ? 1 : 0)), weight = count * p * (1 - p);
                g1 += error * logits[i];
                g2 += error;
                h11 += weight * logits[i] * logits[i];
                h12 += weight * logits[i];
                h22 += weight;
            }
            if (Math.Abs(g2) < Tolerance && (fixedSlope || Math.Abs(g1) < Tolerance)) break;
            double determinant = fixedSlope ? h22 : h11 * h22 - h12 * h12;
            if (!(determinant > 1e-12 * h22 * (fixedSlope ? 1 : h11))) return (intercept, fixedSlope ? 1 : double.NaN);
            double moveIntercept = fixedSlope ? -g2 / h22 : -(h11 * g2 - h12 * g1) / determinant;
            double moveSlope = fixedSlope ? 0 : -(h22 * g1 - h12 * g2) / determinant;
            double part = 1;
            for (; part > 1e-10; part /= 2)
            {
                double tried = Loss(logits, labels, times, intercept + part * moveIntercept, slope + part * moveSlope);
                if (!(tried < loss)) continue;
                (intercept, slope, loss) = (intercept + part * moveIntercept, slope + part * moveSlope, tried);
                break;
            }
            if (part <= 1e-10) break; // no step lowers the loss any more: rounding is reached
            if (Math.Abs(slope) > LargestLogit || Math.Abs(intercept) > LargestLogit) return (intercept, double.NaN);
        }
        return (intercept, slope);
    }

    private static double Loss(ReadOnlySpan<double> logits, ReadOnlySpan<bool> labels, ReadOnlySpan<int> times, double intercept, double slope)
    {
        double sum = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            int count = times.IsEmpty ? 1 : times[i];
            if (count == 0) continue;
            double logit = intercept + slope * logits[i];
            sum += count * (Math.Max(logit, 0) - (labels[i] ? logit : 0) + Math.Log(1 + Math.Exp(-Math.Abs(logit))));
        }
        return sum;
    }
}
