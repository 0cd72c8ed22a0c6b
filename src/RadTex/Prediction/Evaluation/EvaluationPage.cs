using RadTex.Metrics;
using RadTex.Metrics.Intervals;
using RadTex.Reporting;
using static RadTex.Prediction.Evaluation.EvaluationWords;

namespace RadTex.Prediction.Evaluation;

/// <summary>A <see cref="ModelEvaluation"/> as a page: what the figures allow to say first, then figures, curves, subgroups and where it all comes
/// from.</summary>
public static class EvaluationPage
{
    /// <summary>The page's file.</summary>
    public const string Name = "evaluation.html";

    /// <summary>The page of an evaluation.</summary>
    /// <param name="evaluation">What was found.</param>
    public static HtmlReport Render(ModelEvaluation evaluation)
    {
        var page = new HtmlReport(
            $"Evaluation of {FileName(evaluation.Model)} on {FileName(evaluation.Data)}",
            "A classifier on labelled radiographs it did not see. Nothing was chosen on them: thresholds are the model's own. Brackets hold 95% "
                + "intervals over patients.");
        if (evaluation.Synthetic) page.Note("These radiographs are SYNTHETIC: drawn, not taken of patients. The figures say nothing of patients.");
        if (evaluation.Encoder.Synthetic && !evaluation.Synthetic) page.Note("The encoder learnt from SYNTHETIC radiographs.");
        int left = evaluation.NotJudged.Values.Sum();
        if (left > 0) page.Note(
            $"{left:N0} radiographs were left out of every figure (see \"Left out\"): the figures hold for those that were judged.");
        page.Heading("In short");
        foreach (var question in evaluation.Questions) page.Verdict(Verdict(question), question.Name);
        page.List([.. evaluation.Questions.Select(Details), $"Seen before: {evaluation.Seen}.", .. evaluation.Notes]);
        AddFigures(page, evaluation);
        foreach (var question in evaluation.Questions) AddQuestion(page, question);
        AddLeftOut(page, evaluation);
        AddProvenance(page, evaluation);
        return page;
    }

