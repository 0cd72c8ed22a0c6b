using System.Text.Json;
using RadTex.Data;
using RadTex.Learning.Models;
using RadTex.Learning.Transfer;
using RadTex.Studies;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Transfer;

[Collection(nameof(SerialTorch))]
public sealed class PracticalRecipeTests : IDisposable
{
    // Steps so small that float32 hardly sees them.
    private static readonly PracticalRecipe Still = new(EncoderRate: 1e-12, LayerRate: 1e-12, Epochs: 1, BatchSize: 6);
    private static readonly PracticalRecipe Moving = new(EncoderRate: 1e-3, LayerRate: 1e-3, Epochs: 4, BatchSize: 6);

    // At 32 pixels the last stages see one value, and of a kernel of nine only the weight in the middle moves.
    private const double LeastShare = 0.2;

    private readonly TemporaryFolder folder = new();
    private readonly PreparedDataset dataset;

    public PracticalRecipeTests() => dataset = PreparedDataset.Open(TinyTransfer.WriteDataset(folder.File("dataset")));

    public void Dispose()
    {
        dataset.Dispose();
        folder.Dispose();
    }

    [Theory, InlineData("Stripes"), InlineData("Grade")]
    public void Network_before_its_first_update_is_the_frozen_classifier(string label)
    {
        var plan = TinyTransfer.Plan(new(label));
        using var start = Encoder(0);
        var extractor = new FeatureExtractor(start, new(Precision.Fp32));
        // Fine-tuning starts trial i from the i-th encoder; here all start from the first, as frozen heads do.
        var tuned = FineTuning.Run(_ => Encoder(0), dataset, dataset, Options(plan, Still) with { Output = folder.File("tuned") });
        var frozen = FrozenTransfer.Run(extractor, dataset, dataset, new FrozenTransferOptions(plan, folder.File("frozen")));
        int[] rows = [.. dataset.IndicesOf(Split.Test).Where(i => dataset[i].Labels[label == "Stripes" ? 0 : 1] is not null)];
        var features = extractor.Extract(dataset, rows);
        foreach (var (network, head) in tuned.Trials.Zip(frozen.Trials))
        {
            (network.Examples, network.Trial, network.Count).ShouldBe((head.Examples, head.Trial, head.Count));
            var (own, expected) = (network.FineTuned!.Probabilities!, head.Weights!.Probabilities(features));
            own.Length.ShouldBe(expected.Length);
            for (int i = 0; i < own.Length; i++) own[i].ShouldBe(expected[i], 2e-5);
        }
    }

    [Fact]
    public void Statistics_of_batch_norms_stay_while_weights_move_and_the_papers_recipe_moves_both()
    {
        (int Index, int Class)[] examples = [.. dataset.IndicesOf(Split.Train).Take(7).Select((i, k) => (i, k % 2))];
        var plan = TinyTransfer.Plan(TinyTransfer.Stripes);
        using var start = Encoder(0);
        using var practical = new FineTunedNetwork(start, new(dataset, examples, 2), Moving, 11, new CounterRandom(11), Options(plan, Moving));
        using var paper = new FineTunedNetwork(
            start, new(dataset, [.. examples.Take(6)], 2), plan.Recipe, 11, new CounterRandom(11), Options(plan, null));
        practical.Train(null, null, CancellationToken.None);
        paper.Train(null, null, CancellationToken.None);
        var before = start.Encoder.named_buffers().ToDictionary(b => b.name, b => b.buffer);
        before.Count.ShouldBeGreaterThan(50);
        foreach (var (name, buffer) in practical.Classifier.Encoder.named_buffers()) buffer.ne(before[name]).any().item<bool>().ShouldBeFalse(name);
        paper.Classifier.Encoder.named_buffers().Count(b => b.buffer.ne(before[b.name]).any().item<bool>()).ShouldBe(before.Count);
        var moved = practical.Moved();
        moved.Share.ShouldBeInRange(LeastShare, 1);
        moved.Distance.ShouldBeInRange(1e-3, 0.5);
    }

    [Fact]
    public void How_far_weights_moved_is_told_in_files_and_table()
    {
        var result = Run("out", TinyTransfer.Plan(TinyTransfer.Stripes), Moving);
        using var metrics = JsonDocument.Parse(File.ReadAllBytes(folder.File("out/metrics.json")));
        var moved = metrics.RootElement.GetProperty("moved").EnumerateArray().ToArray();
        moved.Select(m => m.GetProperty("examples").GetString()).ShouldBe(["6", "14"]);
        moved[1].GetProperty("mean_distance").GetDouble()
            .ShouldBe(result.Trials.Where(t => t.Examples == 14).Average(t => t.FineTuned!.Moved!.Distance));
        moved[1].GetProperty("least_share").GetDouble().ShouldBeInRange(LeastShare, 1);
        metrics.RootElement.GetProperty("identity").GetProperty("practical").GetProperty("epochs").GetInt32().ShouldBe(Moving.Epochs);
        metrics.RootElement.GetProperty("identity").GetProperty("recipe").ValueKind.ShouldBe(JsonValueKind.Null);
        TransferTable.Lines(result).ShouldContain(line => line.StartsWith("Fine-tuned, N 14:") && line.Contains("of the encoder's weights moved"));
        var still = MovedWeights.Between(Encoder(0).Encoder, Encoder(0).Encoder);
        still.ShouldBe(new MovedWeights(0, 0));
    }

