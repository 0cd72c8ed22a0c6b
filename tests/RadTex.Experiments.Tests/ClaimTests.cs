using RadTex.Data;
using RadTex.Experiments.Reproduction;
using RadTex.Experiments.Sweeps;
using RadTex.Heads;
using RadTex.Learning.Transfer;
using RadTex.Studies;

namespace RadTex.Experiments.Tests;

public sealed class ClaimTests
{
    private static readonly string Configurations = Path.Combine(SharedData.ProjectRoot, "configs", "reproduce");

    /// <summary>Simulated scores of every cell a configuration would fill, through the bootstrap, the families and the verdicts as a run's own would
    /// go.</summary>
    [Theory]
    [InlineData("phantom.json", "Phantoms9")]
    [InlineData("phantom-full.json", "Phantoms9")]
    [InlineData("phantom-full.json", "Phantoms9 plain")]
    [InlineData("phantom-full.json", "PhantomEdema")]
    [InlineData("nih.json", "NIH")]
    [InlineData("mimic-cxr.json", "Pathology9")]
    [InlineData("mimic-cxr.json", "EdemaSeverity")]
    public void A_gap_of_0_3_is_declared_and_a_gap_of_0_is_not_at_each_configurations_own_comparisons_trials_and_resamples(string file,
        string protocol)
    {
        using var folder = new TemporaryFolder();
        var configuration = WithWeights(ReproductionReader.Read(Path.Combine(Configurations, file)), folder.Path);
        IReadOnlyList<ClaimVerdict> Verdicts(double leader, double others, ulong seed = 5)
        {
            var sweep = Simulated(configuration, protocol, row => row.Settings.Role == RowRole.RadTex ? leader : others, seed: seed);
            return ClaimVerdicts.Of(configuration, [sweep], [new(protocol, sweep.Protocol.IsGraded, [], [], [], [], [], [], [])],
                new(configuration.Statistics.Resamples, 1), CancellationToken.None);
        }
        int planned = ReproductionPlan.FamiliesOf(configuration).Where(f => f.Protocol == protocol && f.LeastPValue is not null).Sum(f =>
            f.Comparisons);

        var apart = Verdicts(0.85, 0.55);
        var ahead = Of(apart, "A");
        // Where no ImageNet row is asked for, the claim holds of the other half.
        ahead.Outcome.ShouldBe(configuration.Initialisations.Any(i => i.PaperRow == "imagenet" && i.Protocols?.Contains(protocol) != false)
            ? ClaimOutcome.Holds : ClaimOutcome.HoldsInPart, ahead.Verdict);
        ahead.Comparisons.ShouldAllBe(c => c.IsAbove);
        // As many were tested as the plan said.
        apart.Where(v => configuration.Statistics.Makes(v.Claim)).Sum(v => v.Comparisons.Count).ShouldBe(planned);
        foreach (var data in apart.Where(v => v.Claim.StartsWith("C,", StringComparison.Ordinal)
            && v.Comparisons.Count > 0)) data.Comparisons.ShouldAllBe(c => c.IsBelow);
        if (apart.FirstOrDefault(v => v.Claim.StartsWith("D,", StringComparison.Ordinal)) is { Comparisons.Count: > 0 } alike
            && configuration.Statistics.Makes("D")) alike.Outcome.ShouldBe(ClaimOutcome.DoesNotHold, alike.Verdict);

        // Of families that are tested at 5% one in twenty declares what is not there: one that does so must not do it again on other scores.
        string[] Wrong(ulong seed) =>
            [.. Verdicts(0.7, 0.7, seed).Where(v => v.Claim[0] is 'A' or 'C' && v.Comparisons.Any(c => c.IsDeclared)).Select(v => v.Claim)];
        if (Wrong(5) is { Length: > 0 } once) once.Intersect(Wrong(6)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("objectives.json", "Phantoms9", "E")]
    [InlineData("encoders.json", "Phantoms9", "F")]
    public void What_is_best_is_declared_in_each_series_by_itself_and_losses_are_told_first(string file, string protocol, string claim)
    {
        var configuration = ReproductionReader.Read(Path.Combine(Configurations, file), ["statistics.resamples=100"]);
        // The first row is ahead of what was trained for as many updates, and behind what was trained as long.
        var rows = ClaimRow.Of(configuration, protocol);
        string best = rows.First(r => r.IsOfEqualUpdates).Name, worst = rows.First(r => r.IsOfEqualTime).Name;
        double Auc(ClaimRow row) => row.Name == best ? 0.8 : row.Name == worst ? 0.6 : row.IsOfEqualUpdates && !row.IsOfEqualTime ? 0.5 : 0.95;
        var sweep = Simulated(configuration, protocol, Auc);
        var told = ClaimVerdicts.Of(configuration, [sweep], [new(protocol, false, [], [], [], [], [], [], [])], new(100, 1),
            CancellationToken.None);
        ClaimVerdict[] verdicts = [.. new[] { "equal time", "equal updates" }.Select(series =>
            told.Single(v => v.Claim.StartsWith($"{claim}, {protocol}, {series}: ", StringComparison.Ordinal)))];
        told.Select(v => v.Outcome).ShouldBeInOrder();
        verdicts[0].Outcome.ShouldBe(ClaimOutcome.DoesNotHold, verdicts[0].Verdict);
        verdicts[0].Comparisons.ShouldAllBe(c => c.IsBelow && c.First.Initialisation == worst);
        // The slowest belongs to both, and so is ahead of the first in both unless it is the first itself.
        verdicts[1].Comparisons.ShouldAllBe(c => c.First.Initialisation == best && (rows.Single(r => r.Name == c.Second!.Initialisation).IsOfEqualTime
            ? c.IsBelow : c.IsAbove));
        if (best == worst) verdicts[1].Outcome.ShouldBe(ClaimOutcome.Holds, verdicts[1].Verdict);
        verdicts.Sum(v => v.Comparisons.Count).ShouldBe(ReproductionPlan.FamiliesOf(configuration).Sum(f => f.Comparisons));
    }

    [Fact]
    public void A_loss_is_told_and_told_first()
    {
        var configuration = ReproductionReader.Read(Path.Combine(Configurations, "phantom.json"), ["statistics.resamples=100"]);
        var sweep = Simulated(configuration, "Phantoms9", row => row.Settings.Role == RowRole.RadTex ? 0.55 : 0.85);
        var verdicts = ClaimVerdicts.Of(configuration, [sweep], [new("Phantoms9", false, [], [], [], [], [], [], [])], new(100, 1),
            CancellationToken.None);
        verdicts[0].Claim.ShouldStartWith("A, Phantoms9");
        verdicts[0].Outcome.ShouldBe(ClaimOutcome.DoesNotHold);
        verdicts[0].Verdict.ShouldStartWith("does not hold: behind in 4, ahead in 0 of 4 comparisons");
        verdicts.Select(v => v.Outcome).ShouldBeInOrder();
    }

    [Fact]
    public void Claim_A_cannot_be_said_of_what_was_not_run_nor_of_fewer_than_five_trials()
    {
        using var folder = new TemporaryFolder();
        var configuration = ReproductionReader.Read(Path.Combine(Configurations, "phantom.json"), ["sweep.trials=4", "statistics.resamples=100"]);
        var sweep = Simulated(configuration, "Phantoms9", row => row.Settings.Role == RowRole.RadTex ? 0.9 : 0.55);
        var verdict = Of(ClaimVerdicts.Of(configuration, [sweep], [new("Phantoms9", false, [], [], [], [], [], [], [])], new(100, 1),
            CancellationToken.None), "A");
        verdict.Outcome.ShouldBe(ClaimOutcome.CannotBeSaid);
        verdict.Verdict.ShouldContain("Cannot be said of ImageNet pretraining (no weights given)");
        verdict.Comparisons.ShouldAllBe(c => c.Reason == "4 independent trials, fewer than 5" && c.HolmPValue == null);
    }

    [Fact]
    public void Claim_B_has_both_readings_figures_and_heads_and_cannot_be_said_of_a_figure_at_chance()
    {
        using var folder = new TemporaryFolder();
        var configuration = WithWeights(ReproductionReader.Read(Path.Combine(Configurations, "nih.json"), ["statistics.resamples=200"]), folder.Path);
        ClaimVerdict Verdict(double few, double all, double best) => Of(
            ClaimVerdicts.Of(
                configuration, [Simulated(configuration, "NIH", row => row.Settings.Role == RowRole.RadTex ? double.NaN : best, few, all)],
                    [new("NIH", false, [], [], [], [], [], [], [])], new(200, 1),
                CancellationToken.None), "B");

        var lost = Verdict(0.6, 0.7, 0.97);
        lost.Comparisons.Count.ShouldBe(8);
        lost.Comparisons.Select(c => c.Against).Distinct().Order().ShouldBe([-0.05, -0.033, -0.01, -0.009]);
        lost.Comparisons.Select(c => c.First.Head).Distinct().ShouldBe(["paper", "logistic"]);
        lost.Comparisons.Where(c => c.Against is -0.05 or -0.01).ShouldAllBe(c => c.Second!.Initialisation != "RadTex Frozen");
        lost.Outcome.ShouldBe(ClaimOutcome.DoesNotHold, lost.Verdict);

        // An encoder at chance loses nothing, which says nothing.
        var chance = Verdict(0.5, 0.5, 0.5);
        chance.Outcome.ShouldBe(ClaimOutcome.CannotBeSaid);
        chance.Verdict.ShouldContain("is not above chance");
    }

    [Fact]
    public void A_gain_that_the_view_alone_gives_is_none_within_views()
    {
        var configuration = ReproductionReader.Read(Path.Combine(Configurations, "phantom.json"), ["statistics.resamples=200"]);
        // Positives are anteroposterior more often; the leader's scores know the view and nothing else.
        var sweep = Simulated(configuration, "Phantoms9", row => 0.5, viewOfLeader: 2);
        var comparison = Of(ClaimVerdicts.Of(configuration, [sweep], [new("Phantoms9", false, [], [], [], [], [], [], [])], new(200, 1),
            CancellationToken.None), "A").Comparisons[0];
        comparison.Figure.ShouldBe(ComparedFigure.AucWithinViews);
        comparison.Pooled!.Value.Difference.Lower.ShouldBeGreaterThan(0.05);
        comparison.IsDeclared.ShouldBeFalse();
        comparison.IsTheView.ShouldBeTrue();
        comparison.Line().ShouldContain("which the view alone explains");
    }

    private static ClaimVerdict Of(IEnumerable<ClaimVerdict> verdicts, string claim) =>
        verdicts.First(v => v.Claim.StartsWith($"{claim},", StringComparison.Ordinal));

    /// <summary>As if all weights that the environment names were given.</summary>
    private static ReproductionConfiguration WithWeights(ReproductionConfiguration configuration, string folder)
    {
        string Weights(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        return configuration with
        {
            Initialisations = [.. configuration.Initialisations.Select(i => i.Encoder is { Length: 0 }
                ? i with { Encoder = Weights(i.PaperRow == "cxr14" ? "cxr14" : "imagenet") } : i)],
        };
    }

    /// <summary>Every cell of a protocol with scores of a given AUC: normal within classes, the same patients in all, each trial a little
    /// off.</summary>
    private static SweepResult Simulated(
        ReproductionConfiguration configuration, string name, Func<ClaimRow, double> aucOf, double few = 0, double all = 0, double viewOfLeader = 0,
        ulong seed = 5)
    {
        const int Patients = 50;
        var settings = configuration.Protocols[name];
        var known = Protocol.Find(settings.Protocol!);
        // Two labels stand for the nine: neither comparisons nor trials nor resamples depend on how many there are.
        var protocol = (known.IsGraded ? known : known.With([.. known.Labels.Take(2)])) with { Name = name };
        var random = new CounterRandom(seed);
        int classes = protocol.IsGraded ? 4 : 2;
        var radiographs = Enumerable.Range(0, 2 * Patients).Select(i =>
            Radiograph(i, $"p{i / 2}", random.UniformDouble() < 0.5 ? "AP" : "PA")).ToArray();
        int ClassOf(int i) => protocol.IsGraded ? random.Below(4) : random.UniformDouble() < (viewOfLeader > 0 ? radiographs[i].View == "AP" ? 0.75
            : 0.25 : 0.5) ? 1 : 0;
        var tests = protocol.Tasks.ToDictionary(t => t.Name, _ => new SweepTest(radiographs,
            [.. Enumerable.Range(0, radiographs.Length).Select(ClassOf)], classes));
        var runs = new List<SweepRun>();
        var rows = ClaimRow.Of(configuration, name).Where(r => r.Missing is null).ToList();
        foreach (var row in rows)
            foreach (var (head, n) in row.Cells)
                for (int trial = 0; trial < row.Trials; trial++)
                    foreach (var task in protocol.Tasks)
                    {
                        double auc = aucOf(row) is var given && double.IsNaN(given) ? n is null ? all : few : given;
                        double distance = Math.Sqrt(2) * MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, auc) + 0.05 * Normal(random);
                        var test = tests[task.Name];
                        double Score(int i) => distance * (protocol.IsGraded ? test.Classes[i] - 1.5 : test.Classes[i]) + Normal(random)
                            + (viewOfLeader > 0 && row.Settings.Role == RowRole.RadTex && radiographs[i].View == "AP" ? viewOfLeader : 0);
                        double[] probabilities = [.. Enumerable.Range(0, radiographs.Length).SelectMany(i => Probabilities(Score(i), classes))];
                        runs.Add(new(
                            name, row.Name, task.Name, n, n ?? 1000, trial, head, 128,
                                TransferScores.Of(probabilities, test.Classes, classes, [.. radiographs.Select(r => r.View)]), 0, null, "", "",
                                "", row.Part, "")
                        {
                            Test = test,
                            Probabilities = probabilities,
                        });
                    }
        return new(protocol, [.. rows.Select(r => new SweepInitialisation(r.Name, r.FineTunes, [""], PaperRecipe.Frozen, Part: r.Part))], runs, []);
    }

    private static PreparedRadiograph Radiograph(int index, string patient, string view) =>
        new(index, $"image{index}", patient, $"study{index}", view, Split.Test, null, [], "", 0, 1, 1);

    private static IEnumerable<double> Probabilities(double score, int classes)
    {
        double p = 1 / (1 + Math.Exp(-score));
        // Grades: a binomial's probabilities, whose tails rise with the score.
        return classes == 2 ? [p] : [Math.Pow(1 - p, 3), 3 * p * Math.Pow(1 - p, 2), 3 * p * p * (1 - p), Math.Pow(p, 3)];
    }

    private static double Normal(CounterRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.UniformDouble())) * Math.Cos(2 * Math.PI * random.UniformDouble());
}
