namespace RadTex.Metrics;

/// <summary>Where a classifier is used, for figures there.</summary>
/// <param name="Probability">From which it calls an example positive.</param>
/// <param name="Prevalence">Part of positives that predictive values are for; null for that of the examples.</param>
public sealed record OperatingThreshold(double Probability, double? Prevalence = null);
