using RadTex.Metrics.Intervals;

namespace RadTex.Studio.Labelling;

/// <summary>The AUC on the reserve of one cut of an ordered scale.</summary>
/// <param name="Cut">Grades above it are the positive ones.</param>
/// <param name="Auc">Null with the reason.</param>
/// <param name="WhyNoAuc">Why there is none.</param>
public sealed record CutFigure(int Cut, Interval? Auc, string? WhyNoAuc);
