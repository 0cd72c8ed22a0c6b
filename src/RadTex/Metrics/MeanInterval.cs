using MathNet.Numerics.Distributions;

namespace RadTex.Metrics;

/// <summary>The interval of a mean over independent trials, such as five draws of labels.</summary>
public static class MeanInterval
{
    /// <summary>Mean and mean ± t s / √n, with Student's t of n - 1 degrees of freedom: right for few trials that scatter normally.</summary>
    /// <param name="trials">One value a trial.</param>
    /// <param name="level">The confidence level.</param>
    /// <returns>Null where there are fewer than two trials: one says nothing of scatter.</returns>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static Interval? Student(ReadOnlySpan<double> trials, double level = Interval.DefaultLevel)
    {
        MetricInput.CheckLevel(level);
        return trials.Length < 2 ? null : Of(trials, StudentT.InvCDF(0, 1, trials.Length - 1, 0.5 + level / 2), level);
    }

    /// <summary>Mean and mean ± z s / √n: narrower than <see cref="Student"/>, too narrow for few trials; for comparison with papers that used it.</summary>
    /// <inheritdoc cref="Student"/>
    public static Interval? Normal(ReadOnlySpan<double> trials, double level = Interval.DefaultLevel)
    {
        MetricInput.CheckLevel(level);
        return trials.Length < 2 ? null : Of(trials, MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, 0.5 + level / 2), level);
    }

    private static Interval Of(ReadOnlySpan<double> trials, double quantile, double level)
    {
        double mean = 0, squares = 0;
        foreach (double value in trials)
        {
            if (!double.IsFinite(value)) throw new ArgumentException($"a trial's value is {value}; expected finite numbers", nameof(trials));
            mean += value / trials.Length;
        }
        foreach (double value in trials) squares += (value - mean) * (value - mean);
        double half = quantile * Math.Sqrt(squares / (trials.Length - 1) / trials.Length);
        return new Interval(mean, mean - half, mean + half, level);
    }
}
