using RadTex.Metrics.Intervals;

namespace RadTex.Experiments.Reproduction;

/// <summary>Two classifiers of one label and draw, the first trial's, by DeLong's test: test radiographs are taken as independent.</summary>
/// <param name="First">One, with its head.</param>
/// <param name="Second">The other, with its head.</param>
/// <param name="Task">The label.</param>
/// <param name="Examples">Labels; null for all.</param>
/// <param name="Comparison">AUC of the first less the second's.</param>
/// <param name="HolmPValue">Corrected for all of these.</param>
public sealed record SingleComparison(string First, string Second, string Task, int? Examples, PairedComparison Comparison, double? HolmPValue);
