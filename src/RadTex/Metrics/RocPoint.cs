namespace RadTex.Metrics;

/// <summary>One point of a ROC curve: what calling positive every score of at least <paramref name="Threshold"/> gives.</summary>
/// <param name="Threshold">The score; positive infinity at the curve's start, where nothing is called positive.</param>
/// <param name="FalsePositiveRate">1 - specificity, in [0, 1].</param>
/// <param name="TruePositiveRate">Sensitivity, in [0, 1].</param>
public readonly record struct RocPoint(double Threshold, double FalsePositiveRate, double TruePositiveRate);
