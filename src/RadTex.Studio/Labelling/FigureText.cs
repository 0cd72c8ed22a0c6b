using System.Globalization;
using RadTex.Metrics.Intervals;

namespace RadTex.Studio.Labelling;

/// <summary>The figures of a finding in words, the same on every page and in every card.</summary>
internal static class FigureText
{
    /// <summary>"12 present, 30 absent, 2 uncertain".</summary>
    internal static string LabelsOf(FindingFigures figures)
    {
        var parts = figures.ByClass is [var absent, var present] ? new List<string> { $"{present} present", $"{absent} absent" }
            : [.. figures.ByClass.Select((n, grade) => $"{n} of grade {grade}")];
        if (figures.Uncertain > 0) parts.Add($"{figures.Uncertain} uncertain");
        if (figures.NotAssessable > 0) parts.Add($"{figures.NotAssessable} not assessable");
        if (figures.Imported > 0) parts.Add($"{figures.Imported} of them imported");
        return string.Join(", ", parts);
    }

    /// <summary>"AUC 0.84 [0.71, 0.92]", or "AUC n/a" and why; of grades each cut.</summary>
    internal static string AucOf(FindingFigures figures) => figures.Cuts.Count > 0
        ? $"AUC {string.Join("; ", figures.Cuts.Select(c => $"{CutOf(c.Cut, figures.Cuts.Count)} {AucOf(c)}"))}"
        : $"AUC {AucOf(new CutFigure(0, figures.Auc, figures.WhyNoAuc))}";

    /// <summary>"0.84 [0.71, 0.92]", or "n/a" and why.</summary>
    internal static string AucOf(CutFigure cut) => cut.Auc is { } auc ? Of(auc) : $"n/a: {cut.WhyNoAuc}";

    /// <summary>"0-1 v 2-3".</summary>
    internal static string CutOf(int cut, int cuts)
    {
        static string Range(int from, int to) => from == to ? $"{from}" : $"{from}-{to}";
        return $"{Range(0, cut)} v {Range(cut + 1, cuts)}";
    }

    /// <summary>"intercept 0.10, slope 0.90", or "n/a" and why.</summary>
    internal static string CalibrationOf(FindingFigures figures) => figures.Calibration is { } fit
        ? string.Create(CultureInfo.InvariantCulture, $"intercept {fit.Intercept:0.00}, slope ")
            + (fit.Slope is { } slope ? slope.ToString("0.00", CultureInfo.InvariantCulture) : "n/a")
        : "n/a: too few labels of the reserve";

    /// <summary>How the reader agrees with himself or herself.</summary>
    internal static string RepeatsOf(FindingFigures figures) => figures.SelfAgreement is { } kappa
        ? string.Create(CultureInfo.InvariantCulture, $"kappa with oneself {kappa:0.00}") : $"kappa with oneself n/a: {figures.WhyNoSelfAgreement}";

    /// <summary>"0.84 [0.71, 0.92]".</summary>
    internal static string Of(Interval interval) =>
        string.Create(CultureInfo.InvariantCulture, $"{interval.Estimate:0.00} [{interval.Lower:0.00}, {interval.Upper:0.00}]");
}
