using RadTex.Metrics;
using RadTex.Metrics.Intervals;

namespace RadTex.Studio.Labelling;

/// <summary>What may be said of a finding at this moment. Everything but the counts comes from the reserve alone.</summary>
/// <param name="Labels">Pictures with a class that counts.</param>
/// <param name="ByClass">Of them, by class.</param>
/// <param name="Uncertain">Pictures that were called uncertain.</param>
/// <param name="NotAssessable">Pictures that were called not assessable.</param>
/// <param name="ReserveByClass">The reserve's, by class; for grades absent and any.</param>
/// <param name="Auc">The AUC on the reserve; null with the reason.</param>
/// <param name="WhyNoAuc">Why there is none.</param>
public sealed record FindingFigures(
    int Labels, IReadOnlyList<int> ByClass, int Uncertain, int NotAssessable, IReadOnlyList<int> ReserveByClass, Interval? Auc, string? WhyNoAuc)
{
    /// <summary>The intercept and slope that out-of-fold scores of the reserve ask for; null where they are too few.</summary>
    public CalibrationFit? Calibration { get; init; }

    /// <summary>Of grades, the AUC of each cut (of four: 0 v 1 to 3, 0 and 1 v 2 and 3, 0 to 2 v 3), as a transfer's; none of two classes.</summary>
    public IReadOnlyList<CutFigure> Cuts { get; init; } = [];

    /// <summary>Of the labels, those that were brought in from files: no figure but their count is of them.</summary>
    public int Imported { get; init; }

    /// <summary>Cohen's kappa of the random blinded repeats with the first answers; null with the reason.</summary>
    public double? SelfAgreement { get; init; }

    /// <summary>Why there is none.</summary>
    public string? WhyNoSelfAgreement { get; init; }
}
