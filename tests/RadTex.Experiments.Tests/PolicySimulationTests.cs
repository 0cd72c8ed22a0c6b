using RadTex.Data;
using RadTex.Experiments.Simulation;
using RadTex.Learning.Models;
using RadTex.Learning.Transfer;
using RadTex.Selection;

namespace RadTex.Experiments.Tests;

[Collection(nameof(SerialTorch))]
public sealed class PolicySimulationTests
{
    [Fact]
    public void A_comparison_writes_its_page_goes_on_and_takes_more_replays()
    {
        using var folder = new TemporaryFolder();
        using var dataset = PreparedDataset.Open(TinyTransfer.WriteDataset(folder.File("dataset"), count: 160));
        using var source = TinyTransfer.Encoder(1);
        var extractor = new FeatureExtractor(source, new(Precision.Fp32, Batch: 16));
        var options = new SimulationOptions(["Stripes"], folder.File("out"))
        {
            Policies = [SelectionPolicies.Of("typical"), SelectionPolicies.Of("margin")],
            Replays = 3,
            Sizes = [10, 20],
        };
        var first = PolicySimulation.Run(extractor, dataset, options, cancellation: TestContext.Current.CancellationToken);
        first.Rows.Select(r => r.Policy).ShouldBe(["random", "typical", "margin"]); // random order is always among them
        first.Finished.Count.ShouldBe(9);
        first.Default.ShouldBe("random"); // one finding decides nothing
        File.ReadAllText(Path.Combine(options.Output, PolicySimulation.Report)).ShouldContain("Synthetic", Case.Insensitive);

        var more = PolicySimulation.Run(extractor, dataset, options with { Replays = 4 }, cancellation: TestContext.Current.CancellationToken);
        more.Finished.Count.ShouldBe(12);
        File.ReadLines(Path.Combine(options.Output, PolicySimulation.Journal)).Count().ShouldBe(13); // nothing was run twice
        more.Finished.Where(f => f.Result.Seed < 3).Select(f => f.Result.AreaUnderCurve)
            .ShouldBe(first.Finished.Select(f => f.Result.AreaUnderCurve));

        Should.Throw<UserErrorException>(() => PolicySimulation.Run(extractor, dataset, options with { Sizes = [10, 30] })).Message
            .ShouldContain("measured at 10, 20 labels, not 10, 30");
        Should.Throw<UserErrorException>(() => PolicySimulation.Run(extractor, dataset, options with { Labels = ["Grade"] })).Message
            .ShouldContain("3 grades");
        Should.Throw<UserErrorException>(() => PolicySimulation.Run(extractor, dataset, options with { Sizes = [20, 10] })).Message
            .ShouldContain("rising");
        Should.Throw<UserErrorException>(() => PolicySimulation.Run(extractor, dataset, options with { Sizes = [10, 900] })).Message
            .ShouldContain("are to be labelled");
    }
}
