using System.Globalization;
using RadTex.Studio.Labelling;

namespace RadTex.Studio.Web;

/// <summary>The figures of a finding in the words of the reading room's strip.</summary>
/// <param name="Labels">"12 present, 30 absent, 2 uncertain".</param>
/// <param name="Auc">"AUC 0.84 [0.71, 0.92]", or "AUC n/a: ...".</param>
/// <param name="Calibration">"calibration: intercept 0.10, slope 0.90"; empty where nothing can be said.</param>
/// <param name="Forecast">"20 more labels ≈ +0.01 [0.00, 0.02]"; empty where nothing can be said.</param>
/// <param name="Model">Whether there is a model, or what is missing for one; empty beside an AUC.</param>
/// <param name="Repeats">How the reader agrees with himself or herself.</param>
internal sealed record StripText(string Labels, string Auc, string Calibration, string Forecast, string Model, string Repeats)
{
    internal static StripText Of(Workplace work, string finding)
    {
        var figures = work.Session.Figures(finding);
        return new(
            FigureText.LabelsOf(figures), FigureText.AucOf(figures),
            figures.Calibration is null ? "" : $"calibration: {FigureText.CalibrationOf(figures)}",
            work.LastCurve(finding)?.Worth ?? "", ModelOf(work, finding, hasAuc: figures.Auc is not null), FigureText.RepeatsOf(figures));
    }

    private static string ModelOf(Workplace work, string finding, bool hasAuc) =>
        work.FeatureFault is { } fault ? $"no features: {work.WithoutPaths(fault)}"
        : work.Encoder is null ? "no encoder: pictures come in random order, and there is no model"
        : work.MakingFeatures is { } making ? string.Create(CultureInfo.InvariantCulture, $"features: {making.Done:N0} of {making.Total:N0}")
        : work.Session.Head(finding) is null ? "the model needs labels of both classes"
        : hasAuc ? "" : "the model follows your labels"; // its AUC says so too, and the line is short
}
