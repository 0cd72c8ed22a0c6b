using RadTex.Data;
using RadTex.Experiments.Sweeps;
using RadTex.Heads;
using RadTex.Inspection;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Transfer;
using RadTex.Studies;

namespace RadTex.Experiments.Tests;

/// <summary>No figure is made on what the encoder or the heads learnt from, and one place says so.</summary>
[Collection(nameof(SerialTorch))]
public sealed class SeenCheckTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly PreparedDataset dataset;

    public SeenCheckTests() => dataset = PreparedDataset.Open(TinyTransfer.WriteDataset(folder.File("dataset")));

    public void Dispose()
    {
        dataset.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Transfer_and_sweep_refuse_patients_the_encoder_was_pretrained_on_wherever_the_dataset_is_now()
    {
        Pretrain();
        dataset.Dispose();
        Directory.Move(dataset.Folder, folder.File("moved"));
        using var moved = PreparedDataset.Open(folder.File("moved"));
        using var encoder = EncoderSource.Open(folder.File("run/encoder"), 0, TinyTransfer.Side);

        TransferResult Run(string output, Split train, Split test, bool patientsDiffer = false) => FrozenTransfer.Run(
            new(encoder, new(Precision.Fp32)), moved, moved,
                new(TinyTransfer.Plan(TinyTransfer.Stripes, examples: [6]), folder.File(output), train, test, EncoderPatientsDiffer: patientsDiffer));
        var message = Should.Throw<UserErrorException>(() => Run("swapped", Split.Test, Split.Train)).Message;
        message.ShouldContain("of the test patients and");
        message.ShouldContain("of the test pictures (pretraining)");
        Directory.Exists(folder.File("swapped")).ShouldBeFalse();
        Should.Throw<UserErrorException>(() =>
            Run("differ", Split.Test, Split.Train, patientsDiffer: true)).Message.ShouldContain("of the test pictures");
        Run("right", Split.Train, Split.Test).Notes.ShouldContain(n => n.EndsWith("saw none of the 6 test patients.", StringComparison.Ordinal));

        Should.Throw<UserErrorException>(() => FineTuning.Run(
            _ => EncoderSource.Open(folder.File("run/encoder"), 0, TinyTransfer.Side), moved, moved,
            new(TinyTransfer.Plan(TinyTransfer.Stripes, examples: [6]), folder.File("tuned"), Split.Test, Split.Train, Compute: new(Precision.Fp32))))
                .Message.ShouldContain("Every figure would be void");
        var swapped = Protocol.Of("labels", ["Stripes"]);
        LabelEfficiencySweep.Run(
            swapped, moved, [new("radtex", false, [folder.File("run/encoder")], new(0.05, 4, BatchSize: 6))],
            new(folder.File("sweep"), [6], 2, RandomSide: TinyTransfer.Side, Compute: new(Precision.Fp32, Batch: 64))).Runs.ShouldNotBeEmpty();
    }

    [Fact]
    public void What_an_imported_encoder_saw_is_not_known_and_is_said()
    {
        using (var random = TinyTransfer.Encoder(0)) EncoderFolder.Write(folder.File("imported"), random.Encoder, random.Card);
        SeenCheck.Require("imported", SeenRadiographs.Read(folder.File("imported")), dataset, dataset.IndicesOf(Split.Test), false)
            .ShouldContain("is not known");
        SeenCheck.Require("random", SeenRadiographs.Nothing, dataset, dataset.IndicesOf(Split.Test), false).ShouldContain("its weights are random");
    }

    [Fact]
    public void Heads_keep_what_they_learnt_from_and_the_threshold_of_their_own_labels()
    {
        using var encoder = TinyTransfer.Encoder(0);
        EncoderFolder.Write(folder.File("encoder"), encoder.Encoder, encoder.Card, SeenRadiographs.Nothing);
        using var kept = EncoderSource.Open(folder.File("encoder"), 0, TinyTransfer.Side);
        var plan = TinyTransfer.Plan(TinyTransfer.Stripes, trials: 1, examples: [14, null]);
        var result = FrozenTransfer.Run(new(kept, new(Precision.Fp32)), dataset, dataset, new(plan, folder.File("heads")));

        var head = TrainedHead.Read(folder.File("heads"), kept.Card.WeightsSha256, []).ShouldHaveSingleItem();
        head.Threshold.ShouldNotBeNull();
        head.Threshold.ShouldBe(result.Trials.Single(t => t.Examples is null).Threshold);
        head.Threshold.Probability.ShouldBeInRange(0, 1);
        head.Threshold.Rule.ShouldBe(HeadThreshold.YoudenRule);
        (head.Threshold.Positives + head.Threshold.Negatives).ShouldBe(head.Examples);
        head.Seen!.Parts.ShouldHaveSingleItem().Pictures.ShouldBe(head.Examples);
        Should.Throw<UserErrorException>(() =>
            SeenCheck.Require("heads", head.Seen, dataset, dataset.IndicesOf(Split.Train), false)).Message.ShouldContain("(labels)");
        SeenCheck.Require("heads", head.Seen, dataset, dataset.IndicesOf(Split.Test), false).ShouldContain("saw none of the 6 test patients");

        // resumed from the journal the same, and refused with another rule
        FrozenTransfer.Run(new(kept, new(Precision.Fp32)), dataset, dataset, new(plan, folder.File("heads"))).Trials.Select(t =>
            t.Threshold).ShouldBe(result.Trials.Select(t => t.Threshold));
        Should.Throw<UserErrorException>(() =>
            FrozenTransfer.Run(new(kept, new(Precision.Fp32)), dataset, dataset, new(plan with { Sensitivity = 0.9 }, folder.File("heads"))))
            .Message.ShouldContain("thresholds of");
    }

    private void Pretrain()
    {
        string[] set = ["model.backbone_width=16", "image.size=32", "training.batch_size=6", "training.epochs=1", "training.precision=fp32",
            "objective.name=labels", "objective.labels=Stripes"];
        PretrainingProgram.Run(new(dataset.Folder, folder.File("run"), ConfigurationReader.Read("phantom", null, set), Threads: 1));
    }
}
