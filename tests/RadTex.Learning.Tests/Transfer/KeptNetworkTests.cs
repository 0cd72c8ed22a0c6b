using RadTex.Data;
using RadTex.Heads;
using RadTex.Inspection;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Export;
using RadTex.Learning.Models;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Transfer;
using RadTex.Prediction;
using RadTex.Studies;

namespace RadTex.Learning.Tests.Transfer;

/// <summary>
/// What was fine-tuned and measured is what is kept, exported and predicted with; an ensemble is the mean of its members' probabilities.
/// </summary>
[Collection(nameof(SerialTorch))]
public sealed class KeptNetworkTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly PreparedDataset dataset;

    public KeptNetworkTests() => dataset = PreparedDataset.Open(TinyTransfer.WriteDataset(folder.File("dataset")));

    public void Dispose()
    {
        dataset.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void A_kept_network_tells_the_probabilities_that_were_measured_as_a_folder_an_encoder_with_heads_and_a_file()
    {
        var plan = TinyTransfer.Plan(TinyTransfer.Grade, trials: 2, examples: [6, 14]);
        var result = Run("out", plan);
        Directory.GetDirectories(folder.File("out/models")).Select(Path.GetFileName).Order().ShouldBe(["grade-n14-trial0", "grade-n14-trial1"]);
        result.Notes.ShouldContain(n => n.StartsWith("2 networks are kept in models/"));
        var trial = result.Trials.Single(t => t is { Examples: 14, Trial: 1 });
        var network = folder.File("out/models/grade-n14-trial1");

        // The same card and hash as any encoder's folder has; what it learnt from beside it.
        var (encoder, card) = EncoderFolder.Read(network);
        encoder.Dispose();
        card.WeightsSha256.ShouldBe(trial.FineTuned!.EncoderSha256);
        card.Provenance.ShouldContain("fine-tuned on 14 radiographs labelled Grade");
        card.Synthetic.ShouldBeTrue();
        SeenRadiographs.Read(network).Parts.ShouldHaveSingleItem().Purpose.ShouldBe(SeenRadiographs.Labels);

        using var named = TrainedClassifier.Open(folder.File("out"), null, ["Grade/n14/trial1/fine-tuned"], false);
        using var alone = TrainedClassifier.Open(network, null, [], false);
        ModelExport.Run(named, folder.File("grade.onnx")).ShouldContain("ONNX Runtime agrees");
        using var exported = OnnxRadiographModel.Open(folder.File("grade.onnx"));
        foreach (var classifier in new[] { named, alone })
            using (var torch = TorchRadiographModel.Of(classifier, new(Precision.Fp32))) AreMeasured(torch, trial, 1e-6);
        using (var onnx = InMemoryModel.Of(alone)) AreMeasured(onnx, trial, 5e-6);
        AreMeasured(exported, trial, 5e-6);
        exported.Notes.Outputs.Select(o => o.Head).Distinct().ShouldBe(["Grade/n14/trial1/fine-tuned"]);
        exported.Notes.Encoder.WeightsSha256.ShouldBe(card.WeightsSha256);
        ModelExport.Run(named, folder.File("grade.pth")).ShouldContain("equal to the bit");

        // The default is the first trial of the most examples that are kept.
        using var first = TrainedClassifier.Open(folder.File("out"), null, [], false);
        first.Networks.ShouldHaveSingleItem().Heads.ShouldHaveSingleItem().Name.ShouldBe("Grade/n14/trial0/fine-tuned");
        // It is an encoder like others: features, and heads of another label on it.
        using var source = EncoderSource.Open(network, 0, TinyTransfer.Side);
        FrozenTransfer.Run(
            new(source, new(Precision.Fp32)), dataset, dataset,
            new(TinyTransfer.Plan(TinyTransfer.Stripes, examples: [6]), folder.File("on-it"))).Trials.Count.ShouldBe(2);
        using var other = TrainedClassifier.Open(network, folder.File("on-it"), [], false);
        other.Networks.ShouldHaveSingleItem().Heads.ShouldHaveSingleItem().Task.ShouldBe("Stripes");
    }

    [Fact]
    public void An_ensemble_is_the_mean_of_its_members_probabilities_on_both_runtimes_and_says_who_they_are()
    {
        var plan = TinyTransfer.Plan(TinyTransfer.Stripes, trials: 2, examples: [6]) with { Tasks = [TinyTransfer.Stripes, TinyTransfer.Grade] };
        var tuned = Run("tuned", plan);
        using var start = TinyTransfer.Encoder(0);
        EncoderFolder.Write(folder.File("encoder"), start.Encoder, start.Card);
        using var encoder = EncoderSource.Open(folder.File("encoder"), 0, TinyTransfer.Side);
        FrozenTransfer.Run(new(encoder, new(Precision.Fp32)), dataset, dataset, new(plan, folder.File("heads")));
        foreach (
            var (model, heads, kind) in new[] { (folder.File("tuned"), null, "fine-tuned"),
                (folder.File("encoder"), folder.File("heads"), "logistic") })
        {
            using var ensemble = TrainedClassifier.Open(model, heads, [], true);
            using var torch = TorchRadiographModel.Of(ensemble, new(Precision.Fp32));
            using var onnx = InMemoryModel.Of(ensemble);
            float[] found = Probabilities(torch), other = Probabilities(onnx);
            found.Zip(other).Max(p => Math.Abs(p.First - p.Second)).ShouldBeLessThan(5e-6f);
            var members = Enumerable.Range(0, 2).Select(t =>
            {
                using var one = TrainedClassifier.Open(model, heads, [.. plan.Tasks.Select(task => $"{task.Name}/n6/trial{t}/{kind}")], false);
                using var member = TorchRadiographModel.Of(one, new(Precision.Fp32));
                return Probabilities(member);
            }).ToArray();
            for (int i = 0; i < found.Length; i++) found[i].ShouldBe((float)(((double)members[0][i] + members[1][i]) / 2));
            torch.Notes.Outputs.Select(o => (o.Label, o.Class)).ShouldBe([("Stripes", 1), ("Grade", 0), ("Grade", 1), ("Grade", 2)]);
            torch.Notes.Outputs[0].Head.ShouldBe($"Stripes/n6/trials0,1/{kind}");
            torch.Notes.Outputs[0].Members!.Select(m => m.Head).ShouldBe([$"Stripes/n6/trial0/{kind}", $"Stripes/n6/trial1/{kind}"]);
            torch.Notes.Outputs[0].Threshold.ShouldBeNull();

            ModelExport.Run(ensemble, folder.File("m.onnx"), foldBatchNorm: true).ShouldContain("ONNX Runtime agrees");
            using var exported = OnnxRadiographModel.Open(folder.File("m.onnx"));
            System.Text.Json.JsonSerializer.Serialize(exported.Notes.Outputs)
                .ShouldBe(System.Text.Json.JsonSerializer.Serialize(torch.Notes.Outputs));
            Probabilities(exported).Zip(found).Max(p => Math.Abs(p.First - p.Second)).ShouldBeLessThan(5e-6f);
            Should.Throw<UserErrorException>(() => ModelExport.Run(ensemble, folder.File("m.pth"))).Message.ShouldContain("one network");
        }
        // Four networks on one picture, and each output names its own.
        using var both = TrainedClassifier.Open(folder.File("tuned"), null, [], false);
        using var side = InMemoryModel.Of(both);
        side.Notes.Outputs.Select(o => o.Members!.ShouldHaveSingleItem().EncoderSha256).Distinct().ShouldBe(
            tuned.Trials.Where(t => t.Trial == 0).Select(t => t.FineTuned!.EncoderSha256!));
    }

    [Fact]
    public void Networks_of_an_interrupted_run_are_those_of_an_unbroken_one_and_what_is_missing_is_trained_again()
    {
        var plan = TinyTransfer.Plan(TinyTransfer.Stripes);
        Run("whole", plan, o => o with { Keep = KeptNetworks.All });
        foreach (long after in new long[] { 10, 60, 110 })
        {
            using var stop = new CancellationTokenSource();
            Should.Throw<OperationCanceledException>(
                () => Run(
                    "broken", plan, o => o with { Keep = KeptNetworks.All }, new Callback(r => { if (r.Done >= after) stop.Cancel(); }), stop.Token));
        }
        Run("broken", plan, o => o with { Keep = KeptNetworks.All });
        string[] Files(string name) => [.. Directory.GetFiles(folder.File(name), "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(folder.File(name), f)).Order(StringComparer.Ordinal)];
        Files("broken").ShouldBe(Files("whole"));
        void AreEqual()
        {
            foreach (var file in Files("whole").Where(f => f != "journal.jsonl"))
                File.ReadAllBytes(folder.File($"broken/{file}")).ShouldBe(File.ReadAllBytes(folder.File($"whole/{file}")), file);
        }
        AreEqual();

        // Killed before its last file, damaged, and gone.
        File.Delete(folder.File("broken/models/stripes-n6-trial0/metrics.json"));
        var weights = folder.File("broken/models/stripes-n6-trial1/encoder.safetensors");
        var bytes = File.ReadAllBytes(weights);
        bytes[^1] ^= 1;
        File.WriteAllBytes(weights, bytes);
        Directory.Delete(folder.File("broken/models/stripes-n14-trial0"), recursive: true);
        Run("broken", plan, o => o with { Keep = KeptNetworks.All });
        AreEqual();
    }

    [Fact]
    public void What_cannot_be_used_is_refused_with_what_to_do()
    {
        var plan = TinyTransfer.Plan(TinyTransfer.Stripes, trials: 1, examples: [6, 14]);
        Run("none", plan, o => o with { Keep = KeptNetworks.None }).Notes.ShouldContain(n => n.StartsWith("No network is kept"));
        Directory.Exists(folder.File("none/models")).ShouldBeFalse();
        string Refusal(string model, string? heads = null, string[]? names = null, bool ensemble = false) =>
            Should.Throw<UserErrorException>(() => TrainedClassifier.Open(model, heads, names ?? [], ensemble)).Message;
        Refusal(folder.File("none")).ShouldContain("keeps no network at all");
        Run("none", plan); // the same again keeps them
        using (TrainedClassifier.Open(folder.File("none"), null, [], false))
            Refusal(folder.File("none"), names: ["Stripes/n6/trial0/fine-tuned"]).ShouldContain("keeps no network of Stripes/n6");
        Refusal(folder.File("none"), ensemble: true).ShouldContain("needs two trials or more of each label");
        Refusal(folder.File("none"), names: ["Edema"]).ShouldContain("has no head 'Edema'");

        using var start = TinyTransfer.Encoder(0);
        EncoderFolder.Write(folder.File("start"), start.Encoder, start.Card);
        // fine-tuned from it
        using (var of = TrainedClassifier.Open(folder.File("start"), folder.File("none"), [], false))
            of.Networks.ShouldHaveSingleItem().Source.Name.ShouldContain("models");
        using var stranger = TinyTransfer.Encoder(9);
        EncoderFolder.Write(folder.File("stranger"), stranger.Encoder, stranger.Card);
        Refusal(folder.File("stranger"), folder.File("none")).ShouldContain("fine-tuned from other encoders");
        Refusal(folder.File("start"), names: ["x"]).ShouldContain("without heads");
        FrozenTransfer.Run(new(start, new(Precision.Fp32)), dataset, dataset, new(plan, folder.File("frozen")));
        Refusal(folder.File("frozen")).ShouldContain("Name the encoder");

        // A list from elsewhere leads nowhere outside its folder.
        var list = File.ReadAllText(folder.File("none/heads.json"));
        foreach (var path in new[] { "models/../../start", "/etc", "models/..", "models" })
        {
            File.WriteAllText(folder.File("none/heads.json"), list.Replace("models/stripes-n14-trial0", path, StringComparison.Ordinal));
            Refusal(folder.File("none")).ShouldContain("outside models/");
        }
    }

    [Theory, InlineData("Pleural Effusion", "pleural-effusion-n10-trial2"), InlineData("Edema", "edema-n10-trial2"), InlineData("../x", null)]
    public void Labels_never_share_a_folder_nor_leave_the_transfers(string label, string? expected)
    {
        var path = NetworkFolder.PathOf(label, 10, 2);
        Path.GetDirectoryName(path).ShouldBe("models");
        if (expected is not null) Path.GetFileName(path).ShouldBe(expected);
        string[] alike = ["a b", "a-b", "a_b", "a/b", "a.b"];
        alike.Select(l => NetworkFolder.PathOf(l, 10, 2)).Distinct().Count().ShouldBe(alike.Length);
    }

    private void AreMeasured(IRadiographModel model, TrialResult trial, double tolerance)
    {
        var labelled = DatasetPool.Of(dataset, Split.Test).ToTest(new("Grade"));
        var all = Probabilities(model);
        int width = model.Notes.Outputs.Count;
        double[] found = [.. labelled.Rows.SelectMany(r => all.Skip(r * width).Take(width)).Select(v => (double)v)];
        found.Length.ShouldBe(trial.FineTuned!.Probabilities!.Length);
        found.Zip(trial.FineTuned.Probabilities).Max(p => Math.Abs(p.First - p.Second)).ShouldBeLessThan(tolerance);
    }

    private float[] Probabilities(IRadiographModel model)
    {
        var test = dataset.IndicesOf(Split.Test);
        using var images = new RadiographBatches(dataset, model.Input).CentreViews([.. test]);
        return model.Probabilities(images.data<float>().ToArray(), test.Count);
    }

    private TransferResult Run(
        string name, TransferPlan plan, Func<FineTuningOptions, FineTuningOptions>? with = null, IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default) =>
        FineTuning.Run(
            TinyTransfer.Encoder, dataset, dataset, (with ?? (o => o))(new(plan, folder.File(name), Compute: new(Precision.Fp32))), progress,
            cancellation);

    private sealed class Callback(Action<ProgressReport> action) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => action(value);
    }
}
