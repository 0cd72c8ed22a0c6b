using RadTex.Metrics;

namespace RadTex.Experiments.Reproduction;

/// <summary>Calibration and operating point of one classifier: fitted on half of the test patients, stated on the other half.</summary>
public sealed record CalibrationFigure(
    string Task, int? Examples, double? ErrorBefore, double? ErrorTemperature, double? ErrorPlatt, double? Brier, OperatingPoint? Point,
    string? Refusal,
    IReadOnlyList<ReliabilityBin> Reliability);
