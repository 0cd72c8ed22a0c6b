using RadTex.Experiments.Reproduction;
using RadTex.Files;

namespace RadTex.Experiments.Tests;

public sealed class ReproductionPlanTests
{
    private static readonly string Configurations = Path.Combine(SharedData.ProjectRoot, "configs", "reproduce");

    [Theory, InlineData("phantom.json"), InlineData("phantom-full.json"), InlineData("nih.json"), InlineData("mimic-cxr.json"),
        InlineData("objectives.json"), InlineData("objectives-mimic.json"), InlineData("encoders.json"), InlineData("encoders-mimic.json")]
    public void Every_shipped_plan_decides_what_it_claims(string name)
    {
        var plan = ReproductionPlan.Of(ReproductionReader.Read(Path.Combine(Configurations, name)));
        plan.Refusals.ShouldBeEmpty();
        plan.RequireDecides();
        var tested = plan.Families.Where(f => f.LeastPValue is not null).ToList();
        tested.ShouldNotBeEmpty();
        tested.ShouldAllBe(f => f.Trials >= 5 && f.LeastPValue < 0.05 && f.SmallestGap < 0.3);
    }

    [Fact]
    public void Phantoms_plan_takes_less_than_90_minutes_and_each_stage_of_the_whole_less_than_120()
    {
        ReproductionPlan.Of(ReproductionReader.Read(Path.Combine(Configurations, "phantom.json"))).Seconds.ShouldBeInRange(40 * 60, 90 * 60);
        foreach (var name in new[] { "phantom-full.json", "objectives.json", "encoders.json" })
        {
            var whole = ReproductionReader.Read(Path.Combine(Configurations, name));
            foreach (var stage in whole.Stages!.Keys) ReproductionPlan.Of(whole.Stage(stage)).Seconds.ShouldBeInRange(10 * 60, 120 * 60, stage);
        }
    }

    [Fact]
    public void A_plan_that_cannot_decide_is_refused_with_what_would_and_nothing_is_made()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(Configurations, "phantom.json");
        string Refusal(params string[] set)
        {
            var configuration = ReproductionReader.Read(path, set);
            var message = Should.Throw<UserErrorException>(() => new PaperReproduction(configuration, folder.File("out")).Run(ReproductionParts.All,
                null, _ => { }, null, null, CancellationToken.None)).Message;
            Directory.Exists(folder.File("out")).ShouldBeFalse();
            Should.Throw<UserErrorException>(() => ReproductionPlan.Of(configuration).RequireDecides()).Message.ShouldBe(message);
            return message;
        }
        var few = Refusal("sweep.trials=3");
        few.ShouldContain("claim A under Phantoms9 has 3 independent trials of RadTex Frozen or Supervised, expected 5");
        few.ShouldContain("statistics.describe_only");
        // Trials that share a pretraining are no independent ones.
        Refusal("pretrainings.labels.repeats=2").ShouldContain("has 2 independent trials of RadTex Frozen or Supervised");
        Refusal("statistics.assumed={\"trial_deviation\":0.2}")
            .ShouldMatch("would not declare a gap of 0.3 AUC .* at the scatter assumed; [0-9]+ trials would");
        Refusal("statistics.assumed={\"patient_deviation\":0.2}").ShouldContain("not even 100 trials would: test more patients");
        ReproductionPlan.Of(ReproductionReader.Read(path, ["sweep.trials=3", "statistics.describe_only=true"])).Refusals.ShouldBeEmpty();
        Should.Throw<UserErrorException>(() => ReproductionPlan.Of(ReproductionReader.Read(Path.Combine(Configurations, "phantom-full.json"),
            ["statistics.margin=0.01"])).RequireDecides())
            .Message.ShouldContain("a margin of 0.0");
    }

    [Fact]
    public void A_stage_keeps_its_rows_protocols_datasets_and_numbers_of_labels()
    {
        var whole = ReproductionReader.Read(Path.Combine(Configurations, "phantom-full.json"));
        var edema = whole.Stage("edema");
        edema.Protocols.Keys.ShouldBe(["PhantomEdema"]);
        edema.Datasets.Keys.ShouldBe(["reports", "edema"]);
        edema.Initialisations.ShouldAllBe(i => i.Protocols!.SequenceEqual(new[] { "PhantomEdema" }));
        var last = whole.Stage("random-all");
        last.Sweep.Examples.Select(e => e.ToString()).ShouldBe(["10", "100", "all"]);
        last.Initialisations.Select(i => i.Name).ShouldBe(["Random Init", "RadTex Frozen"]);
        Should.Throw<UserErrorException>(() => whole.Stage("none")).Message.ShouldContain("expected random, random-all, fine-tuned, plain, edema");
        Should.Throw<UserErrorException>(() => ReproductionReader.Read(Path.Combine(Configurations, "phantom-full.json"),
            ["stages.random.examples=[30]"])).Message
            .ShouldContain("lacks the smallest number of labels");
    }

    [Fact]
    public void What_is_missing_is_named_by_its_own_row()
    {
        var families = ReproductionPlan.FamiliesOf(ReproductionReader.Read(
            Path.Combine(Configurations, "mimic-cxr.json"), ["initialisations.1.encoder=", "initialisations.2.encoder="]));
        families.First(f => f.Claim == "A").Missing
            .ShouldBe("ImageNet pretraining (no weights given); in-domain supervised pretraining (no weights given)");
    }

    [Fact]
    public void A_known_protocols_name_is_its_own()
    {
        var path = Path.Combine(Configurations, "mimic-cxr.json");
        Should.Throw<UserErrorException>(() => ReproductionReader.Read(path,
            ["protocols.Pathology9.labels=[\"Edema\"]"])).Message
                .ShouldContain("protocols.Pathology9 is named as the known protocol of 9 labels and is not that");
    }

    [Fact]
    public void Costs_are_of_measured_rates_and_scaled_to_other_networks()
    {
        var plan = ReproductionPlan.Of(ReproductionReader.Read(Path.Combine(Configurations, "mimic-cxr.json")));
        plan.Costs.Single(c => c.Work.StartsWith("pretraining on reports (", StringComparison.Ordinal)).PerSecond.ShouldBe(4.4);
        var (rate, where) = WorkRates.Of(WorkKind.FineTuning, new("resnet18", 64, 224));
        rate.ShouldBeInRange(20, 35);
        where.ShouldContain("scaled from resnet50, width 64, 256 px");
        plan.Lines().ShouldContain(l => l.StartsWith("Cost: about ", StringComparison.Ordinal)
            && l.EndsWith("days by measured rates:", StringComparison.Ordinal));
    }

    [Theory, InlineData("phantom.json"), InlineData("phantom-full.json"), InlineData("nih.json"), InlineData("objectives.json"),
        InlineData("encoders.json")]
    public void The_demonstrations_plan_is_of_the_configuration_as_it_is(string name)
    {
        var plan = File.ReadAllText(Path.Combine(SharedData.ProjectRoot, "docs", "results", "demonstrations.md"));
        plan.ShouldContain(
            FileHash.Sha256(Path.Combine(Configurations, name)),
            customMessage: $"{name} is another one than the plan names: write down why, and its SHA-256");
    }
}
