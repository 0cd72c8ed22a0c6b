using RadTex.Data;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Transfer;
using RadTex.Studies;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Transfer;

/// <summary>Random weights used frozen: a control that has all its layers.</summary>
[Collection(nameof(SerialTorch))]
public sealed class RandomEncoderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly PreparedDataset dataset;

    public RandomEncoderTests() => dataset = PreparedDataset.Open(TinyTransfer.WriteDataset(folder.File("dataset")));

    public void Dispose()
    {
        dataset.Dispose();
        folder.Dispose();
    }

    [Theory, InlineData("resnet18"), InlineData("resnet50")]
    public void Every_convolution_reaches_the_features_of_a_frozen_encoder_and_few_those_of_one_to_be_trained(string architecture)
    {
        using var fresh = EncoderSource.Random(architecture, TinyTransfer.Width, 0, TinyTransfer.Side);
        using var frozen = EncoderSource.Random(architecture, TinyTransfer.Width, 0, TinyTransfer.Side);
        frozen.MeasureOn(dataset, dataset.IndicesOf(Split.Train));
        int all = Convolutions(frozen).Length;
        Reaching(frozen).ShouldBe(all);
        // The stem and the shortcuts that change size: all branches are zero.
        Reaching(fresh).ShouldBe(architecture == "resnet18" ? 4 : 5);
        if (architecture == "resnet18") all.ShouldBe(20);
    }

    [Fact]
    public void Statistics_are_those_of_the_training_radiographs_in_one_pass()
    {
        using var source = TinyTransfer.Encoder(0);
        var train = dataset.IndicesOf(Split.Train);
        source.MeasureOn(dataset, train);
        Features(source);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var stem = source.Encoder.named_parameters().Single(p => p.name == "conv1.weight").parameter;
        var images = new RadiographBatches(dataset, source.Input()).CentreViews(train);
        var outputs = nn.functional.conv2d(images, stem, strides: [2L, 2L], padding: [3L, 3L]);
        Buffer(source, "bn1.running_mean").ShouldBe(outputs.mean([0L, 2L, 3L]).data<float>().ToArray(), 1e-4);
        Buffer(source, "bn1.running_var").ShouldBe(outputs.permute(1, 0, 2, 3).flatten(1).var(1).data<float>().ToArray(), 1e-3);
        foreach (
            var (name, scale) in source.Encoder.named_parameters()
                .Where(p => p.parameter.dim() == 1 && p.name.EndsWith("weight", StringComparison.Ordinal)))
            scale.data<float>().ToArray().ShouldAllBe(s => s == 1, name);
    }

    [Fact]
    public void Many_radiographs_weigh_alike_over_the_batches_and_are_drawn_by_the_seed()
    {
        using var large = PreparedDataset.Open(TinyTransfer.WriteDataset(folder.File("large"), 150));
        using var source = TinyTransfer.Encoder(0);
        var train = large.IndicesOf(Split.Train);
        train.Count.ShouldBe(90); // two batches of 45
        NormStatistics.Measure(source.Encoder, large, train, source.Input());
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var stem = source.Encoder.named_parameters().Single(p => p.name == "conv1.weight").parameter;
        var outputs = nn.functional.conv2d(
            new RadiographBatches(large, source.Input()).CentreViews(train), stem, strides: [2L, 2L], padding: [3L, 3L]);
        Buffer(source, "bn1.running_mean").ShouldBe(outputs.mean([0L, 2L, 3L]).data<float>().ToArray(), 1e-4);
        source.Encoder.training.ShouldBeFalse();

        int[] pool = [.. Enumerable.Range(0, 5000)];
        var drawn = NormStatistics.Draw(pool, 1);
        drawn.Length.ShouldBe(2048);
        drawn.ShouldBe(NormStatistics.Draw(pool, 1));
        drawn.ShouldBe(drawn.Order().Distinct());
        drawn.ShouldNotBe(NormStatistics.Draw(pool, 2));
    }

    [Fact]
    public void Features_name_and_hash_follow_from_the_seed_and_the_radiographs_measured_on()
    {
        (float[] Features, string Name, string Hash) Of(long seed, Split split)
        {
            using var source = EncoderSource.Random("resnet18", TinyTransfer.Width, seed, TinyTransfer.Side);
            source.MeasureOn(dataset, dataset.IndicesOf(split));
            return (Features(source), source.Name, source.Card.WeightsSha256);
        }
        var first = Of(0, Split.Train);
        Of(0, Split.Train).ShouldSatisfyAllConditions(again => again.Features.ShouldBe(first.Features), again => again.Hash.ShouldBe(first.Hash));
        first.Name.ShouldBe("random:resnet18:16 seed 0, norms measured on 36 training radiographs");
        using var fresh = EncoderSource.Random("resnet18", TinyTransfer.Width, 0, TinyTransfer.Side);
        string[] hashes = [first.Hash, Of(1, Split.Train).Hash, Of(0, Split.Validate).Hash, fresh.Card.WeightsSha256];
        hashes.Distinct().Count().ShouldBe(4);
        Of(0, Split.Validate).Features.ShouldNotBe(first.Features);
    }

    [Fact]
    public void Training_begins_at_weights_whose_branches_are_zero_and_refuses_a_measured_encoder()
    {
        using var generator = new Generator(0);
        using var plain = Encoders.Create(new("resnet18", TinyTransfer.Width), generator);
        using var source = TinyTransfer.Encoder(0);
        source.Card.WeightsSha256.ShouldBe(SafeTensors.Sha256(ModuleWeights.Of(plain)));
        source.Encoder.named_parameters().Single(p => p.name == "layer4.1.bn2.weight").parameter.data<float>().ToArray().ShouldAllBe(s => s == 0);

        var plan = TinyTransfer.Plan(TinyTransfer.Stripes, trials: 1, examples: [6]);
        Should.Throw<ArgumentException>(() => FineTuning.Run(
            i =>
            {
                var start = TinyTransfer.Encoder(i);
                start.MeasureOn(dataset, dataset.IndicesOf(Split.Train));
                return start;
            },
            dataset, dataset, new(plan, folder.File("tuned"), Compute: new(Precision.Fp32)))).Message.ShouldContain("made to be used frozen");
    }

    [Fact]
    public void A_transfer_measures_on_the_split_it_draws_from_and_says_so()
    {
        using var source = TinyTransfer.Encoder(0);
        var plan = TinyTransfer.Plan(TinyTransfer.Stripes, trials: 1, examples: [6]);
        var result = FrozenTransfer.Run(new(source, new(Precision.Fp32)), dataset, dataset, new(plan, folder.File("out")));
        result.Notes.ShouldContain(n => n.Contains("norms measured on 36 training radiographs", StringComparison.Ordinal));
        File.ReadAllText(folder.File("out/metrics.json")).ShouldContain("norms measured on 36 training radiographs");
        Should.Throw<UserErrorException>(
            () => FolderEmbedding.Run(new(source, new(Precision.Fp32)), folder.File("dataset"), folder.File("features"))).Message
                .ShouldContain("plain folder");
    }

    private float[] Features(EncoderSource source)
    {
        var features = new FeatureExtractor(source, new(Precision.Fp32)).Extract(dataset, [.. dataset.IndicesOf(Split.Test)]);
        return [.. Enumerable.Range(0, features.Count).SelectMany(i => features.Row(i).ToArray())];
    }

    private static (string Name, Tensor Weight)[] Convolutions(EncoderSource source) =>
        [.. source.Encoder.named_parameters().Where(p => p.parameter.dim() == 4).Select(p => (p.name, (Tensor)p.parameter))];

    /// <summary>How many convolutions change the features when their weights are changed.</summary>
    private int Reaching(EncoderSource source)
    {
        var before = Features(source);
        return Convolutions(source).Count(c =>
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            var kept = c.Weight.clone();
            c.Weight.neg_();
            bool changes = !Features(source).SequenceEqual(before);
            c.Weight.copy_(kept);
            return changes;
        });
    }

    private static float[] Buffer(EncoderSource source, string name) =>
        source.Encoder.named_buffers().Single(b => b.name == name).buffer.data<float>().ToArray();
}
