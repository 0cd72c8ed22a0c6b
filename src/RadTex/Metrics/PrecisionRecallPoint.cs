namespace RadTex.Metrics;

/// <summary>One point of a precision-recall curve: what calling positive every score of at least <paramref name="Threshold"/> gives.</summary>
/// <param name="Threshold">The score; positive infinity at the curve's start, where nothing is called positive.</param>
/// <param name="Recall">The part of the positives that is called positive, in [0, 1].</param>
/// <param name="Precision">The part of those called positive that is positive, in [0, 1]; 1 at the curve's start.</param>
public readonly record struct PrecisionRecallPoint(double Threshold, double Recall, double Precision);
