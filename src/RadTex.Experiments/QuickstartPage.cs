using RadTex.Heads;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Reading;
using RadTex.Learning.Training;
using RadTex.Learning.Transfer;
using RadTex.Reporting;

namespace RadTex.Experiments;

/// <summary>The quickstart's page: what was learnt from reports, how few labels then suffice, and what was run.</summary>
internal static class QuickstartPage
{
    private const int Compared = QuickstartSettings.Compared;

    internal static HtmlReport Make(
        QuickstartResult result, PretrainingConfiguration configuration, IReadOnlyList<LogLine> log, IReadOnlyList<ReadReport> reports,
        bool isFinished = true, string? nextSteps = null)
    {
        var page = new HtmlReport(
            "RadTex quickstart",
            "An image encoder learnt from reports, then a classifier from few labels, beside one that learnt the same "
                + "radiographs' labels and the same network from random weights.");
        page.Note(
            "Everything here is synthetic: drawn radiographs, written reports, no patient. The figures show how the method "
                + "is tried and read, not how well it does on patients.");
        if (!isFinished)
            page.Note(
                "Not all is done: this page is written anew with each step that ends. Load it again to see more. So far: "
                    + $"{string.Join("; ", result.StageSeconds.Select(s => s.Stage))}.");
        Headline(page, result, isFinished);
        Curve(page, result);
        if (log.Count > 0) Losses(page, result, log);
        if (reports.Count > 0) Reports(page, reports);
        Run(page, result, configuration);
        if (nextSteps is not null)
        {
            page.Code(nextSteps);
            page.Paragraph("The same on your own radiographs and reports: see docs/prepare.md, docs/pretrain.md and docs/transfer.md.");
        }
        return page;
    }

    /// <summary>What the intervals of differences are, for page and terminal.</summary>
    internal static string OfDifferences(QuickstartResult result) =>
        $"Differences of mean AUC{(HasViews(result) ? " within views" : "")}, paired by draw, "
        + $"with 95% intervals over {result.Settings.Trials} draws of labels and the test patients, "
        + "each for itself: they are not corrected for their number.";

    /// <summary>Whether the figures that conclusions are drawn from are AUCs within views.</summary>
    internal static bool HasViews(QuickstartResult result) => result.Initialisations.Any(i => Means(i).Any(c => c.AucWithinViews.Mean is not null));

    /// <summary>
    /// The figure of the file, and the page's first, in one frame: the rows that the questions are asked of. AUC within views where there is one, in
    /// which the view alone has 0.5.
    /// </summary>
    internal static LineChart CurveOf(QuickstartResult result) => HasViews(result)
        ? Chart(result, "mean AUC within views (AP, PA)", c => c.AucWithinViews, Asked.Contains)
        : Chart(result, "mean AUC", c => c.Auc, Asked.Contains);

    private static readonly string[] Asked =
        [Quickstart.Pretrained, Quickstart.PretrainedPaperHead, Quickstart.Supervised, Quickstart.RandomFrozen, Quickstart.Random];

    private static LineChart Chart(
        QuickstartResult result, string what, Func<TransferCell, ScoreSummary> figure, Func<string, bool> isShown)
    {
        ChartPoint Point(TransferCell cell) => new(cell.Count, figure(cell).Mean ?? double.NaN, figure(cell).Lower, figure(cell).Upper);
        InitialisationResult[] shown = [.. result.Initialisations.Where(i => isShown(i.Name))];
        // More lines than a frame holds get one for each way of training.
        ChartSeries Series(InitialisationResult i) =>
            new(i.Name, [.. Means(i).Select(Point)], i.Name != Quickstart.Pretrained, Group: shown.Length > Asked.Length ? Training(i.Name) : "");
        return new(
            "labelled radiographs", $"{what} over {QuickstartSettings.Findings.Count} findings", [.. shown.Select(Series)],
            IsLogX: true, YMin: 0.4, YMax: 1, Reference: 0.5, IsShare: true);
    }

    private static string Training(string name) => name is Quickstart.Random or Quickstart.RandomChosen ? "trained whole"
        : name is Quickstart.PretrainedPaperHead or Quickstart.SupervisedPaperHead ? "the paper's head" : "our head";

    internal static string CurveTitle(QuickstartResult result) =>
        $"Synthetic radiographs: how many labels a classifier needs (95% over {result.Settings.Trials} draws)";

