using RadTex.Metrics.Intervals;

namespace RadTex.Metrics;

/// <summary>
/// What a positive and a negative call mean where a stated part of the patients is positive: by Bayes from sensitivity and specificity, which
/// carry over to another prevalence better than predictive values do.
/// </summary>
/// <param name="Prevalence">The part of positives it holds for.</param>
/// <param name="Positive">PPV: the part of those called positive that is; null where undefined.</param>
/// <param name="Negative">NPV: the part of those called negative that is; null where undefined.</param>
/// <remarks>
/// The intervals are those of the likelihood ratios sensitivity / (1 - specificity) and (1 - sensitivity) / specificity, from the intervals of
/// the two parts (MOVER-R, Donner and Zou 2012), taken through Bayes; the prevalence is taken as known. They exist at a specificity of 1 too.
/// </remarks>
public sealed record PredictiveValues(double Prevalence, Interval? Positive, Interval? Negative)
{
    /// <summary>From an operating point's sensitivity and specificity.</summary>
    /// <param name="sensitivity">With its interval; null where there is no positive.</param>
    /// <param name="specificity">With its interval; null where there is no negative.</param>
    /// <param name="prevalence">Above 0 and below 1.</param>
    public static PredictiveValues At(Interval? sensitivity, Interval? specificity, double prevalence)
    {
        if (!(prevalence > 0 && prevalence < 1)) throw new ArgumentOutOfRangeException(
            nameof(prevalence), prevalence, "expected above 0 and below 1");
        if (sensitivity is not { } se || specificity is not { } sp) return new(prevalence, null, null);
        double odds = prevalence / (1 - prevalence);
        // PPV = odds LR+ / (1 + odds LR+); 1 - NPV = odds LR- / (1 + odds LR-).
        return new(prevalence, Through(Ratio(se, Complement(sp)), odds), Through(Ratio(Complement(se), sp), odds) is { } missed ? Complement(missed)
            : null);
    }

    private static Interval Complement(Interval part) => new(1 - part.Estimate, 1 - part.Upper, 1 - part.Lower, part.Level);

    private static Interval? Through(Interval? ratio, double odds) =>
        ratio is { } r ? new(Posterior(odds * r.Estimate), Posterior(odds * r.Lower), Posterior(odds * r.Upper), r.Level) : null;

    private static double Posterior(double odds) => double.IsPositiveInfinity(odds) ? 1 : odds / (1 + odds);

    /// <summary>The ratio of two parts with its interval; null where both are 0.</summary>
    private static Interval? Ratio(Interval above, Interval below)
    {
        if (above.Estimate == 0 && below.Estimate == 0) return null;
        double product = above.Estimate * below.Estimate;
        double End(double aboveEnd, double belowEnd, double sign)
        {
            double divisor = belowEnd * (2 * below.Estimate - belowEnd);
            double root = Math.Sqrt(Math.Max(0, product * product - aboveEnd * (2 * above.Estimate - aboveEnd) * divisor));
            return divisor == 0 ? double.PositiveInfinity : (product + sign * root) / divisor;
        }
        double estimate = below.Estimate == 0 ? double.PositiveInfinity : above.Estimate / below.Estimate;
        return new(estimate, Math.Max(0, End(above.Lower, below.Upper, -1)), End(above.Upper, below.Lower, 1), above.Level);
    }
}
