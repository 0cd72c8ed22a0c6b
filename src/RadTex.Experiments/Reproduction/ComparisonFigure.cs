using RadTex.Metrics.Intervals;

namespace RadTex.Experiments.Reproduction;

/// <summary>Two initialisations at one number of labels, paired by draw: described, not tested. What claims rest on stands with their
/// verdicts.</summary>
/// <param name="First">One, with its head.</param>
/// <param name="Second">The other, with its head.</param>
/// <param name="Examples">Labels; null for all.</param>
/// <param name="Comparison">The figure of the first less the second's; null with a reason.</param>
/// <param name="Reason">Why there is none.</param>
/// <param name="Figure">AUC, or AUC within views where the test radiographs' views differ.</param>
/// <param name="Pooled">The same of the AUC over all views, where the figure is within views.</param>
public sealed record ComparisonFigure(
    string First, string Second, int? Examples, PairedComparison? Comparison, string? Reason, ComparedFigure Figure = ComparedFigure.Auc,
        PairedComparison? Pooled = null);