    private static void Headline(HtmlReport page, QuickstartResult result, bool isFinished)
    {
        bool within = HasViews(result);
        var figure = within ? "mean AUC within views" : "mean AUC";
        string Auc(string name) => result.Mean(name, Compared) is { } cell ? (within ? cell.AucWithinViews : cell.Auc).ToString() : "–";
        // What speaks against learning from reports comes first.
        const string Start = "is an encoder that learnt from reports ahead of";
        (string Name, string Question)[] questions =
        [
            (Quickstart.Supervised, $"With {Compared} labels, {Start} one that learnt the same radiographs' labels?"),
            (Quickstart.RandomFrozen, $"With {Compared} labels, {Start} random weights under the same heads?"),
            (Quickstart.Random, $"With {Compared} labels, {Start} a network trained whole from random weights?"),
        ];
        foreach (var (name, question) in questions.OrderBy(q => result.Against(q.Name) is { } c ? c.IsBehind ? 0 : c.IsAhead ? 2 : 1 : 3))
            page.Verdict(
                isFinished || result.Against(name) is not null ? QuickstartSentences.Answer(result.Against(name)) : "Not known yet.", question);
        page.Tiles(
            (Auc(Quickstart.Pretrained), $"{figure} at {Compared} labels, pretrained on reports, frozen"),
            (Auc(Quickstart.Supervised), $"{figure} at {Compared} labels, pretrained on labels, frozen"),
            (Auc(Quickstart.RandomFrozen), $"{figure} at {Compared} labels, random weights, frozen"),
            (Auc(Quickstart.Random), $"{figure} at {Compared} labels, random initialisation as the paper trains it"));
        var views = within
            ? "Within views: among the radiographs of a view, averaged over AP and PA; over all radiographs the view alone "
            + "is above 0.5, for sicker patients are radiographed lying. "
            : "";
        page.Paragraph(
            "AUC: the chance that a radiograph with the finding is scored above one without; 0.5 is guessing. " + views
            + $"Means over {QuickstartSettings.Findings.Count} findings ({string.Join(", ", QuickstartSettings.Findings)}), each learnt on its own, "
            + $"and over {result.Settings.Trials} draws of labels. In brackets the 95% interval over draws and test patients. "
            + "Test radiographs are of patients seen neither in pretraining nor among the labels.");
        if (result.Comparisons.Count == 0) return;
        page.Paragraph(OfDifferences(result));
        page.List(QuickstartSentences.Of(result.Comparisons));
    }

    private static void Curve(HtmlReport page, QuickstartResult result)
    {
        page.Heading("How many labels it takes");
        var examples = QuickstartSettings.FrozenExamples;
        HtmlTable Table(Func<TransferCell, ScoreSummary> figure)
        {
            string At(InitialisationResult i, int? n) => i.Mean(n) is { } cell ? figure(cell).ToString() : "–";
            IReadOnlyList<string> Row(InitialisationResult i) => [i.Name, .. examples.Select(n => At(i, n))];
            return new(["labels", .. examples.Select(n => TransferFiles.Name(n))], [.. result.Initialisations.Select(Row)]);
        }
        const string Caption = "Mean over findings, with 95% intervals over draws of labels.";
        if (HasViews(result))
        {
            page.Chart(CurveOf(result), Caption);
            page.Table(Table(c => c.AucWithinViews), "Mean AUC within views over findings [95% interval]; – was not run.");
            page.Subheading("Over all radiographs");
        }
        page.Chart(Chart(result, "mean AUC over all radiographs", c => c.Auc, _ => true), Caption);
        page.Table(
            Table(c => c.Auc),
            "Mean AUC over findings [95% interval]; – was not run. "
                + string.Join(". ", result.Initialisations.Select(i => $"{i.Name}: {i.Description}")) + ".");
        page.Table(
            new(
                [$"at {Compared} labels", .. QuickstartSettings.Findings],
                [.. result.Initialisations
                    .Select(
                        i =>
                            (IReadOnlyList<string>)[
                                i.Name,
                                .. QuickstartSettings.Findings
                                    .Select(f => i.Cells.FirstOrDefault(c => c.Task == f && c.Examples == Compared)?.Auc.ToString() ?? "–")])]),
            "AUC of each finding, over all radiographs [95% interval].");
        if (result.Choices.Count > 0)
            page.Paragraph(
                $"Chosen on validation data: {string.Join("; ", result.Choices.Select(c => $"{c.Task} {c.Candidates[c.Chosen].Recipe.Name}"))}.");
        page.Paragraph(
            $"The paper's head takes 20 updates at {PaperRecipe.Frozen.BatchSize} labels or fewer, the first at rate 0, and "
                + "hardly leaves its start; the logistic head is solved to convergence. Both are shown.");
    }

