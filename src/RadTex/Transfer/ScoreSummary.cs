using RadTex.Metrics;

namespace RadTex.Transfer;

/// <summary>A figure over the trials: its mean and, from two trials on, the 95% interval of Student's t.</summary>
/// <param name="Mean">Null where the figure is undefined ("n/a").</param>
/// <param name="Lower">Null for one trial.</param>
/// <param name="Upper">Null for one trial.</param>
/// <param name="Trials">The values.</param>
public sealed record ScoreSummary(double? Mean, double? Lower, double? Upper, IReadOnlyList<double?> Trials)
{
    internal static ScoreSummary Of(IReadOnlyList<double?> trials)
    {
        // A figure undefined in one trial is undefined: a mean over fewer trials would be another quantity.
        if (trials.Count == 0 || trials.Any(t => t is null)) return new(null, null, null, trials);
        double[] values = [.. trials.Select(t => t!.Value)];
        var interval = MeanInterval.Student(values);
        return new(values.Average(), interval?.Lower, interval?.Upper, trials);
    }

    public override string ToString() => Mean is null ? "n/a" : Lower is null ? $"{Mean:F3}" : $"{Mean:F3} [{Lower:F3}, {Upper:F3}]";
}
