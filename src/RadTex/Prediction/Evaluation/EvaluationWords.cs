using System.Globalization;
using RadTex.Metrics;
using RadTex.Metrics.Intervals;

namespace RadTex.Prediction.Evaluation;

/// <summary>An evaluation in sentences and lines: what the terminal and the page say alike.</summary>
public static class EvaluationWords
{
    /// <summary>What the figures of a question allow to say of its ranking, in a few words.</summary>
    public static string Verdict(QuestionEvaluation question) => question.Figures.Auc switch
    {
        { Estimate: null } => "cannot be said: labels of one class",
        { Lower: null } auc => $"too little to say: AUC {Number(auc.Estimate)} without an interval",
        { Lower: > 0.5 } auc => $"ranks better than chance: AUC {auc}",
        { Upper: < 0.5 } auc => $"ranks worse than chance: AUC {auc}; is the label the same?",
        var auc => $"cannot be told from chance: AUC {auc}",
    };

    /// <summary>Calibration and decision of a question, in one paragraph.</summary>
    public static string Details(QuestionEvaluation question) => $"{question.Name}: {Calibration(question.Figures)} {Decision(question)}";

    /// <summary>Lines for a terminal, at most 80 columns wide but for names.</summary>
    public static IEnumerable<string> Lines(ModelEvaluation evaluation)
    {
        string[] header = ["", "AUC", "AUCPR", "Brier", "slope", "n", "pos."];
        var rows = evaluation.Questions.Select(q => new[]
        {
            Short(q.Name), q.Figures.Auc.ToString(), Number(q.Figures.AveragePrecision.Estimate), Number(q.Figures.Brier.Estimate),
                Number(q.Figures.CalibrationSlope.Estimate), $"{q.Figures.Examples:N0}", $"{q.Figures.Positives:N0}",
        }).Prepend(header);
        foreach (var line in Table([.. rows])) yield return line;
        if (evaluation.Questions.All(q => q.Figures.OperatingPoint is null))
        {
            yield return "no threshold in the model: no decision is evaluated";
            yield break;
        }
        yield return "";
        string[] decisions = ["", "from", "sensitivity", "specificity", "PPV", "NPV"];
        foreach (var line in Table([decisions, .. evaluation.Questions.Select(q => q.Figures.OperatingPoint is { } p
            ? [Short(q.Name), Number(p.Threshold), Narrow(p.Sensitivity), Narrow(p.Specificity), Rounded(p.PositivePredictiveValue.Estimate),
                Rounded(p.NegativePredictiveValue.Estimate)]
            : new[] { Short(q.Name), "n/a", "n/a", "n/a", "n/a", "n/a" })])) yield return line;
        yield return "PPV and NPV "
            + $"{(evaluation.Prevalence is { } asked ? $"where {Percent(asked)} are positive" : "at the data's own part of positives")}; thresholds "
            + "are the model's own";
    }

    /// <summary>"5.0%", or "n/a".</summary>
    public static string Percent(double? part) => part is { } p ? string.Create(CultureInfo.InvariantCulture, $"{100 * p:0.0}%") : "n/a";

    /// <summary>"0.812", or "n/a".</summary>
    public static string Number(double? value) => value?.ToString("F3", CultureInfo.InvariantCulture) ?? "n/a";

    private static string Calibration(BinaryEvaluation f)
    {
        if (f.CalibrationInTheLarge.Lower is null) return $"Calibration: n/a, {f.CalibrationInTheLarge.Reason}.";
        var faults = new List<string>();
        if (f.CalibrationInTheLarge.Lower > 0) faults.Add("probabilities are too low");
        if (f.CalibrationInTheLarge.Upper < 0) faults.Add("probabilities are too high");
        if (f.CalibrationSlope.Upper < 1) faults.Add("probabilities are too bold");
        if (f.CalibrationSlope.Lower > 1) faults.Add("probabilities are too timid");
        var figures = $"intercept {f.CalibrationInTheLarge}, slope {f.CalibrationSlope}";
        return faults.Count == 0 ? $"No miscalibration is shown ({figures})."
            : $"Calibration is off: {string.Join(", ", faults)} ({figures}); "
            + (f.Auc.Lower > 0.5 ? "recalibrate on labels of this place." : "recalibration cannot mend ranking.");
    }

    private static string Decision(QuestionEvaluation question) => question.Figures.OperatingPoint is { } p
        ? $"At its own threshold {Number(p.Threshold)}: sensitivity {p.Sensitivity}, specificity {p.Specificity}; where {Percent(p.Prevalence)} are "
            + $"positive, PPV {p.PositivePredictiveValue} and NPV {p.NegativePredictiveValue}."
        : "It has no threshold: no decision is evaluated.";

    private static string Rounded(double? value) => value?.ToString("F2", CultureInfo.InvariantCulture) ?? "n/a";

    private static string Short(string name) => name.Length <= 18 ? name : name[..17] + "…";

    private static string Narrow(MeasuredFigure figure) => figure.Lower is { } l && figure.Upper is { } u
        ? string.Create(CultureInfo.InvariantCulture, $"{figure.Estimate:F2} [{l:F2}, {u:F2}]") : Number(figure.Estimate);

    private static IEnumerable<string> Table(string[][] rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(i => rows.Max(r => r[i].Length))];
        return rows.Select(row => string.Join("  ", row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd());
    }
}
