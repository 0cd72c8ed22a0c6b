using RadTex.Data;
using RadTex.Experiments.Sweeps;
using RadTex.Heads;
using RadTex.Learning.Models;
using RadTex.Learning.Transfer;
using RadTex.Studies;

namespace RadTex.Experiments.Tests;

/// <summary>The row that looks at no picture.</summary>
[Collection(nameof(SerialTorch))]
public sealed class ViewOnlyTests : IDisposable
{
    private static readonly Protocol Stripes = Protocol.Of("labels", ["Stripes"]);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_sweep_has_the_view_alone_on_the_same_draws_at_half_within_views_and_concludes_within_views()
    {
        using var dataset = Open(true);
        var start = new SweepInitialisation("random", false, ["random:resnet18:16"], new(0.05, 1, BatchSize: 6));
        var said = new List<string>();
        var result = Run(dataset, [start], said.Add);
        result.Initialisations.Select(i => i.Name).ShouldBe(["random", SweepInitialisation.ViewOnlyName]);
        foreach (int? n in new int?[] { 14, 40 })
        {
            var view = result.Cell(SweepInitialisation.ViewOnlyName, "logistic", n);
            view.Select(r => (r.Trial, r.Count, r.Redraws, r.Test!.Classes.Length))
                .ShouldBe(result.Cell("random", "logistic", n).Select(r => (r.Trial, r.Count, r.Redraws, r.Test!.Classes.Length)));
            view.ShouldAllBe(r => r.Scores.AucWithinViews == 0.5);
            view.ShouldAllBe(r => r.Probabilities!.Distinct().Count() <= 2);
        }
        // Seven of ten striped radiographs are AP, three of ten others: over all radiographs the view tells much.
        result.Mean(result.Cell(SweepInitialisation.ViewOnlyName, "logistic", 40), s => s.Auc).Summary.Mean!.Value.ShouldBeGreaterThan(0.6);
        result.PaperWay(SweepInitialisation.ViewOnlyName).ShouldBe("logistic");

        SweepFiles.Write(folder.File("page"), result).ShouldContain(l => l.StartsWith(SweepInitialisation.ViewOnlyName, StringComparison.Ordinal));
        var page = File.ReadAllText(folder.File("page/report.html"));
        page.ShouldContain("Whose mean AUC within views is the highest?");
        page.ShouldContain("within views, ");
        // What is done is found again.
        Run(dataset, [start]).Runs.Select(r => $"{r.Initialisation} {r.Task} {r.Examples} {r.Trial} {r.Head} {r.Scores}")
            .ShouldBe(result.Runs.Select(r => $"{r.Initialisation} {r.Task} {r.Examples} {r.Trial} {r.Head} {r.Scores}"));
    }

    [Fact]
    public void One_view_leaves_nothing_to_tell_and_a_view_cannot_be_fine_tuned()
    {
        using var dataset = Open(false);
        var result = Run(dataset, []);
        var (summary, reason) = result.Mean(result.Cell(SweepInitialisation.ViewOnlyName, "logistic", 14), s => s.Auc);
        (summary.Mean, reason).ShouldBe((null, "all training radiographs are of one view (PA)"));
        Should.Throw<UserErrorException>(() => Run(dataset, [new("tuned", true, ["view"], PaperRecipe.FineTuning)])).Message
            .ShouldContain("cannot be fine-tuned");
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_transfer_tells_what_the_view_alone_reaches_on_its_draws(bool fineTunes)
    {
        using var dataset = Open(true);
        var plan = TinyTransfer.Plan(TinyTransfer.Stripes, new(0.05, 1, BatchSize: 6), trials: 2, examples: [14]);
        TransferResult result;
        using (var encoder = TinyTransfer.Encoder(0))
            result = fineTunes
                ? FineTuning.Run(
                    TinyTransfer.Encoder, dataset, dataset, new(plan, folder.File("out"), Compute: new(Precision.Fp32), Keep: KeptNetworks.None))
                : FrozenTransfer.Run(new(encoder, new(Precision.Fp32)), dataset, dataset, new(plan, folder.File("out")));
        var cell = result.ViewOnly!.ShouldHaveSingleItem();
        cell.AucWithinViews.Trials.ShouldAllBe(t => t == 0.5);
        var sweep = LabelEfficiencySweep.Run(Stripes, dataset, [], new(folder.File("sweep"), [14], 2, plan.Seed));
        sweep.Cell(SweepInitialisation.ViewOnlyName, "logistic", 14).Select(r => r.Scores.Auc).ShouldBe(cell.Auc.Trials);
        TransferTable.Lines(result).ShouldContain(l => l.Contains("view only", StringComparison.Ordinal));
        File.ReadAllText(folder.File("out/metrics.json")).ShouldContain("\"view_only\": [");
    }

    [Fact]
    public void A_draw_of_one_view_gives_the_same_score_to_all()
    {
        var radiographs = Enumerable.Range(0, 40).Select(i =>
            new PreparedRadiograph(
                i, $"i{i}", $"p{i}", $"s{i}", i < 20 ? "AP" : i < 30 ? "pa" : "", i < 20 ? Split.Train : Split.Test, null, [i % 2], "", 0, 1,
                1)).ToArray();
        var views = ViewFeatures.Of(radiographs);
        views.Views.ShouldBe(["AP", "PA", "unknown"]);
        var features = views.Of(new LabelledPool(radiographs, ["x"]));
        var head = LogisticHead.Fit(
            features, [.. Enumerable.Range(0, 20)], [.. Enumerable.Range(0, 20).Select(i => i % 2)], 2, new CounterRandom(1)).Head;
        head.Probabilities(features).Distinct().ShouldHaveSingleItem().ShouldBe(0.5, 1e-6);
    }

    private PreparedDataset Open(bool hasViews) => PreparedDataset.Open(TinyTransfer.WriteDataset(
        folder.File("dataset"), 500, view: hasViews ? (stripes, random) => random.Below(10) < (stripes == 1 ? 7 : 3) ? "AP" : "PA" : null));

    private SweepResult Run(PreparedDataset dataset, SweepInitialisation[] starts, Action<string>? log = null) =>
        LabelEfficiencySweep.Run(
            Stripes, dataset, starts,
            new(folder.File("sweep"), [14, 40], 2, 3, RandomSide: TinyTransfer.Side, Compute: new(Precision.Fp32, Batch: 64)), log);
}
