using RadTex.Data;
using RadTex.Experiments.Reproduction;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Pretraining;
using RadTex.Studies;

namespace RadTex.Experiments.Tests;

[Collection(nameof(SerialTorch))]
public sealed class PretrainingVariantsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_smaller_part_of_the_patients_lies_in_a_larger_one_and_no_patient_is_cut()
    {
        using var dataset = PreparedDataset.Open(TinyTransfer.WriteDataset(folder.File("dataset"), 120));
        var all = dataset.IndicesOf(Split.Train);
        var half = PatientFraction.Take(dataset, all, 0.5, 1);
        var quarter = PatientFraction.Take(dataset, all, 0.25, 1);
        PatientFraction.Take(dataset, all, 1, 1).ShouldBe(all);
        quarter.ShouldBeSubsetOf(half);
        half.Count.ShouldBeInRange(all.Count / 4, 3 * all.Count / 4);
        foreach (var part in new[] { half, quarter })
        {
            var patients = part.Select(i => dataset[i].PatientId).ToHashSet();
            all.Count(i => patients.Contains(dataset[i].PatientId)).ShouldBe(part.Count);
        }
        PatientFraction.Take(dataset, all, 0.5, 2).ShouldNotBe(half);
    }

    [Fact]
    public void A_part_can_make_as_many_updates_as_the_whole()
    {
        using var dataset = PreparedDataset.Open(TinyRun.WriteDataset(folder.File("dataset")));
        var configuration = TinyRun.Configuration("training.fraction=0.5", "training.epochs=3", "training.batch_size=4", "training.max_steps=0");
        var training = configuration.Training;
        int[] whole = [.. dataset.IndicesOf(Split.Train).Where(i => dataset[i].Text is not null)];
        var part = PatientFraction.Take(dataset, whole, 0.5, training.Seed);
        part.Count.ShouldBeLessThan(whole.Length);

        var equal = PretrainingJob.WithUpdatesOfWhole(configuration, dataset).Training;
        equal.MaxSteps.ShouldBe(3 * (whole.Length / 4));
        // Enough epochs of the part for them, and not one more.
        (equal.Epochs * (part.Count / 4)).ShouldBeGreaterThanOrEqualTo((int)equal.MaxSteps);
        ((equal.Epochs - 1) * (part.Count / 4)).ShouldBeLessThan((int)equal.MaxSteps);
    }

    [Fact]
    public void Forward_only_pretraining_leaves_the_backward_decoder_and_learns_another_encoder()
    {
        var data = TinyRun.WriteDataset(folder.File("dataset"));
        PretrainingResult Run(string name, params string[] set) =>
            PretrainingProgram.Run(new(data, folder.File(name), TinyRun.Configuration(set), Threads: 1));
        var both = Run("both", "optimizer.weight_decay=0");
        var forward = Run("forward", "optimizer.weight_decay=0", "objective.directions=forward");
        forward.WeightsSha256.ShouldNotBe(both.WeightsSha256);
        var untrained = Run("untrained", "optimizer.weight_decay=0", "objective.directions=forward", "training.max_steps=1");
        float[] Backward(PretrainingResult result)
        {
            var (tensors, _) = SafeTensors.Read(Path.Combine(result.ModelFolder, "model.safetensors"));
            return [.. tensors.Where(t => t.Key.StartsWith("backward", StringComparison.Ordinal)).OrderBy(t => t.Key, StringComparer.Ordinal)
                .SelectMany(t => t.Value.data<float>().ToArray())];
        }
        Backward(forward).ShouldBe(Backward(untrained));
        Backward(both).ShouldNotBe(Backward(untrained));
    }

    [Fact]
    public void Supervised_pretraining_leaves_an_encoder_and_resumes_to_the_same_weights()
    {
        var data = TinyTransfer.WriteDataset(folder.File("dataset"), 60);
        string[] set = ["model.backbone_width=16", $"image.size={TinyTransfer.Side}", "training.batch_size=6", "training.epochs=2",
            "training.precision=fp32", "log.checkpoint_every_steps=3"];
        PretrainingConfiguration Of(string labels) =>
            ConfigurationReader.Read("phantom", null, [.. set, "objective.name=labels", $"objective.labels={labels}"]);
        PretrainingResult Run(string name, CancellationToken stop = default, IProgress<ProgressReport>? progress = null) =>
            PretrainingProgram.Run(new(data, folder.File(name), Of("Stripes,Grade"), Threads: 1), null, progress, stop);
        var whole = Run("whole");
        whole.TrainingRadiographs.ShouldBe(36);
        var (encoder, card) = EncoderFolder.Read(whole.EncoderFolder);
        using (encoder) card.Provenance.ShouldContain("Stripes, Grade");
        using (var stop = new CancellationTokenSource())
            Should.Throw<OperationCanceledException>(() => Run("broken", stop.Token, new StopAt(stop, 24)));
        Run("broken").WeightsSha256.ShouldBe(whole.WeightsSha256);
        Should.Throw<UserErrorException>(
            () => PretrainingProgram.Run(new(data, folder.File("none"), Of("Gout")))).Message.ShouldContain("Gout");
    }

    [Fact]
    public void Folders_of_pretrainings_keep_the_names_that_earlier_versions_gave_them()
    {
        var data = TinyRun.WriteDataset(folder.File("dataset"));
        string Name(PretrainingSettings settings) =>
            Path.GetFileName(
                PretrainingJob.Of("encoder", settings with { Repeats = 1 }, "data", data, new(), new(folder.Path)).Single().Options.Output);
        string.Join(
            ' ', Name(new(Preset: "phantom")), Name(new(Preset: "phantom", Directions: CaptionDirections.Forward, Fraction: 0.5)),
            Name(new(Preset: "small", Labels: ["Edema"], Set: ["training.seed=3"])))
            .ShouldBe("encoder-data-1-8ee6eda6 encoder-data-1-53865bce encoder-data-1-70ad0039");
    }

    private sealed class StopAt(CancellationTokenSource stop, long done) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value)
        {
            if (value.Done >= done) stop.Cancel();
        }
    }
}
