using System.Text.Json.Nodes;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Training;

namespace RadTex.Learning.Tests.Pretraining;

/// <summary>What every objective keeps.</summary>
[Collection(nameof(SerialTorch))]
public sealed class ObjectiveContractTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string dataset;

    public ObjectiveContractTests() => dataset = TinyRun.WriteDataset(folder.File("dataset"));

    public static TheoryData<string> Names => [.. Objectives.Names];

    public void Dispose() => folder.Dispose();

    [Theory, MemberData(nameof(Names))]
    public void Loss_falls_and_an_encoder_is_left(string name)
    {
        var result = Run("run", Configuration(name, "training.epochs=40", "optimizer.visual_rate=0.01", "optimizer.textual_rate=0.01"));
        double[] losses =
            [.. TrainingLog.Read(RunFolder.LogPath(result.Run)).Where(line => line.Kind == "train").Select(line => line.Values["loss"])];
        losses.Length.ShouldBe(120);
        losses[^12..].Average().ShouldBeLessThan(0.9 * losses[..12].Average());
        var (encoder, card) = EncoderFolder.Read(result.EncoderFolder);
        encoder.Dispose();
        card.Provenance.ShouldContain("seed 0: 40 epochs (120 updates) on 12 synthetic radiographs");
    }

    [Theory, MemberData(nameof(Names))]
    public void Interrupted_run_ends_with_the_unbroken_runs_weights(string name)
    {
        var configuration = Configuration(name, "log.checkpoint_every_steps=2");
        var whole = Run("whole", configuration);
        using (var stop = new CancellationTokenSource())
            Should.Throw<OperationCanceledException>(() => Run("broken", configuration, new StopAt(stop, 20), stop.Token));
        Run("broken", configuration).WeightsSha256.ShouldBe(whole.WeightsSha256);
    }

    [Theory, MemberData(nameof(Names))]
    public void Run_records_its_objective(string name)
    {
        Run("run", Configuration(name, "training.max_steps=1"));
        JsonNode.Parse(File.ReadAllText(folder.File("run/config.resolved.json")))!["objective"]!["name"]!.GetValue<string>().ShouldBe(name);
        var other = Configuration(name == "labels" ? "captioning" : "labels", "training.max_steps=1");
        Should.Throw<UserErrorException>(() => Run("run", other)).Message.ShouldNotBeEmpty();
    }

    [Theory, MemberData(nameof(Names))]
    public void A_dataset_without_reports_is_refused_by_what_reads_them(string name)
    {
        var silent = TinyRun.WriteDataset(folder.File("silent"), hasTexts: false);
        PretrainingResult Pretrain() => PretrainingProgram.Run(new(silent, folder.File("run"), Configuration(name, "training.max_steps=1")));
        if (name == "labels") Pretrain();
        else
            Should.Throw<UserErrorException>(Pretrain).Message
                .ShouldStartWith($"{silent} has no text in its training split. Prepare it from a source ");
    }

    [Theory, InlineData("captioning"), InlineData("labels")]
    public void Run_of_a_version_without_the_section_goes_on(string name)
    {
        var configuration = Configuration(name, "log.checkpoint_every_steps=2");
        var whole = Run("whole", configuration);
        using (var stop = new CancellationTokenSource())
            Should.Throw<OperationCanceledException>(() => Run("broken", configuration, new StopAt(stop, 20), stop.Token));
        var path = folder.File("broken/config.resolved.json");
        var earlier = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        earlier.Remove("objective");
        earlier["training"]!["directions"] = "both";
        if (name == "labels") earlier["labels"] = "Edema|Effusion";
        File.WriteAllText(path, earlier.ToJsonString());
        Run("broken", configuration).WeightsSha256.ShouldBe(whole.WeightsSha256);
    }

    private static PretrainingConfiguration Configuration(string name, params string[] assignments)
    {
        var configuration = TinyRun.Configuration(assignments);
        return configuration with { Objective = Objectives.Find(name)! };
    }

    private PretrainingResult Run(
        string name, PretrainingConfiguration configuration, IProgress<ProgressReport>? progress = null, CancellationToken stop = default) =>
        PretrainingProgram.Run(new(dataset, folder.File(name), configuration), null, progress, stop);
}
