using MathNet.Numerics.Distributions;

namespace RadTex.Metrics.Intervals;

/// <summary>
/// The AUC's interval where patients have several examples: DeLong's variance summed over patients (Obuchowski 1997), the interval on the
/// logit scale (Pepe 2003), so that it stays inside 0 and 1. With one example a patient the variance is <see cref="DeLong"/>'s.
/// </summary>
public static class ClusteredAuc
{
    /// <summary>Fewer positives or negatives give no interval: a normal one on so few covers too seldom.</summary>
    public const int FewestOfAClass = 10;

    /// <summary>The AUC with its interval.</summary>
    /// <param name="scores">One score an example, higher meaning more likely positive; ties allowed.</param>
    /// <param name="labels">True where the example is positive.</param>
    /// <param name="patients">Each example's patient: any numbers, equal for one patient.</param>
    /// <param name="level">The confidence level.</param>
    /// <returns>The interval, or why there is none.</returns>
    /// <exception cref="ArgumentException">A score is NaN, or the lengths differ.</exception>
    public static (Interval? Interval, string? Reason) Of(
        ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<int> patients, double level = Interval.DefaultLevel)
    {
        MetricInput.CheckLevel(level);
        MetricInput.CheckLengths(patients.Length, labels.Length);
        int positives = labels.Count(true), negatives = labels.Length - positives;
        if (TooFew(positives, negatives) is { } few) return (null, few);
        if (Variance(scores, labels, patients) is not { } variance) return (null, "the positive or the negative examples are one patient's");
        double auc = Roc.Auc(scores, labels)!.Value;
        if (auc is 0 or 1) return (null, $"an AUC of {auc} has no standard error: every pair is ranked {(auc == 1 ? "right" : "wrong")}");
        return (LogitInterval.Of(auc, Normal.InvCDF(0, 1, 0.5 + level / 2) * Math.Sqrt(variance), level), null);
    }

    /// <summary>The variance of the AUC over patients; null where positives or negatives are of fewer than two patients.</summary>
    /// <inheritdoc cref="Of"/>
    public static double? Variance(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<int> patients) =>
        PatientInfluence.OfAuc(scores, labels, patients)?.Variance;

    /// <summary>Why so few examples of a class give no interval; null where there are enough.</summary>
    internal static string? TooFew(int positives, int negatives, string examples = "examples") => Math.Min(positives, negatives) < FewestOfAClass
        ? $"{positives:N0} positive and {negatives:N0} negative {examples}, fewer than {FewestOfAClass} of one" : null;

    /// <summary>
    /// The variance over patients of a mean AUC over trials, each the mean over several classifiers such as one a label; as far as the trials share
    /// it (<see cref="TrialMean.SharedPatientVariance"/>).
    /// </summary>
    /// <param name="trials">Of each trial, and of each of its classifiers, scores, labels and patients of the test examples; a patient has the same
    /// number in all.</param>
    /// <returns>
    /// Null for no trial or classifier, and where one's positives or negatives are of fewer than two patients. Of one trial its whole variance.
    /// </returns>
    /// <remarks>Each patient's influence on the mean (its placements less the AUC) is summed over classifiers before it is squared.</remarks>
    public static double? SharedVariance(IReadOnlyList<IReadOnlyList<(double[] Scores, bool[] Labels, int[] Patients)>> trials) =>
        PatientInfluence.SharedVariance(
            [.. trials.Select(tests => PatientInfluence.Mean([.. tests.Select(t => PatientInfluence.OfAuc(t.Scores, t.Labels, t.Patients))]))]);
}