    private static void Losses(HtmlReport page, QuickstartResult result, IReadOnlyList<LogLine> log)
    {
        page.Heading("Learning from reports");
        // Until then the loss falls from about eleven, beside which nothing that follows could be told apart.
        double from = log.Any(l => l.Epoch > 1) ? 0.5 : 0;
        ChartPoint[] Points(string kind, string name) =>
            [.. log.Where(l => l.Kind == kind && l.Epoch >= from && l.Values.ContainsKey(name)).Select(l => new ChartPoint(l.Epoch, l.Values[name]))];
        page.Chart(
            new("epochs", "loss (nats per token, both directions)",
            [
                ChartSeries.Averaged("training", Points("train", "loss")), new("held-out", Points("validation", "loss")),
                new("held-out, another study's radiograph", Points("validation", "shuffled_loss"), IsDashed: true),
            ]),
            $"{(from > 0 ? $"From epoch {from} on. " : "")}Where the two held-out lines part, what is written depends on "
                + "the picture; where they are equal, only language was learnt.");
        if (
            result.Pretraining is { Validation: var held } && held.TryGetValue("loss", out double loss)
                && held.TryGetValue("shuffled_loss", out double shuffled))
            page.Paragraph(
                $"At the end the held-out loss is {loss:F3}, and {shuffled:F3} when each report is scored beside another study's radiograph.");
    }

    private static void Reports(HtmlReport page, IReadOnlyList<ReadReport> reports)
    {
        page.Heading("What the model writes");
        page.Paragraph("The first test radiographs, a study each, not picked by how well they are read.");
        page.Images(reports.Select(r => ReportImage.FromGrey(
            r.Image.Pixels.Span, r.Image.Width, r.Image.Height, $"synthetic radiograph {r.Image.Name}", ("Report", r.Image.TrueText!),
            ("Written by the model", r.Text))));
    }

    private static void Run(HtmlReport page, QuickstartResult result, PretrainingConfiguration configuration)
    {
        page.Heading("What was run");
        page.Table(
            new(
                ["step", "seconds"],
                [.. result.StageSeconds.Select(s => (IReadOnlyList<string>)[s.Stage, $"{s.Seconds:N1}"]),
                    ["all, two side by side", $"{result.Seconds:N1}"]]),
            $"Wall clock of this call; peak memory {result.PeakMemoryBytes / 1048576.0:N0} MiB.");
        page.Paragraph(
            OnReports(result, configuration)
                + $"The network: {configuration.Model.Backbone}, width "
                + $"{configuration.Model.BackboneWidth}, {configuration.Image.Size} px; {SettingFaults.Name(configuration.Optimizer.Name)}, rate "
                + $"{configuration.Optimizer.VisualRate}. "
            + OnLabels(result)
            + $"Labels: from {result.Settings.LabelledCount:N0} further radiographs of other patients, half of them to draw "
            + "labels from, a tenth to choose recipes on, the rest to test. Difficulty of the phantoms "
            + $"{result.Settings.Difficulty}, seed {result.Settings.Seed}. Findings, heads, epochs and optimisers were fixed " + "beforehand.");
    }

    private static string OnReports(QuickstartResult result, PretrainingConfiguration configuration) => result.Pretraining is not { } reports ? ""
        : $"Pretraining: {reports.TrainingRadiographs:N0} synthetic radiographs with reports, {reports.Epochs:0.#} epochs "
            + $"({reports.Steps:N0} updates) of {configuration.Training.BatchSize}. ";

    private static string OnLabels(QuickstartResult result) => result.Supervised is not { } labels ? ""
        : $"Pretraining on labels: {string.Join(", ", QuickstartSettings.SupervisedLabels)} of the same {labels.TrainingRadiographs:N0} radiographs, "
            + "which is what their reports say but for places and degrees, "
            + $"{labels.Epochs:0.#} epochs ({labels.Steps:N0} updates) of the same network, batches, views and optimiser. ";

    private static IEnumerable<TransferCell> Means(InitialisationResult initialisation) =>
        initialisation.Cells.Where(c => c.Task == TransferResult.MeanOverTasks);
}
