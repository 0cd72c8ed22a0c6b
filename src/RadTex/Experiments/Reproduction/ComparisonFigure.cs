using RadTex.Metrics;

namespace RadTex.Experiments.Reproduction;

/// <summary>Two initialisations at one number of labels, paired by draw.</summary>
/// <param name="First">One, with its head.</param>
/// <param name="Second">The other, with its head.</param>
/// <param name="Examples">Labels; null for all.</param>
/// <param name="Comparison">AUC of the first less the second's; null with a reason.</param>
/// <param name="HolmPValue">Corrected for all comparisons of the reproduction.</param>
/// <param name="Reason">Why there is none.</param>
public sealed record ComparisonFigure(string First, string Second, int? Examples, PairedComparison? Comparison, double? HolmPValue, string? Reason);
