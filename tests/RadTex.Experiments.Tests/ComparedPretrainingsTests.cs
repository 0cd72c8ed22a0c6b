using System.Text.Json;
using RadTex.Data;
using RadTex.Experiments.Reproduction;
using RadTex.Experiments.Sweeps;
using RadTex.Learning.Pretraining;
using RadTex.Phantoms;
using RadTex.Studies;

namespace RadTex.Experiments.Tests;

/// <summary>Objectives and encoders beside each other: roles, equal time, the 0-label point.</summary>
[Collection(nameof(SerialTorch))]
public sealed class ComparedPretrainingsTests
{
    private static readonly string Configurations = Path.Combine(SharedData.ProjectRoot, "configs", "reproduce");

    private const string Tiny =
        "\"training.max_steps=2\",\"training.epochs=2\",\"training.batch_size=4\",\"training.groups=1\",\"model.backbone_width=16\","
            + "\"model.hidden=16\",\"model.heads=2\",\"model.feedforward=16\",\"image.size=32\",\"training.precision=fp32\","
            + "\"log.validate_every_epochs=0\"";

    [Theory, InlineData("objectives.json", ReproductionParts.Objectives), InlineData("encoders.json", ReproductionParts.Encoders)]
    public void Phantoms_configuration_scaled_down_runs_to_a_page_and_goes_on(string name, ReproductionParts parts)
    {
        using var folder = new TemporaryFolder();
        var result = Run(folder, ReproductionReader.Read(Path.Combine(Configurations, name),
        [
            "datasets.reports.phantoms.count=50", "datasets.reports.phantoms.side=64", "datasets.reports.short_side=32",
            "datasets.findings.phantoms.count=160", "datasets.findings.phantoms.side=64", "datasets.findings.short_side=32",
            "protocols.Phantoms9.labels=[\"Cardiomegaly\",\"Pleural Effusion\"]", .. Small(Path.Combine(Configurations, name)),
        ]), parts);
        Check(result, folder);
    }

    [Theory, InlineData("objectives-mimic.json", ReproductionParts.Objectives), InlineData("encoders-mimic.json", ReproductionParts.Encoders)]
    public void Mimic_cxrs_configuration_scaled_down_runs_on_phantoms_laid_out_like_it(string name, ReproductionParts parts)
    {
        using var folder = new TemporaryFolder();
        var archive = folder.File("mimic");
        PhantomArchive.Write(new(150, 3, 64, 0.3, PhantomReportStyle.Systematic), archive);
        var file = ReproductionTests.Renamed(folder, name, "Pathology9", "Findings2");
        var result = Run(folder, ReproductionReader.Read(file,
        [
            $"datasets.pathology.root={archive}", $"datasets.pathology.reports={archive}", "datasets.pathology.source=mimic-cxr-jpg",
            "datasets.pathology.tables=null", "datasets.pathology.intensity=display", "datasets.pathology.short_side=32",
            "datasets.pathology.split=hash", "datasets.pathology.fractions=0.5,0.1,0.4",
            "protocols.Findings2.protocol=Pathology9", "protocols.Findings2.labels=[\"Cardiomegaly\",\"Pleural Effusion\"]", .. Small(file),
        ]), parts);
        Check(result, folder);
    }

    [Fact]
    public void Equal_time_makes_as_many_updates_as_fill_the_slowests_time_and_costs_as_much()
    {
        using var folder = new TemporaryFolder();
        var configuration = ReproductionReader.Read(Path.Combine(Configurations, "objectives.json"));
        using (var dataset = PreparedDataset.Open(TinyRun.WriteDataset(folder.File("dataset"))))
        {
            int perEpoch = dataset.IndicesOf(Split.Train).Count(i => dataset[i].Text is not null) / 4;
            var own = TinyRun.Configuration("training.epochs=3", "training.batch_size=4", "training.max_steps=0");
            var longer = PretrainingJob.WithTimesUpdates(own, dataset, 2.5).Training;
            longer.MaxSteps.ShouldBe((long)Math.Round(3 * perEpoch * 2.5));
            (longer.Epochs * perEpoch).ShouldBeInRange((int)longer.MaxSteps, (int)longer.MaxSteps + perEpoch - 1);
        }
        var costs = ReproductionPlan.Of(configuration).Costs;
        double Seconds(string pretraining) => costs.Single(c => c.Work == $"pretraining '{pretraining}'").Seconds;
        var (slowest, _) = configuration.Pretrainings.MaxBy(p => p.Value.StepSeconds);
        string[] longer2 = [.. configuration.Pretrainings.Where(p => p.Value.Updates == PartUpdates.AsSlowest).Select(p => p.Key)];
        longer2.Length.ShouldBe(configuration.Pretrainings.Values.Count(p => p.Updates == PartUpdates.AsEpochs) - 1);
        foreach (var name in longer2.Where(n => n != "labels-time")) Seconds(name).ShouldBe(Seconds(slowest), Seconds(slowest) / 100, name);
    }

