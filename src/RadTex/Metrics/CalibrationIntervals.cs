using MathNet.Numerics.Distributions;
using RadTex.Metrics.Intervals;

namespace RadTex.Metrics;

/// <summary>The intervals of <see cref="CalibrationFit"/> over patients: normal, with the sandwich variance summed over patients (Liang and Zeger
/// 1986).</summary>
internal static class CalibrationIntervals
{
    /// <summary>Of the intercept at slope 1, and of the slope where there is one; null where the examples are one patient's.</summary>
    internal static (Interval InTheLarge, Interval? Slope)? Of(
        CalibrationFit fit, ReadOnlySpan<double> logits, ReadOnlySpan<bool> labels, ReadOnlySpan<int> patients, double level)
    {
        var scores = new Dictionary<int, (double Alone, double Slope, double Intercept)>();
        double alone = 0, h11 = 0, h12 = 0, h22 = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            double label = labels[i] ? 1 : 0, p = Probability(fit.Intercept + logits[i]);
            alone += p * (1 - p);
            var (one, slope, intercept) = scores.GetValueOrDefault(patients[i]);
            one += p - label;
            if (fit.Slope is { } b)
            {
                double joint = Probability(fit.JointIntercept!.Value + b * logits[i]), weight = joint * (1 - joint);
                (h11, h12, h22) = (h11 + weight * logits[i] * logits[i], h12 + weight * logits[i], h22 + weight);
                (slope, intercept) = (slope + (joint - label) * logits[i], intercept + joint - label);
            }
            scores[patients[i]] = (one, slope, intercept);
        }
        if (scores.Count < 2) return null;
        double z = Normal.InvCDF(0, 1, 0.5 + level / 2), factor = scores.Count / (scores.Count - 1.0);
        Interval Around(double estimate, double variance) =>
            new(estimate, estimate - z * Math.Sqrt(factor * variance), estimate + z * Math.Sqrt(factor * variance), level);
        var inTheLarge = Around(fit.Intercept, scores.Values.Sum(s => s.Alone * s.Alone) / (alone * alone));
        if (fit.Slope is not { } found) return (inTheLarge, null);
        // The slope's row of the inverse of H, times the scores.
        double determinant = h11 * h22 - h12 * h12;
        double variance = scores.Values.Sum(s => Math.Pow((h22 * s.Slope - h12 * s.Intercept) / determinant, 2));
        return (inTheLarge, Around(found, variance));
    }

    private static double Probability(double logit) => 1 / (1 + Math.Exp(-logit));
}
