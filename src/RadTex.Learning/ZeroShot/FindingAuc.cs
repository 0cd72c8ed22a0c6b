using RadTex.Metrics.Intervals;

namespace RadTex.Learning.ZeroShot;

/// <summary>How well a finding is told without any label.</summary>
/// <param name="Finding">As the dataset names it.</param>
/// <param name="Positives">Radiographs that show it.</param>
/// <param name="Negatives">Radiographs that do not.</param>
/// <param name="Auc">Null where one class is missing.</param>
/// <param name="Interval">Over patients; null where there is none.</param>
/// <param name="Reason">Why there is none.</param>
internal sealed record FindingAuc(string Finding, int Positives, int Negatives, double? Auc, Interval? Interval, string? Reason);
