using System.Text.Json.Nodes;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Training;
using RadTex.Prediction;
using RadTex.Text;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Pretraining;

[Collection(nameof(SerialTorch))]
public sealed class PretrainingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string dataset;

    public PretrainingTests() => dataset = TinyRun.WriteDataset(folder.File("dataset"));

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("log.checkpoint_every_steps=2")]
    [InlineData("log.checkpoint_every_steps=2", "optimizer.name=sgd", "optimizer.lookahead_steps=5", "training.groups=2", "log.prefetch_batches=0")]
    public void Run_interrupted_twice_ends_with_the_unbroken_runs_weights_and_log(params string[] assignments)
    {
        var whole = Run("whole", assignments);
        Interrupt("broken", afterImages: 12, assignments);
        Directory.CreateDirectory(folder.File("broken/checkpoints/step-00000099.partial")); // as a kill in mid-checkpoint leaves it
        Interrupt("broken", afterImages: 20, assignments);
        var resumed = Run("broken", assignments);
        resumed.WeightsSha256.ShouldBe(whole.WeightsSha256);
        resumed.Validation.ShouldBe(whole.Validation);
        Directory.GetDirectories(folder.File("broken/checkpoints")).Select(Path.GetFileName).Order().ShouldBe(["step-00000008", "step-00000009"]);
        Figures("broken").ShouldBe(Figures("whole"));
        Figures("whole").Count(line => line.StartsWith("train", StringComparison.Ordinal)).ShouldBe(9); // 12 of 16 radiographs, 3 batches, 3 epochs
        Figures("whole").Count(line => line.StartsWith("validation", StringComparison.Ordinal)).ShouldBe(3);
        File.ReadAllBytes(folder.File("broken/tensorboard/events.out.tfevents.radtex")).Length
            .ShouldBe(File.ReadAllBytes(folder.File("whole/tensorboard/events.out.tfevents.radtex")).Length);
    }

    [Fact]
    public void Damaged_newest_checkpoint_is_passed_over_and_the_result_is_the_same()
    {
        var whole = Run("whole", "log.checkpoint_every_steps=2");
        Interrupt("broken", afterImages: 20, "log.checkpoint_every_steps=2");
        var newest = Directory.GetDirectories(folder.File("broken/checkpoints")).Order().Last();
        using (var file = File.OpenWrite(Path.Combine(newest, "model.safetensors"))) file.SetLength(file.Length - 100);
        var said = new List<string>();
        var resumed = Run("broken", said.Add, "log.checkpoint_every_steps=2");
        said.ShouldContain(line => line.Contains("damaged"));
        resumed.WeightsSha256.ShouldBe(whole.WeightsSha256);
    }

    [Fact]
    public void Finished_run_leaves_what_transfer_and_reading_need()
    {
        var result = Run("run");
        var (encoder, card) = EncoderFolder.Read(result.EncoderFolder);
        using (encoder)
            card.ShouldBe(new EncoderCard("resnet18", 4, 1, 32, "max", "MONOCHROME2", 32, card.Provenance, true, card.WeightsSha256, "display", 36));
        card.Provenance.ShouldContain("12 synthetic radiographs");
        var (model, vocabulary, modelCard) = ModelFolder.Read(result.ModelFolder);
        using (model)
        {
            vocabulary.Sha256.ShouldBe(WordPieceVocabulary.Load(folder.File("run/vocab.txt")).Sha256);
            modelCard.WeightsSha256.ShouldBe(result.WeightsSha256);
            model.Configuration.VocabularySize.ShouldBe(vocabulary.Count);
        }
        JsonNode.Parse(File.ReadAllText(folder.File("run/config.resolved.json")))!["training"]!["precision"]!.GetValue<string>().ShouldBe("fp32");
        var said = new List<string>();
        Run("run", said.Add).ShouldBe(result, new SameResult());
        said.ShouldContain(line => line.Contains("complete"));
        result.Validation.Keys.ShouldBe(["loss", "forward", "backward", "shuffled_loss", "shuffled_forward", "shuffled_backward"]);
    }

    [Fact]
    public void Other_seed_gives_other_weights_and_the_same_seed_the_same()
    {
        var first = Run("a", "training.max_steps=2").WeightsSha256;
        Run("b", "training.max_steps=2").WeightsSha256.ShouldBe(first);
        Run("c", "training.max_steps=2", "training.seed=1").WeightsSha256.ShouldNotBe(first);
    }

    [Fact]
    public void Changed_dataset_under_a_run_is_refused()
    {
        Interrupt("run", afterImages: 12);
        Directory.Delete(dataset, recursive: true);
        TinyRun.WriteDataset(dataset, salt: 5);
        Should.Throw<UserErrorException>(() => Run("run")).Message.ShouldStartWith("The dataset has changed since");
        Directory.GetDirectories(folder.File("run/checkpoints")).ShouldNotBeEmpty();
    }

    [Fact]
    public void Vocabulary_that_is_not_the_runs_is_refused()
    {
        Interrupt("run", afterImages: 12);
        VocabularyBuilder.Build([TinyRun.Caption(0)], 60).Save(folder.File("other.txt"));
        var options = new PretrainingOptions(dataset, folder.File("run"), TinyRun.Configuration(), folder.File("other.txt"));
        Should.Throw<UserErrorException>(() => PretrainingProgram.Run(options)).Message.ShouldStartWith("The vocabulary is not that of");
        File.Copy(folder.File("other.txt"), folder.File("run/vocab.txt"), overwrite: true);
        Should.Throw<UserErrorException>(() => Run("run")).Message.ShouldStartWith("The vocabulary is not that of");
    }

    [Fact]
    public void Other_configuration_is_refused_but_for_what_is_logged()
    {
        Interrupt("run", afterImages: 12);
        Should.Throw<UserErrorException>(() => Run("run", "training.seed=4", "model.dropout=0.2")).Message
            .ShouldContain("model.dropout was 0.1, now 0.2; training.seed was 0, now 4");
        Run("run", "log.keep_checkpoints=1").Steps.ShouldBe(9);
    }

    [Fact]
    public void Folder_of_something_else_and_folder_in_use_are_refused()
    {
        Directory.CreateDirectory(folder.File("full"));
        File.WriteAllText(folder.File("full/thesis.txt"), "mine");
        Should.Throw<UserErrorException>(() => Run("full")).Message.ShouldContain("holds files that are not RadTex's, not a run");
        Directory.CreateDirectory(folder.File("busy"));
        using var gate = new FileStream(folder.File("busy/.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        Should.Throw<UserErrorException>(() => Run("busy")).Message.ShouldStartWith("Another process works in");
    }

    [Fact]
    public void A_run_whose_folder_is_taken_away_ends_and_writes_nothing_anew()
    {
        var progress = new Callback(report =>
        {
            if (report.Stage == "pretraining" && report.Done >= 8 && Directory.Exists(folder.File("gone")))
                Directory.Delete(folder.File("gone"), recursive: true);
        });
        Should.Throw<UserErrorException>(
            () => PretrainingProgram.Run(new PretrainingOptions(dataset, folder.File("gone"), TinyRun.Configuration()), null, progress)).Message
            .ShouldContain("was taken away while it was written");
        Directory.Exists(folder.File("gone")).ShouldBeFalse();
    }

    [Theory, InlineData(-1), InlineData(100_000)]
    public void Threads_are_bounded(int threads) =>
        Should.Throw<UserErrorException>(
            () => PretrainingProgram.Run(new PretrainingOptions(dataset, folder.File("run"), TinyRun.Configuration(), Threads: threads))).Message
                .ShouldContain("expected 0 to 1,024");

    [Fact]
    public void Paper_preset_asks_for_SciBerts_vocabulary()
    {
        var options = new PretrainingOptions(dataset, folder.File("run"), ConfigurationReader.Read("paper"));
        Should.Throw<UserErrorException>(() => PretrainingProgram.Run(options)).Message.ShouldContain("SciBERT's vocabulary");
        VocabularyBuilder.Build([TinyRun.Caption(0)], 60).Save(folder.File("other.txt"));
        Should.Throw<UserErrorException>(() => PretrainingProgram.Run(options with { Vocabulary = folder.File("other.txt") })).Message
            .ShouldContain("is not SciBERT's vocabulary");
        Directory.Exists(folder.File("run")).ShouldBeFalse();
    }

    [Theory, InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void Loss_that_is_no_number_stops_the_run_naming_step_and_studies(double poison)
    {
        var configuration = TinyRun.Configuration("log.checkpoint_every_steps=2");
        var (task, opened) = TinyRun.Task(dataset, configuration);
        using var _ = opened;
        using var poisoned = new PoisonedTask(task, poison, atStep: 6);
        using var run = RunFolder.Open(folder.File("run"), configuration, new RunInputs(dataset, opened.Hash, true, null));
        var message = Should.Throw<UserErrorException>(() => TrainingLoop.Run(poisoned, configuration.Loop, run)).Message;
        message.ShouldContain("in step 6");
        foreach (var study in poisoned.LastStudies) message.ShouldContain(study);
        message.ShouldContain("step-00000004");
        message.ShouldNotContain("lungs"); // no report text
        Directory.GetDirectories(folder.File("run/checkpoints")).Select(Path.GetFileName).Order().ShouldBe(["step-00000002", "step-00000004"]);
        foreach (var parameter in task.Model.parameters()) parameter.isfinite().all().item<bool>().ShouldBeTrue();
    }

    [Theory, InlineData(2, "2 fit, as was just tried: set training.batch_size=4, or training.groups=4 to keep 8 an update"),
        InlineData(1, "Not even 2 fit")]
    public void Too_little_memory_is_told_with_the_batch_that_fits(int fits, string cure)
    {
        var configuration = TinyRun.Configuration("training.batch_size=8", "training.groups=2");
        var (task, opened) = TinyRun.Task(dataset, configuration);
        using var _ = opened;
        using var hungry = new HungryTask(task, fits);
        var message = Should.Throw<UserErrorException>(() => TrainingLoop.Run(hungry, configuration.Loop)).Message;
        message.ShouldStartWith("There is too little memory to train on 4 radiographs at once (CUDA out of memory. Tried to allocate 2.00 GiB). ");
        message.ShouldContain(cure);
        hungry.Asked.ShouldBe([4, 2]);
    }

    [Fact]
    public void Tf32_is_refused_on_a_processor() =>
        Should.Throw<UserErrorException>(() => Run("run", "training.precision=tf32")).Message
            .ShouldContain("the device is cpu. Use auto, bf16 or fp32");

    [Fact]
    public void Full_disk_stops_the_run_and_keeps_the_last_good_checkpoint()
    {
        var whole = Run("whole", "log.checkpoint_every_steps=2");
        if (!File.Exists("/dev/full")) Assert.Skip("no /dev/full on this system");
        // Once a checkpoint is there, the next one's weights go to a device that is always full.
        var trap = folder.File("run/checkpoints/step-00000004.partial");
        var progress = new Callback(report =>
        {
            if (report.Stage != "pretraining" || report.Done != 12 || Directory.Exists(trap)) return;
            Directory.CreateDirectory(trap);
            File.CreateSymbolicLink(Path.Combine(trap, "model.safetensors.partial"), "/dev/full");
        });
        var options = new PretrainingOptions(dataset, folder.File("run"), TinyRun.Configuration("log.checkpoint_every_steps=2"));
        var message = Should.Throw<UserErrorException>(() => PretrainingProgram.Run(options, progress: progress)).Message;
        message.ShouldStartWith("The disk is full");
        message.ShouldContain("step-00000002");
        Directory.GetDirectories(folder.File("run/checkpoints")).Select(Path.GetFileName).ShouldBe(["step-00000002"]);
        Run("run", "log.checkpoint_every_steps=2").WeightsSha256.ShouldBe(whole.WeightsSha256);
    }

    private PretrainingResult Run(string name, params string[] assignments) => Run(name, null, assignments);

    private PretrainingResult Run(string name, Action<string>? say, params string[] assignments) =>
        PretrainingProgram.Run(new PretrainingOptions(dataset, folder.File(name), TinyRun.Configuration(assignments)), say);

    private void Interrupt(string name, long afterImages, params string[] assignments)
    {
        using var stop = new CancellationTokenSource();
        var progress = new Callback(report =>
        {
            if (report.Stage == "pretraining" && report.Done >= afterImages) stop.Cancel();
        });
        Should.Throw<OperationCanceledException>(() => PretrainingProgram.Run(
            new PretrainingOptions(dataset, folder.File(name), TinyRun.Configuration(assignments)), null, progress, stop.Token));
    }

    // The log without what depends on the clock.
    private List<string> Figures(string name) => [.. TrainingLog.Read(RunFolder.LogPath(folder.File(name)))
        .Select(line => $"{line.Kind} {line.Step} {line.Epoch} " + string.Join(' ', line.Values
            .Where(
                v => !v.Key.EndsWith("_per_second", StringComparison.Ordinal)
                    && v.Key is not ("rss_mib" or "live_tensors" or "loader_stall" or "exchange"))
                    .Select(v => $"{v.Key}={v.Value:R}")))];

    private sealed class Callback(Action<ProgressReport> action) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => action(value);
    }

    private sealed class SameResult : IEqualityComparer<PretrainingResult>
    {
        public bool Equals(PretrainingResult? x, PretrainingResult? y) => Text(x) == Text(y);

        public int GetHashCode(PretrainingResult result) => 0;

        private static string Text(PretrainingResult? result) => System.Text.Json.JsonSerializer.Serialize(result) + result?.Run;
    }

    // Captioning, but for what a test alters.
    private abstract class AlteredTask(CaptioningTask inner) : TrainingTask<CaptioningPart>
    {
        public override string Name => inner.Name;

        public override nn.Module Model => inner.Model;

        public override EpochSampler Sampler => inner.Sampler;

        public override int? Groups => inner.Groups;

        public override IReadOnlyList<ParameterGroup> MakeGroups() => inner.MakeGroups();

        public override CaptioningPart Prepare(PartOfBatch part) => inner.Prepare(part);

        public override LossTerms Loss(CaptioningPart data, PartOfBatch part) => inner.Loss(data, part);

        public override IReadOnlyList<string> StudyIds(IReadOnlyList<int> radiographs) => inner.StudyIds(radiographs);
    }

    private sealed class PoisonedTask(CaptioningTask inner, double poison, int atStep) : AlteredTask(inner)
    {
        private int calls;

        internal IReadOnlyList<string> LastStudies { get; private set; } = [];

        public override LossTerms Loss(CaptioningPart data, PartOfBatch part)
        {
            LastStudies = StudyIds(part.Batch);
            var loss = base.Loss(data, part);
            return ++calls == atStep ? loss with { Terms = [.. loss.Terms.Select(t => (t.Name, tensor(poison)))] } : loss;
        }
    }

    // As on a GPU whose memory holds a few radiographs.
    private sealed class HungryTask(CaptioningTask inner, int fits) : AlteredTask(inner)
    {
        internal List<int> Asked { get; } = [];

        public override LossTerms Loss(CaptioningPart data, PartOfBatch part)
        {
            Asked.Add(part.Radiographs.Count);
            return part.Radiographs.Count > fits
                ? throw new TorchFault("CUDA out of memory. Tried to allocate 2.00 GiB.\nException raised from malloc")
                : base.Loss(data, part);
        }

        private sealed class TorchFault(string message) : System.Runtime.InteropServices.ExternalException(message);
    }
}
