using RadTex.Metrics;

namespace RadTex.Experiments.Reproduction;

/// <summary>Calibration and operating point of one classifier: fitted on half of the test patients, stated on the other half.</summary>
/// <param name="Task">The label.</param>
/// <param name="Examples">Labels it learnt from; null for all.</param>
/// <param name="ErrorBefore">Expected calibration error, 0 to 1; null where it is undefined.</param>
/// <param name="ErrorTemperature">The same after temperature scaling; null where that cannot be fitted.</param>
/// <param name="ErrorPlatt">The same after Platt scaling; null where that cannot be fitted.</param>
/// <param name="Brier">Brier score before either, 0 to 1.</param>
/// <param name="Point">What the threshold for the wanted sensitivity comes to on the other half; null where there is none.</param>
/// <param name="Refusal">Why there is no threshold; null where there is one.</param>
/// <param name="Reliability">Ten bins of probability, before either.</param>
public sealed record CalibrationFigure(
    string Task, int? Examples, double? ErrorBefore, double? ErrorTemperature, double? ErrorPlatt, double? Brier, OperatingPoint? Point,
    string? Refusal,
    IReadOnlyList<ReliabilityBin> Reliability);
