using RadTex.Reading;
using RadTex.Reporting;
using RadTex.Training;
using RadTex.Transfer;

namespace RadTex.Experiments;

/// <summary>The quickstart's page: what was learnt from reports, how few labels then suffice, and what was run.</summary>
internal static class QuickstartPage
{
    private const int Compared = QuickstartSettings.Compared;

    internal static HtmlReport Make(
        QuickstartResult result, PretrainingConfiguration configuration, IReadOnlyList<LogLine> log, IReadOnlyList<ReadReport> reports)
    {
        var page = new HtmlReport("RadTex quickstart", "An image encoder learnt from reports, then a classifier from few labels, beside the same network from random weights.");
        page.Note("Everything here is synthetic: drawn radiographs, written reports, no patient. The figures show that the method works, not how well it does on patients.");
        Headline(page, result);
        Curve(page, result);
        Losses(page, result, log);
        Reports(page, reports);
        Run(page, result, configuration);
        return page;
    }

    private static void Headline(HtmlReport page, QuickstartResult result)
    {
        string Auc(string name) => result.Mean(name, Compared)!.Auc.ToString();
        var difference = result.Comparisons[0];
        page.Verdict(
            difference.Difference is null ? "It cannot be said." : difference.IntervalsDisjoint
                ? $"{(difference.Difference > 0 ? "Yes" : "No, it costs")}: {Signed(difference.Difference)} mean AUC; the 95% intervals do not overlap."
                : $"It cannot be told: {Signed(difference.Difference)} mean AUC, but the 95% intervals overlap.",
            $"Does learning from reports help a classifier of {Compared} labels?");
        page.Tiles(
            (Auc(Quickstart.Pretrained), $"mean AUC at {Compared} labels, pretrained on reports, frozen"),
            (Auc(Quickstart.Random), $"mean AUC at {Compared} labels, random initialisation as the paper trains it"),
            (Signed(difference.Difference), $"the difference; 95% intervals {(difference.IntervalsDisjoint ? "do not overlap" : "overlap")}"));
        page.Paragraph($"AUC: the chance that a radiograph with the finding is scored above one without; 0.5 is guessing. Means over {QuickstartSettings.Findings.Count} findings ({string.Join(", ", QuickstartSettings.Findings)}), each learnt on its own, and over {result.Settings.Trials} draws of labels. In brackets the 95% interval over draws (Student's t). Test radiographs are of patients seen neither in pretraining nor among the labels.");
    }

    private static void Curve(HtmlReport page, QuickstartResult result)
    {
        page.Heading("How many labels it takes");
        var series = result.Initialisations.Select(i => new ChartSeries(i.Name, [.. Means(i).Select(c => new ChartPoint(c.Count, c.Auc.Mean ?? double.NaN, c.Auc.Lower, c.Auc.Upper))], i.Name != Quickstart.Pretrained)).ToArray();
        page.Chart(new("labelled radiographs", "mean AUC", series, IsLogX: true, YMin: 0.4, YMax: 1, Reference: 0.5, IsShare: true), "Mean over findings, with 95% intervals over draws of labels.");
        var examples = QuickstartSettings.FrozenExamples;
        page.Table(
            new(["labels", .. examples.Select(n => TransferFiles.Name(n))], [.. result.Initialisations.Select(i => (IReadOnlyList<string>)[i.Name, .. examples.Select(n => Means(i).FirstOrDefault(c => c.Examples == n)?.Auc.ToString() ?? "–")])]),
            "Mean AUC over findings [95% interval]; – was not run. " + string.Join(". ", result.Initialisations.Select(i => $"{i.Name}: {i.Description}")) + ".");
        page.Table(
            new([$"at {Compared} labels", .. QuickstartSettings.Findings], [.. result.Initialisations.Select(i => (IReadOnlyList<string>)[i.Name, .. QuickstartSettings.Findings.Select(f => i.Cells.FirstOrDefault(c => c.Task == f && c.Examples == Compared)?.Auc.ToString() ?? "–")])]),
            "AUC of each finding [95% interval].");
        foreach (var c in result.Comparisons)
            page.Paragraph($"{c.First} against {c.Second} at {c.Examples} labels: {Signed(c.Difference)} mean AUC; intervals {(c.IntervalsDisjoint ? "do not overlap" : "overlap")}.");
        if (result.Choices.Count > 0)
            page.Paragraph($"Chosen on validation data: {string.Join("; ", result.Choices.Select(c => $"{c.Task} {c.Candidates[c.Chosen].Recipe.Name}"))}.");
        page.Paragraph($"The paper's head takes 20 updates at {PaperRecipe.Frozen.BatchSize} labels or fewer, the first at rate 0, and hardly leaves its start; the logistic head is solved to convergence. Both are shown.");
    }

