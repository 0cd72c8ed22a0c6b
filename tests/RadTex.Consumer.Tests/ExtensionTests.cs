using RadTex.Data;
using RadTex.Files;
using RadTex.Inspection;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Training;
using RadTex.Preparing;
using RadTex.Studies;
using RadTex.Studies.Archives;

namespace RadTex.Consumer.Tests;

/// <summary>An encoder, an objective and an archive of another assembly, a file each.</summary>
public sealed class ExtensionTests : IDisposable
{
    private readonly OwnFolder folder = new();

    static ExtensionTests()
    {
        Encoders.Register(StripedEncoder.Architecture);
        Objectives.Register(new MeanGreyObjective());
        Archives.Register(ToyArchive.Archive);
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("resnet18", "mean-grey")]
    [InlineData("striped", "captioning")]
    [InlineData("striped", "mean-grey")]
    public void Encoder_and_objective_from_outside_train_and_an_encoder_is_left(string encoder, string objective)
    {
        var result = Run("run", encoder, objective, 25);

        double[] losses = [.. TrainingLog.Read(RunFolder.LogPath(result.Run)).Where(l => l.Kind == "train").Select(l => l.Values["loss"])];
        losses.Length.ShouldBe(75);
        losses[^12..].Average().ShouldBeLessThan(0.9 * losses[..12].Average());
        var (read, card) = EncoderFolder.Read(result.EncoderFolder);
        read.Dispose();
        card.Architecture.ShouldBe(encoder);
    }

    [Fact]
    public void Interrupted_run_of_both_ends_with_the_unbroken_runs_weights()
    {
        var whole = Run("whole", "striped", "mean-grey", 4);
        using (var stop = new CancellationTokenSource())
            Should.Throw<OperationCanceledException>(() => Run("broken", "striped", "mean-grey", 4, new StopAt(stop, 20), stop.Token));
        Run("broken", "striped", "mean-grey", 4).WeightsSha256.ShouldBe(whole.WeightsSha256);
    }

    [Fact]
    public void Objective_is_read_by_name_with_its_settings()
    {
        SmallRun.Configuration("objective.name=mean-grey", "objective.weight=2").Objective.ShouldBe(new MeanGreyObjective(Weight: 2));
        Should.Throw<UserErrorException>(() => SmallRun.Configuration("objective.name=mean-grey", "objective.weight=0"))
            .Message.ShouldContain("objective.weight is 0");
        Should.Throw<ArgumentException>(() => Objectives.Register(new MeanGreyObjective())).Message.ShouldContain("mean-grey");
        Should.Throw<ArgumentException>(() => Encoders.Register(StripedEncoder.Architecture)).Message.ShouldContain("striped");
    }

    [Fact]
    public void Archive_is_listed_recognised_and_prepared()
    {
        WritePictures(folder.File("toy"), 20);
        File.WriteAllLines(folder.File("toy/toy.txt"), ["# a toy archive", .. Enumerable.Range(0, 20).Select(i => $"{i}.png")]);
        var archive = Archives.Find("toy").ShouldNotBeNull();

        var manifest = DatasetPreparation.Run(
            archive.Open(folder.File("toy"), new Dictionary<string, string?> { ["view"] = "AP" }),
            new PreparationOptions(folder.File("dataset"), new StudyOptions(), ShortSide: 16)).Manifest;

        Archives.All.ShouldContain(archive);
        FolderKind.Of(folder.File("toy")).ShouldBe(FolderKind.Archive);
        using var dataset = PreparedDataset.Open(folder.File("dataset"));
        (manifest.Count, dataset.Radiographs[0].View, PatientDomain.Of(manifest).Archive).ShouldBe((20, "AP", "toy"));
        PatientDomain.Of(manifest).SharesIdsWith(new PatientDomain(false, "nih-cxr14", [])).ShouldBeFalse();
    }

    [Fact]
    public void Option_an_archive_does_not_have_or_a_value_an_option_does_not_is_named()
    {
        Should.Throw<UserErrorException>(() => ToyArchive.Archive.Open("", new Dictionary<string, string?> { ["vew"] = "AP" }))
            .Message.ShouldBe("toy has no option 'vew'. Expected view.");
        Should.Throw<UserErrorException>(() => ToyArchive.Archive.Open("", new Dictionary<string, string?> { ["view"] = "LL" }))
            .Message.ShouldBe("The setting 'view' = LL: expected AP or PA.");
    }

    [Fact]
    public void Archive_of_a_name_that_is_taken_is_refused() =>
        Should.Throw<ArgumentException>(() => Archives.Register(ToyArchive.Archive with { Name = "chexpert" })).Message.ShouldContain("chexpert");

    /// <summary>Writes 0.png, 1.png, ...: grey ramps.</summary>
    internal static void WritePictures(string folder, int count)
    {
        const int side = 40;
        Directory.CreateDirectory(folder);
        for (int i = 0; i < count; i++)
        {
            var pixels = new byte[side * side];
            for (int p = 0; p < pixels.Length; p++) pixels[p] = (byte)(40 + (p % side) * 3 + (p / side * (i + 1)) % 90);
            using var image = NetVips.Image.NewFromMemory(pixels, side, side, 1, NetVips.Enums.BandFormat.Uchar);
            image.WriteToFile(Path.Combine(folder, $"{i}.png"));
        }
    }

    private PretrainingResult Run(
        string name, string encoder, string objective, int epochs, IProgress<ProgressReport>? progress = null, CancellationToken stop = default)
    {
        var dataset = folder.File("dataset");
        if (!Directory.Exists(dataset)) SmallRun.WriteDataset(dataset);
        var configuration = SmallRun.Configuration(
            $"model.backbone={encoder}", $"objective.name={objective}", $"training.epochs={epochs}", "log.checkpoint_every_steps=2");
        return PretrainingProgram.Run(new(dataset, folder.File(name), configuration), null, progress, stop);
    }

    private sealed class StopAt(CancellationTokenSource stop, long images) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value)
        {
            if (value.Unit == "images" && value.Done >= images) stop.Cancel();
        }
    }
}
