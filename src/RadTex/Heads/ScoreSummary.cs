using RadTex.Metrics.Intervals;

namespace RadTex.Heads;

/// <summary>A figure over the trials: its mean and, from three trials on, a 95% interval (<see cref="TrialMean"/>).</summary>
/// <param name="Mean">Null where the figure is undefined ("n/a").</param>
/// <param name="Lower">Null for fewer than three trials, where nothing scatters, and of an AUC tested on fewer than ten positives or
/// negatives.</param>
/// <param name="Upper">As <paramref name="Lower"/>.</param>
/// <param name="Trials">The values.</param>
public sealed record ScoreSummary(double? Mean, double? Lower, double? Upper, IReadOnlyList<double?> Trials)
{
    /// <summary>Of each trial how much each test patient moves the figure; empty where that is not counted.</summary>
    internal IReadOnlyList<PatientInfluence?> Influences { get; private init; } = [];

    /// <param name="trials">A value in [0, 1] a trial; null where it is undefined.</param>
    /// <param name="influences">
    /// Of each trial how much each test patient moves its figure, so that the interval has the test patients' error in it; null for one that speaks
    /// of these test patients alone.
    /// </param>
    internal static ScoreSummary Of(IReadOnlyList<double?> trials, IReadOnlyList<PatientInfluence?>? influences = null)
    {
        // A figure undefined in one trial is undefined: a mean over fewer trials would be another quantity.
        if (trials.Count == 0 || trials.Any(t => t is null)) return new(null, null, null, trials);
        double[] values = [.. trials.Select(t => t!.Value)];
        var interval = (influences is null ? 0 : PatientInfluence.SharedVariance(influences)) is { } variance ? TrialMean.Of(values, variance) : null;
        return new(values.Average(), interval?.Lower, interval?.Upper, trials) { Influences = influences ?? [] };
    }

    /// <summary>
    /// Mean and interval to three digits, "0.853 [0.841, 0.865]", the mean alone where there is no interval, "n/a" where there is no mean.
    /// </summary>
    public override string ToString() => Mean is null ? "n/a" : Lower is null ? $"{Mean:F3}" : $"{Mean:F3} [{Lower:F3}, {Upper:F3}]";
}
