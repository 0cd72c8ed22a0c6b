using RadTex.Data;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Pretraining;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Pretraining;

/// <summary>A dataset and runs that an earlier version wrote (Earlier/README.md) still open.</summary>
[Collection(nameof(SerialTorch))]
public sealed class EarlierRunTests : IDisposable
{
    private static readonly string[] Settings =
    [
        "training.precision=fp32", "model.backbone_width=1", "model.hidden=8", "model.heads=2", "model.feedforward=16", "image.size=32",
        "training.batch_size=4", "training.epochs=4", "text.vocabulary_size=120",
    ];

    private readonly TemporaryFolder folder = new();

    public EarlierRunTests() => Copy(Path.Combine(AppContext.BaseDirectory, "Earlier"), folder.Path);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Dataset_opens_and_its_hash_is_what_it_was()
    {
        DatasetVerifier.Verify(folder.File("dataset"));
        using var dataset = PreparedDataset.Open(folder.File("dataset"));
        dataset.Count.ShouldBe(24);
        dataset.Hash.ShouldBe("b697f65378f2e4ef5b2bd98d506618f5cf61f1b8bb1eda76aa9c45e099a028ee");
    }

    [Fact]
    public void Interrupted_run_goes_on()
    {
        var said = new List<string>();
        Run("captioning", said, Settings).Steps.ShouldBe(20);
        said.ShouldContain(line => line.Contains("step-00000010"));
    }

    [Fact]
    public void Finished_run_on_labels_is_left_as_it_is()
    {
        var said = new List<string>();
        var result = Run("labels", said, [.. Settings, "objective.name=labels"]);
        said.ShouldContain(line => line.Contains("is complete"));
        result.WeightsSha256.ShouldBe("d67b7a3e20c2abd2a49b2a43d6963e77a0ab68da8b680d182c6d2a985f068383");
        Should.Throw<UserErrorException>(() => Run("labels", said, [.. Settings, "objective.name=labels", "objective.labels=Edema"])).Message
            .ShouldContain("objective.labels was");
    }

    [Fact]
    public void Encoder_opens()
    {
        using var scope = NewDisposeScope();
        var (encoder, card) = EncoderFolder.Read(folder.File("labels/encoder"));
        using (encoder)
        using (no_grad())
            encoder.Pool(Draw.Uniform([2, 1, 32, 32])).shape.ShouldBe([2L, card.FeatureWidth]);
    }

    private PretrainingResult Run(string name, List<string> said, string[] settings) =>
        PretrainingProgram.Run(new(folder.File("dataset"), folder.File(name), ConfigurationReader.Read("phantom", null, settings)), said.Add);

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
