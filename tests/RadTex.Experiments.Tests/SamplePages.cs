using System.Text.Json;
using RadTex.Data;
using RadTex.Experiments.Reproduction;
using RadTex.Experiments.Sweeps;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Inspection;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Reading;
using RadTex.Learning.Training;
using RadTex.Learning.Transfer;
using RadTex.Metrics;
using RadTex.Metrics.Intervals;
using RadTex.Phantoms;
using RadTex.Preparing;
using RadTex.Reporting;
using RadTex.Studies;
using RadTex.Text;

namespace RadTex.Experiments.Tests;

/// <summary>Pages as the product makes them, as large as real ones, of made-up figures: nothing is trained.</summary>
internal static class SamplePages
{
    private static readonly int?[] Sizes = [10, 30, 100, 300, 1_000, null];
    private static readonly string[] Findings =
        ["Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Lung Opacity", "Pleural Effusion", "Pneumonia", "Pneumothorax", "Support Devices"];
    private static readonly string Hash = string.Concat(Enumerable.Repeat("0123456789abcdef", 4));

    private static readonly (string Name, bool FineTunes, RowRole Role)[] Rows =
    [
        ("Random Init", true, RowRole.Random), ("CXR14-Pretrained", true, RowRole.Supervised), ("RadTex Frozen", false, RowRole.RadTex),
        ("RadTex Unfrozen", true, RowRole.Ablation),
        ("CXR14-Pretrained, frozen", false, RowRole.Supervised), ("RadTex Frozen, forward only", false, RowRole.Ablation),
        ("Random weights, frozen", false, RowRole.Random),
    ];

    internal static IReadOnlyList<string> Names { get; } =
        ["quickstart", "quickstart so far", "reproduction", "sweep", "read", "score", "inspection", "parts"];

