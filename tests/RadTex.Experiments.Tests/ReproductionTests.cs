using System.Text.Json.Nodes;
using Parquet;
using RadTex.Experiments.Reproduction;
using RadTex.Experiments.Sweeps;
using RadTex.Learning.Transfer;
using RadTex.Metrics;
using RadTex.Phantoms;

namespace RadTex.Experiments.Tests;

[Collection(nameof(SerialTorch))]
public sealed class ReproductionTests
{
    private static readonly string Configurations = Path.Combine(SharedData.ProjectRoot, "configs", "reproduce");

    /// <summary>configs/reproduce/mimic-cxr.json as it is, but for smaller networks, fewer of everything and where things lie.</summary>
    [Fact]
    public async Task Mimic_cxrs_configuration_runs_on_phantoms_laid_out_like_it_and_goes_on_where_it_stopped()
    {
        using var folder = new TemporaryFolder();
        var archive = folder.File("mimic");
        PhantomArchive.Write(new(150, 3, 64, 0.3, PhantomReportStyle.Systematic), archive);
        const string tiny =
            "[\"training.max_steps=2\",\"training.batch_size=4\",\"model.backbone_width=16\",\"model.hidden=16\","
                + "\"model.heads=2\",\"model.feedforward=16\",\"image.size=32\",\"training.precision=fp32\"," + "\"log.validate_every_epochs=0\"]";
        string[] pretrainings = ["whole", "half", "quarter", "tenth", "quarter-updates", "tenth-updates", "forward"];
        string[] set =
        [
            $"datasets.pathology.root={archive}", $"datasets.edema.root={archive}", $"datasets.pathology.reports={archive}",
            $"datasets.edema.reports={archive}",
            $"datasets.edema.edema={archive}/edema", $"datasets.edema.test_patients={archive}/edema/consensus_image_edema_severity.csv",
            "datasets.pathology.short_side=32", "datasets.edema.short_side=32",
            .. new[] { "pathology", "edema" }.SelectMany(d => new[] { $"datasets.{d}.source=mimic-cxr-jpg", $"datasets.{d}.tables=null",
                $"datasets.{d}.intensity=display" }),
            "datasets.pathology.split=hash", "datasets.pathology.fractions=0.5,0.1,0.4",
            .. pretrainings.SelectMany(p => new[] { $"pretrainings.{p}.preset=phantom", $"pretrainings.{p}.vocabulary=null",
                $"pretrainings.{p}.set={(p.StartsWith("tenth", StringComparison.Ordinal)
                    ? tiny.Replace("batch_size=4", "batch_size=2", StringComparison.Ordinal) : tiny)}",
                $"pretrainings.{p}.repeats={(p == "whole" ? 2 : 1)}" }),
            "protocols.Findings2.protocol=Pathology9", "protocols.Findings2.labels=[\"Cardiomegaly\",\"Pleural Effusion\"]",
                "statistics.describe_only=true", "initialisations.0.batches=[16]", "initialisations.4.batches=null",
                "initialisations.0.encoder=random:resnet18:16", "initialisations.0.epochs=1", "initialisations.4.epochs=1",
            "sweep.examples=[10,20,40,\"all\"]", "sweep.trials=2", "sweep.views=1", "statistics.figure3=[20]", "statistics.resamples=30",
            $"statistics.groups={archive}/patients.csv.gz", "compute.precision=fp32",
        ];
        var configuration = ReproductionReader.Read(Renamed(folder, "mimic-cxr.json", "Pathology9", "Findings2"), set);
        var output = folder.File("out");
        var said = new List<string>();
        using (var stop = new CancellationTokenSource())
        {
            // Stopped in the first sweep, once an encoder has passed.
            Should.Throw<OperationCanceledException>(() => new PaperReproduction(configuration, output).Run(ReproductionParts.All, null, line =>
            {
                if (line.Contains("ratio", StringComparison.Ordinal)) stop.Cancel();
            }, null, null, stop.Token));
        }
        var result = new PaperReproduction(configuration, output).Run(ReproductionParts.All, null, said.Add, null, null, CancellationToken.None);

        said.ShouldContain(l => l.Contains("were done before"));
        said.ShouldContain(l => l.Contains("sees none of the"));
        var table = File.ReadAllText(Path.Combine(output, "table1.md"));
        table.ShouldContain("| IN-Pretrained | n/a: no weights given");
        table.ShouldContain("RadTex Frozen, the paper");
        // Tables show the recipe's own batch, not the smallest that was tried.
        var findings = result.Figures.Protocols[2];
        var paperCells = findings.Cells.Where(c => c.Head == "paper" && c.Initialisation == "RadTex Frozen").ToList();
        paperCells.Select(c => c.Batch).Distinct().Order().ShouldBe([16, 64, 128]);
        findings.Cell("RadTex Frozen", "paper", null)!.Batch.ShouldBe(128);
        // A further batch of a network trained whole is a row of its own.
        findings.Cells.First(c => c.Initialisation == "Random Init, batch 16").Batch.ShouldBe(16);
        result.Figures.Verdicts.Count.ShouldBe(9); // A and B under three protocols, C of both series and D under one
        result.Figures.Verdicts.ShouldAllBe(v => v.Outcome == ClaimOutcome.CannotBeSaid && v.Verdict == "cannot be said: the plan makes no claims");
        result.Figures.Verdicts.SelectMany(v => v.Comparisons).ShouldAllBe(c => c.HolmPValue == null);
        result.Figures.Protocols.Select(p => p.Protocol).ShouldBe(["EdemaSeverity", "EdemaConsensus", "Findings2"]);
        findings.Parts.Where(p => p.Series == "equal epochs").Select(p => p.Part).Distinct().ShouldBe([0.1, 0.25, 0.5, 1]);
        findings.Parts.Where(p => p.Series == "equal updates").Select(p => p.Part).Distinct().ShouldBe([0.1, 0.25]);
        // Phantoms are of two views, and these few have too few findings in each: it is said that comparisons are over all views.
        findings.ViewsNote!.ShouldContain("has no AUC within them: no view has 10 positives and 10 negatives");
        findings.Comparisons.ShouldAllBe(c => c.Figure == ComparedFigure.Auc);
        findings.Subgroups.Select(s => s.Kind).Distinct().ShouldBe(["view", "sex", "age"]);
        foreach (var file in new[] { "table1.tex", "table1.csv", "edemaseverity.md", "figure2-findings2.svg", "figure2-findings2.png",
            "figure2-f1-edemaseverity.png", "figure3-findings2.png", "comparisons-findings2.csv", "claims-findings2.md",
            "report.html", "log.txt" })
            File.Exists(Path.Combine(output, file)).ShouldBeTrue(file);
        var page = File.ReadAllText(Path.Combine(output, "report.html"));
        page.ShouldContain("synthetic");
        page.ShouldContain("C, Findings2, equal updates: pretraining on at least 100K examples is necessary");
        await using var stream = File.OpenRead(Path.Combine(output, "results.parquet"));
        await using var reader = await ParquetReader.CreateAsync(stream, cancellationToken: TestContext.Current.CancellationToken);
        reader.Schema.DataFields.Select(f => f.Name).ShouldContain("provenance_sha256");
        reader.RowGroups.Sum(g => g.RowCount).ShouldBe(result.Sweeps.Sum(s => s.Runs.Count));
        JsonNode.Parse(File.ReadAllText(Path.Combine(output, "results.json")))!["figures"]!["verdicts"]!.AsArray().Count.ShouldBe(9);

        // A second call does nothing again and finds the same.
        var again = new PaperReproduction(configuration, output).Run(ReproductionParts.All, null, _ => { }, null, null, CancellationToken.None);
        again.Sweeps.SelectMany(s => s.Passes).ShouldAllBe(p => p.Passed == 0);
        again.Sweeps.SelectMany(s => s.Runs).Select(r => r.Provenance).ShouldBe(result.Sweeps.SelectMany(s => s.Runs).Select(r => r.Provenance));
        File.ReadAllText(Path.Combine(output, "table1.md")).ShouldBe(table);
    }

    /// <summary>
    /// configs/reproduce/phantom.json with its controls, fewer of everything and small numbers of labels alone: most radiographs then never pass the
    /// encoder.
    /// </summary>
    [Fact]
    public void Phantoms_configuration_scaled_down_to_few_labels_runs_with_its_controls()
    {
        using var folder = new TemporaryFolder();
        string[] pretrainings = ["whole", "half", "quarter", "tenth", "quarter-updates", "tenth-updates", "labels"];
        const string tiny =
            "[\"training.max_steps=1\",\"training.batch_size=2\",\"model.backbone_width=16\",\"model.hidden=16\","
                + "\"model.heads=2\",\"model.feedforward=16\",\"image.size=32\",\"training.precision=fp32\"," + "\"log.validate_every_epochs=0\"]";
        var configuration = ReproductionReader.Read(Renamed(folder, "phantom.json", "Phantoms9", "One"),
        [
            "datasets.reports.phantoms.count=60", "datasets.reports.phantoms.side=64", "datasets.reports.short_side=32",
            "datasets.findings.phantoms.count=160", "datasets.findings.phantoms.side=64", "datasets.findings.short_side=32",
            .. pretrainings.SelectMany(p => new[] { $"pretrainings.{p}.set={tiny}", $"pretrainings.{p}.repeats=1" }),
            .. new[] { "0", "1", "2", "5" }.SelectMany(row => new[] { $"initialisations.{row}.epochs=1", $"initialisations.{row}.candidates=null" }),
                "initialisations.0.examples=[10,1000]",
            "protocols.One.labels=[\"Cardiomegaly\"]", "statistics.describe_only=true", "sweep.examples=[10,30]", "sweep.trials=2",
            "statistics.resamples=20", "statistics.figure3=[10]", "compute.pretraining_processes=1", "compute.precision=fp32",
        ]);
        var result = new PaperReproduction(configuration, folder.File("out"))
            .Run(ReproductionParts.All, null, _ => { }, null, null, CancellationToken.None);
        result.Figures.Protocols[0].Cells.Select(c => c.Control).Distinct().Order(StringComparer.Ordinal)
            .ShouldBe(["", "shuffled labels", "view as label"]);
        // Numbers of labels of a row's own that the dataset does not have are "n/a", not a fault.
        result.Figures.Protocols[0].Cells.First(c => c.Initialisation == "Random Init" && c.Examples == 1000).Reason!
            .ShouldContain("fewer than 1,000");
    }

    [Fact]
    public void What_is_missing_is_found_before_anything_is_drawn_or_prepared()
    {
        using var folder = new TemporaryFolder();
        string Refusal(params string[] set) => Should.Throw<UserErrorException>(
            () => new PaperReproduction(ReproductionReader.Read(Path.Combine(Configurations, "nih.json"), set), folder.File("out"))
            .Run(ReproductionParts.All, null, _ => { }, null, null, CancellationToken.None)).Message;
        Refusal($"datasets.nih.root={folder.File("nowhere")}").ShouldContain("datasets.nih.root");
        Directory.CreateDirectory(folder.File("nih"));
        Refusal($"datasets.nih.root={folder.File("nih")}").ShouldContain("statistics.groups");
        // The root says where the table of patients lies.
        File.WriteAllText(folder.File("nih/Data_Entry_2017.csv"), "Image Index,Finding Labels\n");
        Refusal($"datasets.nih.root={folder.File("nih")}").ShouldContain("neither sex nor age");
        Refusal($"datasets.nih.root={folder.File("nih")}", "statistics.groups=null", "datasets.nih.split=best").ShouldContain("split 'best'");
        Directory.Exists(folder.File("out")).ShouldBeFalse();
    }

    [Fact]
    public void A_candidates_rate_is_read_the_same_in_every_culture()
    {
        var before = System.Globalization.CultureInfo.CurrentCulture;
        try
        {
            // as de-DE writes numbers; the suite runs without cultures
            var german = (System.Globalization.CultureInfo)System.Globalization.CultureInfo.InvariantCulture.Clone();
            (german.NumberFormat.NumberDecimalSeparator, german.NumberFormat.NumberGroupSeparator) = (",", ".");
            System.Globalization.CultureInfo.CurrentCulture = german;
            ReproductionReader.Candidate("sgd:0.02", PaperRecipe.FineTuning).LearningRate.ShouldBe(0.02);
            Should.Throw<UserErrorException>(() => ReproductionReader.Candidate("sgd:0,02", PaperRecipe.FineTuning));
        }
        finally { System.Globalization.CultureInfo.CurrentCulture = before; }
    }

    [Fact]
    public void A_pretraining_on_a_dataset_with_test_patients_is_refused_before_it_begins()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("config.json");
        File.WriteAllText(file, """
            {
              "name": "void",
              "datasets": {
                "all": { "phantoms": { "count": 40, "side": 64 }, "short_side": 32, "split": "hash", "fractions": "1,0,0" },
                "findings": { "phantoms": { "count": 40, "side": 64 }, "short_side": 32, "labels": "truth", "split": "hash", "fractions": "0.5,0,0.5" }
              },
              "protocols": { "P": { "dataset": "findings", "labels": ["Edema"] } },
              "pretrainings": { "whole": { "dataset": "all", "preset": "phantom" } },
              "initialisations": [{ "name": "RadTex", "role": "radtex", "pretraining": "whole" }],
              "sweep": { "examples": [10] }
            }
            """);
        var reproduction = new PaperReproduction(ReproductionReader.Read(file), folder.File("out"));
        Should.Throw<UserErrorException>(() => reproduction.Run(ReproductionParts.Table1, null, _ => { }, null, null, CancellationToken.None)).Message
            .ShouldContain("Every figure would be void".ToLowerInvariant());
        Directory.Exists(folder.File("out/pretraining")).ShouldBeFalse();
    }

    [Theory, InlineData("phantom.json"), InlineData("phantom-full.json"), InlineData("nih.json"), InlineData("mimic-cxr.json"),
        InlineData("objectives.json"), InlineData("objectives-mimic.json"), InlineData("encoders.json"), InlineData("encoders-mimic.json")]
    public void Every_configuration_is_read(string name)
    {
        var configuration = ReproductionReader.Read(Path.Combine(Configurations, name));
        configuration.Initialisations.ShouldContain(i => i.Role == RowRole.RadTex);
        ReproductionReader.Write(configuration).ShouldContain("\"initialisations\"");
    }

    [Fact]
    public void Unknown_keys_and_names_are_errors_and_the_environment_fills_in_paths()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(Configurations, "phantom.json");
        Should.Throw<UserErrorException>(() => ReproductionReader.Read(path, ["sweep.trails=2"])).Message.ShouldContain("trails");
        // All faults at once, in the file's own words; only what is no JSON has a line.
        var faults = Should.Throw<UserErrorException>(
            () => ReproductionReader.Read(
                path,
                ["sweep.trails=2", "sweep.trials=many", "initialisations.3.rate=x", "seed=1.5", "protocols=7", "initialisations.0={}"])).Message;
        foreach (
            var part in new[] { "sweep.trails is not known (expected one of examples, trials,", "sweep.trials is \"many\" (expected a whole number)",
                "initialisations.3.rate is \"x\" (expected a number)", "seed is 1.5", "protocols is 7", "initialisations.0.name is missing" })
            faults.ShouldContain(part);
        foreach (var foreign in new[] { ".NET", "RadTex.", " line " }) faults.ShouldNotContain(foreign);
        File.WriteAllText(folder.File("broken.json"), "{\n  \"name\": 1,\n  oops\n}");
        Should.Throw<UserErrorException>(() => ReproductionReader.Read(folder.File("broken.json"))).Message
            .ShouldContain("broken.json, line 3, is no JSON");
        Should.Throw<UserErrorException>(() => ReproductionReader.Read(path, ["initialisations.4.candidates=[\"sgd:0,02\"]"])).Message
            .ShouldContain("'sgd:0,02'");
        Should.Throw<UserErrorException>(() => ReproductionReader.Read(path, ["initialisations.3.pretraining=hole"])).Message.ShouldContain("'hole'");
        Should.Throw<UserErrorException>(() => ReproductionReader.Read(path, ["initialisations.30.rate=1"])).Message.ShouldContain("'30'");
        var nih = ReproductionReader.Read(Path.Combine(Configurations, "nih.json"), ["datasets.nih.root=${RADTEX_NOT_SET:-here}/nih"]);
        nih.Datasets["nih"].Root.ShouldBe("here/nih");
        nih.Initialisations.First(i => i.Name == "IN-Pretrained").Encoder.ShouldBe(Environment.GetEnvironmentVariable("IMAGENET_ENCODER") ?? "");
    }

    [Fact]
    public void Tables_are_escaped_in_latex_and_csv()
    {
        var table = new TextTable("50% & more", ["a", "b|c"], [["x_1", "1,5 ± 2"]]);
        table.ToLatex().ShouldContain("x\\_1 & 1,5 $\\pm$ 2 \\\\");
        table.ToLatex().ShouldContain("50\\% \\& more");
        new TextTable("p", ["a", "p"], [["x", "<0.0001"]]).ToLatex().ShouldContain("x & $<$0.0001");
        table.ToCsv().ShouldBe("a,b|c\nx_1,\"1,5 ± 2\"\n");
        table.ToMarkdown().ShouldContain("b\\|c");
    }

    [Fact]
    public void A_forecast_is_tried_out_on_the_sizes_left_out()
    {
        var random = new Random(1);
        int[] sizes = [10, 30, 100, 300, 1000];
        var law = new PowerLaw(0.9, 0.8, 0.4);
        var curve = sizes.Select(n => (n, Enumerable.Range(0, 5).Select(_ => law.At(n) + 0.005 * (random.NextDouble() - 0.5)).ToArray())).ToList();
        var forecast = LabelForecast.Of("radtex", "logistic", curve, [10_000], 0).ShouldNotBeNull();
        forecast.Expected.ShouldHaveSingleItem().Expected.Estimate.ShouldBe(law.At(10_000), 0.015);
        forecast.LeftOut.Select(l => (l.From, l.Examples)).ShouldBe([(100, 300), (100, 1000), (300, 1000)]);
        forecast.LeftOut.ShouldAllBe(l => l.Observed > l.Expected.Lower - 0.02 && l.Observed < l.Expected.Upper + 0.02);
    }

    /// <summary>A configuration under another protocol's name, since a known protocol's is its own with all its labels.</summary>
    internal static string Renamed(TemporaryFolder folder, string name, string from, string to)
    {
        var file = folder.File(name);
        File.WriteAllText(file, File.ReadAllText(Path.Combine(Configurations, name)).Replace($"\"{from}\": {{ \"protocol\": \"Pathology9\"",
            $"\"{to}\": {{ \"protocol\": \"Pathology9\"", StringComparison.Ordinal)
            .Replace($"\"protocols\": [\"{from}\"]", $"\"protocols\": [\"{to}\"]", StringComparison.Ordinal));
        return file;
    }
}
