namespace RadTex.Metrics.Intervals;

/// <summary>What a bootstrap found.</summary>
/// <param name="Interval">The figure on all examples, with the percentile interval.</param>
/// <param name="Resamples">The resamples the interval rests on.</param>
/// <param name="Undefined">The resamples left out because the figure was undefined in them, such as an AUC where no positive was drawn.</param>
public readonly record struct BootstrapInterval(Interval Interval, int Resamples, int Undefined);
