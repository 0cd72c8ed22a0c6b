using RadTex.Metrics;

namespace RadTex.Transfer;

/// <summary>A figure over the trials: its mean and, from three trials on, a 95% interval (<see cref="TrialMean"/>).</summary>
/// <param name="Mean">Null where the figure is undefined ("n/a").</param>
/// <param name="Lower">Null for fewer than three trials, and where nothing scatters.</param>
/// <param name="Upper">As <paramref name="Lower"/>.</param>
/// <param name="Trials">The values.</param>
public sealed record ScoreSummary(double? Mean, double? Lower, double? Upper, IReadOnlyList<double?> Trials)
{
    /// <param name="trials">A value in [0, 1] a trial; null where it is undefined.</param>
    /// <param name="patientVariance">Of their mean, from the test patients; 0 for an interval that speaks of these test patients alone.</param>
    internal static ScoreSummary Of(IReadOnlyList<double?> trials, double patientVariance = 0)
    {
        // A figure undefined in one trial is undefined: a mean over fewer trials would be another quantity.
        if (trials.Count == 0 || trials.Any(t => t is null)) return new(null, null, null, trials);
        double[] values = [.. trials.Select(t => t!.Value)];
        var interval = TrialMean.Of(values, patientVariance);
        return new(values.Average(), interval?.Lower, interval?.Upper, trials);
    }

    public override string ToString() => Mean is null ? "n/a" : Lower is null ? $"{Mean:F3}" : $"{Mean:F3} [{Lower:F3}, {Upper:F3}]";
}
