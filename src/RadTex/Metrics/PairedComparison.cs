namespace RadTex.Metrics;

/// <summary>Two models compared on the same examples.</summary>
/// <param name="Difference">The first model's figure less the second's, with its interval.</param>
/// <param name="PValue">The two-sided p-value of no difference.</param>
public readonly record struct PairedComparison(Interval Difference, double PValue);