    private static void AddFigures(HtmlReport page, ModelEvaluation evaluation)
    {
        page.Heading("Figures").Table(
            new HtmlTable(["label", "AUC", "AUCPR", "Brier (reference)", "intercept", "slope", "radiographs", "patients", "positive"],
                [.. evaluation.Questions.Select(q => (IReadOnlyList<string>)[
                    q.Name, $"{q.Figures.Auc}", $"{q.Figures.AveragePrecision}", $"{q.Figures.Brier} ({Number(q.Figures.BrierReference)})",
                        $"{q.Figures.CalibrationInTheLarge}", $"{q.Figures.CalibrationSlope}",
                    $"{q.Figures.Examples:N0}", $"{q.Figures.Patients:N0}",
                        $"{q.Figures.Positives:N0} ({Percent(Part(q.Figures.Positives, q.Figures.Examples))})"])]),
            "AUCPR: average precision; chance is the part of positives. Brier's reference says the part of positives of everybody. Intercept "
                + "(calibration in the large): 0 is right, above 0 probabilities are too low. Slope: 1 is right, below 1 they are too bold.");
        if (evaluation.Questions.Any(q => q.Figures.OperatingPoint is not null))
            page.Table(
                new HtmlTable(["label", "threshold", "rule", "sensitivity", "specificity", "prevalence", "PPV", "NPV", "TP / FP / TN / FN"],
                    [.. evaluation.Questions.Where(q => q.Figures.OperatingPoint is not null).Select(q => Operating(q, q.Figures.OperatingPoint!))]),
                "The threshold was chosen on the labels the head learnt from, "
                    + $"out-of-fold{(evaluation.Questions.Any(q => q.Recalibrations.Count > 0) ? ", or on those it was recalibrated on" : "")}. PPV "
                    + $"and NPV by Bayes at {(evaluation.Prevalence is { } p ? $"a prevalence of {Percent(p)}" : "the data's own prevalence")}.");
        string[] reasons = [.. evaluation.Questions.SelectMany(q =>
            new[] { ("AUC", q.Figures.Auc), ("AUCPR", q.Figures.AveragePrecision), ("slope", q.Figures.CalibrationSlope) }
                .Select(f => (Name: f.Item1, Figure: f.Item2))
                .Where(f => f.Figure.Reason is not null).GroupBy(f => f.Figure.Reason, f => f.Name)
                .Select(g => $"{q.Name}, {string.Join(", ", g)}: n/a, {g.Key}"))];
        if (reasons.Length > 0) page.Paragraph(string.Join("\n", reasons));
    }

    private static IReadOnlyList<string> Operating(QuestionEvaluation question, OperatingFigures point) =>
    [
        question.Name, Number(point.Threshold), question.Threshold is { } t ? $"{t.Rule}, {t.Positives:N0} + {t.Negatives:N0} labels"
            : "", $"{point.Sensitivity}", $"{point.Specificity}", Percent(point.Prevalence),
        $"{point.PositivePredictiveValue}", $"{point.NegativePredictiveValue}",
        $"{point.Counts.TruePositives:N0} / {point.Counts.FalsePositives:N0} / {point.Counts.TrueNegatives:N0} / {point.Counts.FalseNegatives:N0}",
    ];

    private static void AddQuestion(HtmlReport page, QuestionEvaluation question)
    {
        page.Heading(question.Name).Paragraph(
            $"Head {question.Head}, learnt from {question.Examples:N0} labels; column {question.Column}: {question.Uncertain:N0} uncertain and "
                + $"{question.Blank:N0} blank left out."
            + string.Concat(question.Recalibrations.Select(r =>
                $" Recalibrated: {r.Rule}, intercept {r.Intercept:F3}, slope {r.Slope:F3}, on {r.Positives:N0} + {r.Negatives:N0} labels.")));
        if (question.Roc.Count > 0)
            page.Chart(new LineChart(
                "false positive rate", "true positive rate", [Line("model", question.Roc), Diagonal("chance")], YMin: 0, YMax: 1), "ROC curve.");
        if (question.PrecisionRecall.Count > 0)
            page.Chart(new LineChart(
                "recall", "precision", [Line("model", question.PrecisionRecall)], YMin: 0, YMax: 1,
                Reference: (double)question.Figures.Positives / question.Figures.Examples), "Precision against recall; dotted: chance.");
        if (question.Figures.Reliability.Count > 0)
        {
            page.Chart(new LineChart(
                "predicted probability", "part that is positive",
                [new ChartSeries("model",
                    [.. question.Figures.Reliability.Select(b =>
                    new ChartPoint(b.MeanProbability, b.PositiveRate.Estimate, b.PositiveRate.Lower, b.PositiveRate.Upper))]), Diagonal("right")],
                    YMin: 0, YMax: 1),
                "Reliability: on the diagonal probabilities are right. Bins of equal width; Wilson's intervals take radiographs as independent.");
            page.Table(new HtmlTable(["bin", "radiographs", "mean probability", "part positive"],
                [.. question.Figures.Reliability.Select(b =>
                    (IReadOnlyList<string>)[$"{b.Lower:0.0} to {b.Upper:0.0}", $"{b.Count:N0}", Number(b.MeanProbability), $"{b.PositiveRate}"])]));
        }
        if (question.Subgroups.Count > 0)
            page.Table(new HtmlTable(["subgroup", "AUC", "sensitivity", "specificity", "intercept", "radiographs", "patients", "positive"],
                [.. question.Subgroups.Select(s => (IReadOnlyList<string>)[
                    $"{s.By}: {s.Group}", $"{s.Figures.Auc}", $"{s.Figures.OperatingPoint?.Sensitivity.ToString() ?? "n/a"}",
                        $"{s.Figures.OperatingPoint?.Specificity.ToString() ?? "n/a"}", $"{s.Figures.CalibrationInTheLarge}",
                    $"{s.Figures.Examples:N0}", $"{s.Figures.Patients:N0}", $"{s.Figures.Positives:N0}"])]),
                $"Subgroups are described, not tested: among many some differ by chance. No interval under {ClusteredAuc.FewestOfAClass} positives "
                    + "or negatives.");
    }

    private static void AddLeftOut(HtmlReport page, ModelEvaluation evaluation)
    {
        if (evaluation.NotJudged.Count == 0) return;
        page.Heading("Left out")
            .Table(new HtmlTable(
            ["reason", "radiographs"],
            [.. evaluation.NotJudged.OrderByDescending(r => r.Value).Select(r => (IReadOnlyList<string>)[r.Key, $"{r.Value:N0}"])]))
            .Table(new HtmlTable(
                ["label", "of its positives", "of its negatives"],
                [.. evaluation.Questions.Select(q => (IReadOnlyList<string>)[q.Name, Share(q, 1), Share(q, 0)])]),
                "Labelled radiographs whose pictures were not judged. A model that passes over hard pictures looks better than it is.");
    }

    private static string Share(QuestionEvaluation question, int label)
    {
        int left = question.NotJudged[label], judged = label == 1 ? question.Figures.Positives
            : question.Figures.Examples - question.Figures.Positives;
        return $"{left:N0} ({Percent(Part(left, left + judged))})";
    }

    private static double? Part(int count, int of) => of == 0 ? null : (double)count / of;

    private static void AddProvenance(HtmlReport page, ModelEvaluation evaluation) => page.Heading("Where it comes from").Table(
        new HtmlTable(["", "what"],
        [
            ["model", $"{evaluation.Model}, SHA-256 {evaluation.ModelSha256}"], ["runtime", evaluation.Runtime],
                ["encoder", $"{evaluation.Encoder.Provenance}; weights {evaluation.Encoder.WeightsSha256}"],
            ["data", $"{evaluation.Data}, hash {evaluation.DataHash}"],
                ["radiographs", $"{evaluation.Radiographs:N0}{(evaluation.Synthetic ? ", synthetic" : "")}"],
        ], IsText: true));

    private static ChartSeries Line(string name, IReadOnlyList<CurvePoint> points) =>
        new(name, [.. points.Select(p => new ChartPoint(p.X, p.Y))], HasMarkers: false);

    private static ChartSeries Diagonal(string name) => new(name, [new(0, 0), new(1, 1)], IsDashed: true, HasMarkers: false);

    private static string FileName(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
}