    private static void Losses(HtmlReport page, QuickstartResult result, IReadOnlyList<LogLine> log)
    {
        page.Heading("Learning from reports");
        // Until then the loss falls from about eleven, beside which nothing that follows could be told apart.
        double from = log.Any(l => l.Epoch > 1) ? 0.5 : 0;
        ChartPoint[] Points(string kind, string name) => [.. log.Where(l => l.Kind == kind && l.Epoch >= from && l.Values.ContainsKey(name)).Select(l => new ChartPoint(l.Epoch, l.Values[name]))];
        page.Chart(
            new("epochs", "loss (nats per token, both directions)",
            [
                ChartSeries.Averaged("training", Points("train", "loss")), new("held-out", Points("validation", "loss")),
                new("held-out, another study's radiograph", Points("validation", "shuffled_loss"), IsDashed: true),
            ]),
            $"{(from > 0 ? $"From epoch {from} on. " : "")}Where the two held-out lines part, what is written depends on the picture; where they are equal, only language was learnt.");
        if (result.Pretraining.Validation.TryGetValue("loss", out double loss) && result.Pretraining.Validation.TryGetValue("shuffled_loss", out double shuffled))
            page.Paragraph($"At the end the held-out loss is {loss:F3}, and {shuffled:F3} when each report is scored beside another study's radiograph.");
    }

    private static void Reports(HtmlReport page, IReadOnlyList<ReadReport> reports)
    {
        page.Heading("What the model writes");
        page.Paragraph("The first test radiographs, a study each, not picked by how well they are read.");
        page.Images(reports.Select(r => ReportImage.FromGrey(
            r.Image.Pixels.Span, r.Image.Width, r.Image.Height, $"synthetic radiograph {r.Image.Name}", ("Report", r.Image.TrueText!), ("Written by the model", r.Text))));
    }

    private static void Run(HtmlReport page, QuickstartResult result, PretrainingConfiguration configuration)
    {
        page.Heading("What was run");
        page.Table(new(["step", "seconds"], [.. result.StageSeconds.Select(s => (IReadOnlyList<string>)[s.Stage, $"{s.Seconds:N1}"]), ["all", $"{result.StageSeconds.Sum(s => s.Seconds):N1}"]]), $"Wall clock of this call; peak memory {result.PeakMemoryBytes / 1048576.0:N0} MiB.");
        page.Paragraph(
            $"Pretraining: {result.Pretraining.TrainingRadiographs:N0} synthetic radiographs with reports, {result.Pretraining.Epochs:0.#} epochs ({result.Pretraining.Steps:N0} updates) of {configuration.Training.BatchSize}; {configuration.Model.Backbone}, width {configuration.Model.BackboneWidth}, {configuration.Image.Size} px; {configuration.Optimizer.Name}, rate {configuration.Optimizer.VisualRate}. "
            + $"Labels: from {result.Settings.LabelledCount:N0} further radiographs of other patients, half of them to draw labels from, a tenth to choose recipes on, the rest to test. Difficulty of the phantoms {result.Settings.Difficulty}, seed {result.Settings.Seed}. Findings, heads, epochs and optimisers were fixed beforehand.");
        page.Code("radtex pretrain DATASET --preset small --out run\nradtex transfer run/encoder DATASET --labels NAME --out transfer");
        page.Paragraph("The same on your own radiographs and reports: see docs/prepare.md, docs/pretrain.md and docs/transfer.md.");
    }

    private static IEnumerable<TransferCell> Means(InitialisationResult initialisation) => initialisation.Cells.Where(c => c.Task == TransferResult.MeanOverTasks);

    private static string Signed(double? value) => value is { } v ? v.ToString("+0.000;-0.000;0.000") : "n/a";
}