    internal static string Make(string name) => name switch
    {
        "quickstart" => Quickstart().ToHtml(),
        "quickstart so far" => Quickstart(isFinished: false).ToHtml(),
        "reproduction" => Reproduction().ToHtml(),
        "sweep" => Sweep(),
        "read" => FigurePage.Build(Reports(3), $"pretrained by RadTex, dataset {Hash}", FigurePage.Origins(true, true)).ToHtml(),
        "score" => Score().ToHtml(),
        "inspection" => Inspection().ToHtml(),
        "parts" => Parts().ToHtml(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such page"),
    };

    /// <summary>Every part of a page with what is hardest to fit: long words, many columns, many lines.</summary>
    private static HtmlReport Parts() => new HtmlReport($"A page with {Hash}", $"Its lead: {Hash}.")
        .Note($"A note: {Hash}").Paragraph($"A paragraph: {Hash}{Hash}")
            .Tiles([.. Enumerable.Range(0, 5).Select(i => ($"0.{i}00 [0.100, 0.900]", $"tile {i}: {Hash}"))])
        .Heading("Tables").Table(
            new(["", .. Enumerable.Range(0, 24).Select(i => $"column {i}")], [["row", .. Enumerable.Repeat("0.500 [0.400, 0.600]", 24)]]),
            $"Caption: {Hash}")
        .Table(
            new(
                ["name", "text"],
                [["short", "words and words and words and words and words and words and words and words and words and words"], [Hash, Hash]],
                IsText: true))
        .Heading("Code").Code(string.Join(' ', Enumerable.Repeat("--flag value", 40))).List([Hash, $"two: {Hash}"])
        .Heading("Chart").Chart(
            new(
                "x", "y",
                [.. Enumerable.Range(0, 17)
                    .Select(i => new ChartSeries($"line {i} {Hash}", [new(1, i, i - 0.5, i + 0.5), new(2, i + 1, i + 0.5, i + 1.5)]))]))
        .Verdict("It holds.", $"A claim about {Hash}");

    private static HtmlReport Quickstart(bool isFinished = true)
    {
        var settings = new QuickstartSettings();
        InitialisationComparison Against(string other, double difference) =>
            new(
                global::RadTex.Experiments.Quickstart.Pretrained, other, QuickstartSettings.Compared, difference, difference - 0.03,
                difference + 0.03,
                settings.Trials, true);
        InitialisationResult Start(string name, double start, IReadOnlyList<int?> sizes) =>
            new(name, $"{name}, as described", [.. QuickstartSettings.Findings.Append(TransferResult.MeanOverTasks)
            .SelectMany(task =>
                sizes.Select(
                    (n, i) => new TransferCell(
                        task, n, n ?? 1_180, HeadKind.Logistic, 0, Scores(start + 0.05 * i), Scores(0.5), Scores(0.5), Scores(0.5),
                        Scores(start + 0.05 * i))))]);
        var result = new QuickstartResult(
            settings, new(Hash, 1_200, 12, 200, 3_200, new Dictionary<string, double> { ["loss"] = 1.5, ["shuffled_loss"] = 1.8 }, true),
            [
                Start(global::RadTex.Experiments.Quickstart.Pretrained, 0.6, QuickstartSettings.FrozenExamples),
                Start("pretrained on reports, the paper's head", 0.58, QuickstartSettings.FrozenExamples),
                Start(global::RadTex.Experiments.Quickstart.Random, 0.5, QuickstartSettings.RandomExamples),
                Start("random weights, frozen", 0.5, QuickstartSettings.FrozenExamples),
            ],
            [
                Against(global::RadTex.Experiments.Quickstart.Supervised, -0.05), Against(global::RadTex.Experiments.Quickstart.RandomFrozen, 0.01),
                Against(global::RadTex.Experiments.Quickstart.Random, 0.12),
            ],
            [], [new("drawing", 20), new("pretraining", 200)], 1L << 30, Environment());
        static LogLine Line(string kind, int i, params (string Name, double Value)[] values) =>
            new(kind, i, i / 100.0, i, i, values.ToDictionary(v => v.Name, v => v.Value + 5 / Math.Sqrt(i)));
        LogLine[] log =
        [
            .. Enumerable.Range(1, 1_200).Select(i => Line("train", i, ("loss", 1.5 + 0.1 * Math.Sin(i)))),
            .. Enumerable.Range(1, 12).Select(i => Line("validation", 100 * i, ("loss", 1.6), ("shuffled_loss", 1.8))),
        ];
        // What is soonest known: random weights, and what the pretraining came to.
        var soFar = result with { Initialisations = [.. result.Initialisations.TakeLast(1)], Comparisons = [] };
        var configuration = PretrainingConfiguration.OfPreset("phantom");
        return isFinished ? QuickstartPage.Make(result, configuration, log, Reports(4))
            : QuickstartPage.Make(soFar, configuration, log, [], isFinished: false);
    }

    private static HtmlReport Reproduction()
    {
        var cells = Rows.SelectMany((r, row) => Heads(r.FineTunes).SelectMany(head => Sizes.Select((n, i) => new CellFigure(
            r.Name, head, 128, "", n, n ?? 1_622, 5, 0, Scores(0.5 + 0.03 * row + 0.03 * i, 0.4 / (i + 1)), Scores(0.55), Scores(0.4), Scores(0.3),
            Scores(0.5), null, true))))
                .ToList();
        var difference = new PairedComparison(new(0.02, -0.01, 0.05, Interval.DefaultLevel), 0.2635);
        var figures = new ProtocolFigures(
            "Pathology9", false, cells, [.. Rows.SelectMany(
                r => Sizes.Select(n => new ComparisonFigure("RadTex Frozen (paper)", $"{r.Name} ({Heads(r.FineTunes)[0]})", n, difference, null)))],
                    [],
            [new(
                "Support Devices", 100, 0.2, 0.1, 0.1, 0.2, null, "too few positives to set an operating point of the sensitivity that was asked for",
                [.. Enumerable.Range(0, 5).Select(
                    i => new ReliabilityBin(i / 5.0, (i + 1) / 5.0, 20, 0.1 + i / 5.0, new(0.1 + i / 5.0, i / 5.0 - 0.1, 0.4 + i / 5.0, 0.95)))])],
            [], [],
            [.. Heads(false).SelectMany(head =>
                new[] { 0.1, 0.5, 1 }.Select(
                    part => new PartFigure(
                        "RadTex Frozen", head, part, 5_620 * part, 4_212, 100, Scores(0.6 + 0.1 * part), part < 1 ? difference : null)))]);
        var protocol = new Protocol(
            "Pathology9", 1, "tasks", Findings, "each label on its own", "the dataset's test split", "AUC and average precision");
        ClaimVerdict[] verdicts =
        [
            new(
                "A, Pathology9: RadTex outperforms ImageNet and in-domain supervised pretraining when fewer than 1,000 examples are available",
                "cannot be said: in none of 8 comparisons can the two be told apart",
                [.. Enumerable.Repeat(
                    "RadTex Frozen (paper) against CXR14-Pretrained (fine-tuned), 100 labels: +0.020 [-0.010, +0.050] AUC, p 0.2635, after Holm 1",
                    8)]),
            new("B, Pathology9: decreases of just 0.05 AUC and 0.01 AUCPR from all training data to 100 examples", "does not hold", []),
        ];
        var configuration = new ReproductionConfiguration(
            "a page of made-up figures", new Dictionary<string, DatasetSettings>(), new Dictionary<string, ProtocolSettings>(),
            new Dictionary<string, PretrainingSettings>(),
            [.. Rows.Select(r => new InitialisationSettings(r.Name, Role: r.Role, PaperRow: PaperFigures.Rows.ContainsKey(r.Name) ? r.Name : null))],
            new([JsonSerializer.SerializeToElement(10)]));
        var result = new ReproductionResult(
            configuration, ReproductionParts.All, [new(
                protocol, [.. Rows.Select(Initialisation)], Runs(protocol), [new("RadTex Frozen", "run/encoder", 1_622, 2, 5_000, 5_000, 60_000, 12)],
                Synthetic: true)],
            new([figures], verdicts), [new("pretraining whole", 1_000)], true, Environment());
        return ReproductionPage.Make(result, new PaperTables(result));
    }

    private static string Sweep()
    {
        using var folder = new TemporaryFolder();
        var protocol = Protocol.Of("labels", Findings);
        SweepFiles.Write(
            folder.Path,
            new(
                protocol, [.. Rows.Select(Initialisation), new("imagenet", true, [], PaperRecipe.FineTuning, Missing: "no weights given")],
                Runs(protocol), [], Synthetic: true));
        return File.ReadAllText(folder.File(SweepLayout.Report));
    }

    private static HtmlReport Score()
    {
        string[] truth =
            [.. Enumerable.Range(0, 30).Select(i => i % 2 == 0 ? "There is a small left pleural effusion." : "There is edema. No pleural effusion.")];
        string[] patients = [.. Enumerable.Range(0, 30).Select(i => $"patient {i}")];
        ReportSource[] sources = [new(ReportSource.Generated, truth),
            new(ReportSource.Constant, [.. truth.Select(_ => "No pleural effusion. No edema.")]), new(ReportSource.Nearest, [.. truth.Reverse()])];
        MapScore[] places = [.. Findings.SelectMany(
            f => new[] { LocalisationEvaluation.Centre, LocalisationEvaluation.Random, "attention", "Grad-CAM", "LayerCAM" }
                .Select(m => new MapScore(m, f, 12, 0.4, 0.2)))];
        return ScorePage.Build(
            ReportEvaluation.Score(sources, truth, patients, R2GenText.From(truth, threshold: 1)), new(places, 0.3, 0.2), Reports(3), 30,
            $"pretrained by RadTex, dataset {Hash}", FigurePage.Origins(true, true));
    }

    private static HtmlReport Inspection()
    {
        using var folder = new TemporaryFolder();
        var writer = new PreparedDatasetWriter(Findings, TinyReader.Side) { Synthetic = true };
        for (int i = 0; i < 24; i++)
        {
            var image = TinyReader.Image(i % 23);
            writer.Add(
                new($"{Hash}-{i}", $"p{i}", $"s{i}", i % 2 == 0 ? "PA" : "AP", (Split)(i % 3), "The lungs are clear.",
                [.. Findings.Select((_, f) => (double?)((i + f) % 2))]), image.Pixels.ToArray(), image.Height, image.Width);
        }
        writer.Write(folder.File("set"));
        using var dataset = PreparedDataset.Open(folder.File("set"));
        return InspectionPage.Render(DatasetInspector.Inspect(dataset), dataset);
    }

    private static ReadReport[] Reports(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        const string Generated = "There is edema . No pneumothorax . There is a small left pleural effusion .";
        var image = TinyReader.Image(i, "There is edema. No pleural effusion. The heart is normal in size.");
        string[] words = Generated.Split(' ');
        const int Grid = 8;
        float[] Map(int word) => [.. Enumerable.Range(0, Grid * Grid)
            .Select(c => (float)Math.Exp(-(Math.Pow(c % Grid - (word % 6 + 1), 2) + Math.Pow(c / Grid - (word % 4 + 2), 2)) / 3) / 12)];
        return new ReadReport(
            image, image.Pixels[..(TinyReader.Side * TinyReader.Side)], TinyReader.Side, Generated
                .Replace(" .", ".", StringComparison.Ordinal), -1, true,
            [.. words.Select((w, j) => new ReadWord(w, j > 0 && w != ".", 0.5, Map(j)))], Grid);
    })];

    private static SweepInitialisation Initialisation((string Name, bool FineTunes, RowRole Role) row) =>
        new(row.Name, row.FineTunes, ["run/encoder"], PaperRecipe.Frozen);

    private static string[] Heads(bool fineTunes) => fineTunes ? [HeadKind.FineTuned.Name()] : [HeadKind.Paper.Name(), HeadKind.Logistic.Name()];

    private static SweepRun[] Runs(Protocol protocol) => [.. Rows.SelectMany(
        (r, row) =>
            Heads(r.FineTunes).SelectMany(head => Sizes.SelectMany((n, i) => protocol.Tasks.SelectMany(task => Enumerable.Range(0, 3).Select(trial =>
        new SweepRun(
            protocol.Name, r.Name, task.Name, n, n ?? 1_622, trial, head, 128, new(0.5 + 0.03 * row + 0.03 * i + 0.02 * trial, 0.4, 0.3, 0.6), 0,
            null, Hash, "recipe", "", null, Hash))))))];

    private static ScoreSummary Scores(double mean, double half = 0.02) => new(mean, mean - half, mean + half, [mean]);

    private static RunEnvironment Environment() =>
        new("RadTex", "TorchSharp", ".NET", "Linux", "a processor", 2, 2, "cpu", DateTimeOffset.UnixEpoch, 0);
}