    [Fact]
    public void What_cannot_be_compared_is_told_before_anything_is_made()
    {
        string Fault(params string[] set) =>
            Should.Throw<UserErrorException>(() => ReproductionReader.Read(Path.Combine(Configurations, "objectives.json"), set)).Message;
        Fault("pretrainings.labels-time.step_seconds=null").ShouldContain("pretrainings.labels-time.step_seconds is missing");
        Fault("pretrainings.labels.step_seconds=0").ShouldContain("step_seconds is 0");
        var paper = ReproductionReader.Read(Path.Combine(Configurations, "phantom.json"));
        Should.Throw<UserErrorException>(() => ReproductionPlan.Of(paper, ReproductionParts.Objectives)).Message
            .ShouldContain("Expected initialisations of role 'objective'");
        Should.Throw<UserErrorException>(() => ReproductionPlan.Of(ReproductionReader.Read(Path.Combine(Configurations, "encoders.json"),
            ["sweep.trials=3"])).RequireDecides()).Message.ShouldContain("claim F, equal updates under Phantoms9 has 3 independent trials");
    }

    [Fact]
    public void Only_objectives_that_weigh_texts_are_asked_without_labels()
    {
        var configuration = ReproductionReader.Read(Path.Combine(Configurations, "objectives.json"));
        ClaimRow.Of(configuration, "Phantoms9").Where(r => r.IsOfEqualUpdates && r.Settings.Pretraining is not null).Where(r => r.IsZeroShot)
            .Select(r => r.Settings.Pretraining).ShouldBe(["captioning", "forward", "softmax", "sigmoid", "sum"]);
        configuration.Pretrainings["sum"].Configuration().Objective.ShouldBeOfType<SummedObjective>().Terms.Count.ShouldBe(2);
    }

    private static string[] Small(string file) =>
    [
        .. ReproductionReader.Read(file).Pretrainings.SelectMany(p => new[]
        {
            // What tells one objective or encoder from the others stays.
            $"pretrainings.{p.Key}.set=[{Different(p.Value)}{Tiny}]",
            $"pretrainings.{p.Key}.preset=phantom", $"pretrainings.{p.Key}.vocabulary=null", $"pretrainings.{p.Key}.repeats=1",
        }),
        "sweep.examples=[10,30]", "sweep.trials=2", "sweep.views=0", "statistics.describe_only=true", "statistics.resamples=20",
        "compute.pretraining_processes=1", "compute.precision=fp32",
    ];

    private static string Different(PretrainingSettings settings) => string.Concat((settings.Set ?? [])
        .Where(s => s.StartsWith("objective", StringComparison.Ordinal) || s.StartsWith("model.backbone=", StringComparison.Ordinal))
        .Select(s => $"{JsonSerializer.Serialize(s)},"));

    private static ReproductionResult Run(TemporaryFolder folder, ReproductionConfiguration configuration, ReproductionParts parts)
    {
        ReproductionResult Once() =>
            new PaperReproduction(configuration, folder.File("out")).Run(parts, null, _ => { }, null, null, CancellationToken.None);
        var first = Once();
        // The same call again finds all done: nothing passes an encoder, and every figure's provenance is the same.
        var again = Once();
        again.Sweeps.SelectMany(s => s.Passes).ShouldAllBe(p => p.Passed == 0);
        again.Sweeps.SelectMany(s => s.Runs).Select(r => r.Provenance).ShouldBe(first.Sweeps.SelectMany(s => s.Runs).Select(r => r.Provenance));
        return again;
    }

    private static void Check(ReproductionResult result, TemporaryFolder folder)
    {
        var figures = result.Figures.Protocols[0];
        var rows = ClaimRow.Of(result.Configuration, figures.Protocol);
        foreach (var row in rows)
            foreach (var (head, n) in row.Cells)
            {
                var cell = figures.Cell(row.Name, head, n).ShouldNotBeNull($"{row.Name}, {head}, {n}");
                cell.Trials.ShouldBe(2);
                if (head == SweepInitialisation.ZeroShot) cell.Auc.Mean.ShouldNotBeNull(row.Name);
            }
        result.Figures.Verdicts.Count.ShouldBe(2); // equal updates, equal time
        result.Figures.Verdicts.ShouldAllBe(v => v.Outcome == ClaimOutcome.CannotBeSaid);
        foreach (var verdict in result.Figures.Verdicts)
        {
            bool isOfTime = verdict.Claim.Contains("equal time", StringComparison.Ordinal);
            (verdict.Comparisons.Count > 0).ShouldBe(rows.Count(r => isOfTime ? r.IsOfEqualTime : r.IsOfEqualUpdates) > 1, verdict.Claim);
        }
        // Rows of equal time were trained longer than their twins, all for about the same planned time.
        figures.Pretrainings.Count.ShouldBe(result.Configuration.Pretrainings.Values.Count(p => p.StepSeconds is not null));
        foreach (var row in rows.Where(r => r.Settings.Pretraining?.EndsWith("-time", StringComparison.Ordinal) == true))
            figures.Pretrainings.Single(p => p.Initialisation == row.Name).Updates.ShouldBeGreaterThanOrEqualTo(2);
        var page = File.ReadAllText(folder.File("out/report.html"));
        page.Contains("How long each pretraining trained", StringComparison.Ordinal).ShouldBe(figures.Pretrainings.Count > 0);
        page.ShouldContain("all trained equally long");
        page.ShouldNotContain("Quigley");
        File.Exists(folder.File($"out/pretrainings-{SweepLayout.Slug(figures.Protocol)}.md")).ShouldBe(figures.Pretrainings.Count > 0);
    }
}
