using System.Text.Json.Nodes;
using RadTex.Inspection;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Transfer;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Pretraining;

/// <summary>Pretrainings that begin with weights.</summary>
[Collection(nameof(SerialTorch))]
public sealed class StartWeightsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string dataset;

    public StartWeightsTests() => dataset = TinyRun.WriteDataset(folder.File("dataset"));

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_goes_on_from_another_runs_encoder_and_text_and_says_so()
    {
        Run("first", [], "training.epochs=1");
        var told = new List<string>();
        var result = Run("second", told, $"start.from={folder.File("first")}", "optimizer.visual_rate=0", "optimizer.textual_rate=0",
            "training.max_steps=1");

        // At rate 0 the weights are still those it began with, but for running statistics.
        var (before, after) = (Weights("first/model/model.safetensors"), Weights("second/model/model.safetensors"));
        foreach (var (name, value) in before.Where(w => !w.Key.Contains("running_") && !w.Key.Contains("num_batches_tracked")))
            value.equal(after[name]).all().item<bool>().ShouldBeTrue(name);
        told.ShouldContain(line => line.StartsWith("The encoder begins with the weights of", StringComparison.Ordinal));
        told.ShouldContain(line => line.StartsWith("The text side begins with", StringComparison.Ordinal));
        var start = JsonNode.Parse(File.ReadAllText(folder.File("second/config.resolved.json")))!["start"]!;
        start["weights_sha256"]!.GetValue<string>().ShouldBe(RadTex.Files.FileHash.Sha256(folder.File("first/model/model.safetensors")));
        JsonNode.Parse(File.ReadAllText(folder.File("first/config.resolved.json")))!["start"].ShouldBeNull();
        var (encoder, card) = EncoderFolder.Read(result.EncoderFolder);
        encoder.Dispose();
        card.Provenance.ShouldContain("begun with first (SHA-256");
        SeenRadiographs.Read(result.EncoderFolder).IsComplete.ShouldBeTrue();
    }

    [Theory]
    [InlineData("captioning", "optimizer.name=adamw")]
    [InlineData("captioning", "optimizer.name=sgd", "optimizer.lookahead_steps=2")]
    [InlineData("labels")]
    public void A_frozen_encoder_stays_and_is_then_trained_and_an_interrupted_run_is_the_unbroken_one(string objective, params string[] more)
    {
        Run("first", [], "training.epochs=1");
        string[] settings =
        [
            $"objective.name={objective}", $"start.from={folder.File("first/encoder")}", "start.frozen_epochs=2", "log.checkpoint_every_steps=2",
            .. more,
        ];
        Run("frozen", [], [.. settings, "training.max_steps=6"]);
        var (before, frozen) = (Weights("first/encoder/encoder.safetensors"), Weights("frozen/encoder/encoder.safetensors"));
        foreach (var (name, value) in before) value.equal(frozen[name]).all().item<bool>().ShouldBeTrue(name);

        var whole = Run("whole", [], settings);
        Weights("whole/encoder/encoder.safetensors")["conv1.weight"].equal(before["conv1.weight"]).all().item<bool>().ShouldBeFalse();
        using (var stop = new CancellationTokenSource())
            Should.Throw<OperationCanceledException>(() => PretrainingProgram.Run(
                new(dataset, folder.File("broken"), TinyRun.Configuration(settings)), null, new StopAt(stop, 16), stop.Token));
        Run("broken", [], settings).WeightsSha256.ShouldBe(whole.WeightsSha256);
    }

    [Fact]
    public void Weights_that_do_not_fit_are_told()
    {
        using (var wide = TinyEncoder.Make("resnet18", 1, 32, width: 8)) EncoderFolder.Write(folder.File("wide"), wide.Encoder, wide.Card);
        using (var scaled = TinyEncoder.Make("resnet18", 1, 32, "imagenet255", width: 4))
            EncoderFolder.Write(folder.File("scaled"), scaled.Encoder, scaled.Card);
        string Refusal(params string[] settings) => Should.Throw<UserErrorException>(() => Run("run", [], settings)).Message;
        Refusal($"start.from={folder.File("nowhere")}").ShouldContain("there is no encoder");
        Refusal($"start.from={folder.File("wide")}").ShouldContain("resnet18 of width 8 with 1 channels");
        Refusal($"start.from={folder.File("scaled")}").ShouldContain("Set image.scaling=imagenet255");
        Refusal("start.frozen_epochs=1").ShouldContain("start.frozen_epochs is 1");
        Should.Throw<UserErrorException>(() => ConfigurationReader.Read("followup")).Message.ShouldContain("begins with one");
    }

    [Fact]
    public void A_transformers_positions_are_interpolated_to_the_runs_image_size()
    {
        using (var source = TinyEncoder.Make("vit-tiny-16", 1, 64)) EncoderFolder.Write(folder.File("encoder"), source.Encoder, source.Card);
        Run("run", [], $"start.from={folder.File("encoder")}", "model.backbone=vit-tiny-16", "model.backbone_width=8", "training.max_steps=1");
        using var read = EncoderSource.Open(folder.File("run/encoder"), 0, 32);
        read.Encoder.named_parameters().Single(p => p.name == "pos_embed").parameter.shape.ShouldBe([1, 5, 24]);
    }

    private Dictionary<string, Tensor> Weights(string file) => SafeTensors.Read(folder.File(file)).Tensors;

    private PretrainingResult Run(string name, List<string> told, params string[] assignments) =>
        PretrainingProgram.Run(new(dataset, folder.File(name), TinyRun.Configuration(assignments)), told.Add);
}