    [Theory, InlineData(1_000_000), InlineData(12)]
    public void Run_interrupted_again_and_again_ends_with_the_unbroken_ones_files(long checkpointEvery)
    {
        var plan = TinyTransfer.Plan(TinyTransfer.Grade);
        TransferResult Go(string name, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default) => FineTuning.Run(
            Encoder, dataset, dataset, Options(plan, Moving) with { Output = folder.File(name), CheckpointEvery = checkpointEvery }, progress,
            cancellation);
        Go("whole");
        foreach (long after in new long[] { 10, 70, 130 })
        {
            using var stop = new CancellationTokenSource();
            Should.Throw<OperationCanceledException>(() => Go("broken", new Callback(r => { if (r.Done >= after) stop.Cancel(); }), stop.Token));
        }
        Go("broken");
        foreach (var name in new[] { "metrics.json", "predictions.parquet", "heads.json" })
            File.ReadAllBytes(folder.File($"broken/{name}")).ShouldBe(File.ReadAllBytes(folder.File($"whole/{name}")), name);
    }

    [Fact]
    public void Networks_do_not_depend_on_the_test_radiographs()
    {
        using var other = PreparedDataset.Open(TinyTransfer.WriteDataset(folder.File("other"), testSalt: 9));
        var plan = TinyTransfer.Plan(TinyTransfer.Stripes);
        var (first, second) = (
            Run("a", plan, Moving), FineTuning.Run(Encoder, other, other, Options(plan, Moving) with { Output = folder.File("b") }));
        first.Trials.Select(t => t.FineTuned!.EncoderSha256).ShouldBe(second.Trials.Select(t => t.FineTuned!.EncoderSha256));
        first.Trials.Select(t => t.FineTuned!.Probabilities![0]).ShouldNotBe(second.Trials.Select(t => t.FineTuned!.Probabilities![0]));
    }

    [Fact]
    public void Another_recipe_under_a_resumed_run_and_a_choice_among_the_papers_are_refused()
    {
        var plan = TinyTransfer.Plan(TinyTransfer.Stripes, trials: 1, examples: [6]);
        Run("out", plan, Moving).Trials[0].FineTuned!.ShouldSatisfyAllConditions(t => t.Recipe.ShouldBeNull(), t => t.Practical.ShouldBe(Moving));
        Should.Throw<UserErrorException>(() => Run("out", plan, Moving with { Epochs = 5 })).Message.ShouldContain("holds results of another sweep");
        Should.Throw<UserErrorException>(() => Run("out", plan, null)).Message.ShouldContain("holds results of another sweep");
        Should.Throw<UserErrorException>(() => FineTuning.Run(
            Encoder, dataset, dataset, Options(plan, Moving) with { Candidates = [plan.Recipe, plan.Recipe with { LearningRate = 0.2 }] })).Message
                .ShouldContain("one or the other");
    }

    // Fresh weights have zero scales in each block's last norm, so that most weights get no gradient in the first update; an encoder that learnt has
    // none.
    private static EncoderSource Encoder(int trial)
    {
        var source = TinyTransfer.Encoder(trial);
        using var _ = no_grad();
        foreach (var (name, parameter) in source.Encoder.named_parameters().Where(p => p.name.EndsWith("bn2.weight", StringComparison.Ordinal)))
            parameter.copy_(ones_like(parameter) * 0.5f);
        // Not by a random encoder's name: those are measured anew where they are used frozen.
        return EncoderSource.Of($"made {trial}", source.Encoder, source.Card with { WeightsSha256 = "" });
    }

    private FineTuningOptions Options(TransferPlan plan, PracticalRecipe? recipe) =>
        new(plan, folder.File("out"), Compute: new(Precision.Fp32), Practical: recipe);

    private TransferResult Run(string name, TransferPlan plan, PracticalRecipe? recipe) =>
        FineTuning.Run(Encoder, dataset, dataset, Options(plan, recipe) with { Output = folder.File(name) });

    private sealed class Callback(Action<ProgressReport> action) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => action(value);
    }
}
