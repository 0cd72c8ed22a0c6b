using Parquet;
using RadTex.Data;
using RadTex.Heads;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Models;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Training;
using RadTex.Learning.Transfer;
using RadTex.Studies;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Transfer;

[Collection(nameof(SerialTorch))]
public sealed class FineTuningTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly PreparedDataset dataset;

    public FineTuningTests() => dataset = PreparedDataset.Open(TinyTransfer.WriteDataset(folder.File("dataset")));

    public void Dispose()
    {
        dataset.Dispose();
        folder.Dispose();
    }

    [Theory, InlineData(2), InlineData(3)]
    public void Updates_are_those_of_plain_torch(int classCount)
    {
        var recipe = new PaperRecipe(0.1, 2, BatchSize: 4, WarmupFraction: 0.5);
        (int Index, int Class)[] examples = [.. dataset.IndicesOf(Split.Train).Take(7).Select(i => (i, i % classCount))];
        using var start = TinyTransfer.Encoder(0);
        using var network = new FineTunedNetwork(
            start, new(dataset, examples, classCount), recipe, 11, new CounterRandom(11), Options(TinyTransfer.Plan(TinyTransfer.Stripes)));
        using var scope = NewDisposeScope();

        // The reference: the same start, torch's own SGD, and the loss written out.
        var encoder = TinyTransfer.Encoder(0).Encoder;
        var initial = State(network.Classifier);
        var layer = nn.Linear(encoder.FeatureWidth, classCount == 2 ? 1 : classCount);
        using (no_grad())
        {
            layer.weight!.copy_(network.Classifier.Head.Weight);
            layer.bias!.copy_(network.Classifier.Head.Bias);
        }
        encoder.train();
        var sgd = optim.SGD([.. encoder.parameters(), .. layer.parameters()], 0.1, momentum: 0.9);
        var sampler = new EpochSampler([.. examples.Select(e => e.Index)], 4, 11, dropLast: false);
        var views = new RadiographBatches(dataset, new RadiographInput(TinyTransfer.Side), new AffineAugmentation(), 11);
        double[] multipliers = [0, 0.5, 1, 0.5]; // half a linear warm-up of two updates, then cos² of 0 and of π/4
        for (int step = 0; step < 4; step++)
        {
            var batch = sampler.Batch(step);
            var logits = layer.forward(encoder.forward(views.TrainingViews(batch, step)).mean([2L, 3L]));
            var terms = batch.Select((index, b) => examples.First(e => e.Index == index).Class is var c && classCount == 2
                ? -(logits[b, 0] * (c == 1 ? 1 : -1)).sigmoid().log()
                : -logits[b].softmax(0)[c].log());
            sgd.zero_grad();
            stack([.. terms]).mean().backward();
            foreach (var group in sgd.ParamGroups) group.LearningRate = 0.1 * multipliers[step];
            sgd.step();
        }

        network.Train(null, null, CancellationToken.None);

        var expected = encoder.named_parameters().ToDictionary(p => $"cnn.{p.name}", p => (Tensor)p.parameter);
        (expected["fc.weight"], expected["fc.bias"]) = (layer.weight!, layer.bias!);
        foreach (var (name, buffer) in encoder.named_buffers().Where(b => b.name.Contains("running"))) expected[$"cnn.{name}"] = buffer;
        // Rounding differs by processor and threads, and grows with every update: half a percent of how far a tensor moved is far more than that, and
        // far less than any other rate, momentum, order or view would make.
        foreach (var (name, value) in State(network.Classifier).Where(v => expected.ContainsKey(v.Key)))
            Apart(value, expected[name]).ShouldBeLessThan(2e-6f + 5e-3f * Apart(value, initial[name]), name);
        expected.Keys.ShouldBeSubsetOf(initial.Keys);

        static float Apart(Tensor a, Tensor b) => (a - b).abs().max().item<float>();
        static Dictionary<string, Tensor> State(nn.Module module) => module.named_parameters().Select(p => (p.name, Value: (Tensor)p.parameter))
            .Concat(module.named_buffers().Select(b => (b.name, Value: b.buffer))).ToDictionary(p => p.name, p => p.Value.detach().clone());
    }

    [Fact]
    public void Draws_are_those_of_frozen_transfer()
    {
        var plan = TinyTransfer.Plan(TinyTransfer.Stripes, trials: 3);
        var tuned = Run("tuned", plan);
        using var start = TinyTransfer.Encoder(0);
        var frozen = FrozenTransfer.Run(new FeatureExtractor(start), dataset, dataset, new FrozenTransferOptions(plan, folder.File("frozen")));
        tuned.Tasks.Select(Text).ShouldBe(frozen.Tasks.Select(Text));
        tuned.Trials.Select(t => (t.Examples, t.Trial, string.Join(' ', t.ClassCounts), t.Redraws))
            .ShouldBe(frozen.Trials.Select(t => (t.Examples, t.Trial, string.Join(' ', t.ClassCounts), t.Redraws)));

        static string Text(TaskCounts counts) => System.Text.Json.JsonSerializer.Serialize(counts);
    }

    [Theory, InlineData("Stripes"), InlineData("Grade")]
    public async Task Networks_learn_labels_and_grades_that_the_pictures_show(string label)
    {
        var recipe = new PaperRecipe(0.01, 25, BatchSize: 14, Optimizer: OptimizerKind.AdamW);
        var result = Run("out", TinyTransfer.Plan(new(label), recipe, trials: 1, examples: [null]), o => o with { Augmentation = new(0, 0) });
        var trial = result.Trials.ShouldHaveSingleItem();
        trial.Scores.Auc!.Value.ShouldBeGreaterThan(0.9);
        int classes = label == "Grade" ? 3 : 2, test = result.Tasks[0].Test.Sum();
        trial.ClassCounts.Count.ShouldBe(classes);
        var probabilities = trial.FineTuned!.Probabilities!;
        probabilities.Length.ShouldBe(classes == 2 ? test : test * classes);
        if (classes == 3) probabilities.Chunk(3).ShouldAllBe(p => Math.Abs(p.Sum() - 1) < 1e-9);
        using var stream = File.OpenRead(folder.File("out/predictions.parquet"));
        var reader = await ParquetReader.CreateAsync(stream, cancellationToken: TestContext.Current.CancellationToken);
        reader.Metadata!.NumRows.ShouldBe(probabilities.Length);
        File.Exists(folder.File("out/heads.safetensors")).ShouldBeFalse();
    }

    [Theory, InlineData(1_000_000), InlineData(12)]
    public void Run_interrupted_again_and_again_ends_with_the_unbroken_ones_files(long checkpointEvery)
    {
        var plan = TinyTransfer.Plan(TinyTransfer.Grade);
        FineTuningOptions WithChoice(FineTuningOptions options) => options with
        {
            CheckpointEvery = checkpointEvery,
            Candidates = [plan.Recipe, plan.Recipe with { LearningRate = 0.2 }],
        };
        Run("whole", plan, WithChoice);
        foreach (long after in new long[] { 10, 70, 130, 200, 290 })
        {
            using var stop = new CancellationTokenSource();
            Should.Throw<OperationCanceledException>(
                () => Run("broken", plan, WithChoice, new Callback(r => { if (r.Done >= after) stop.Cancel(); }), stop.Token));
            File.Exists(folder.File("broken/metrics.json")).ShouldBeFalse();
            File.AppendAllText(folder.File("broken/journal.jsonl"), "{\"task\":\"Gra"); // as a kill in mid-line leaves it
        }
        Run("broken", plan, WithChoice);
        foreach (var name in new[] { "metrics.json", "predictions.parquet", "heads.json" })
            File.ReadAllBytes(folder.File($"broken/{name}")).ShouldBe(File.ReadAllBytes(folder.File($"whole/{name}")), name);
        Directory.Exists(folder.File("broken/networks")).ShouldBeFalse();
        int trained = 0;
        Run("broken", plan, WithChoice, new Callback(r => trained += r.Detail is null ? 0 : 1));
        trained.ShouldBe(0);
    }

    [Fact]
    public void Number_of_workers_changes_nothing_where_each_has_one_thread()
    {
        int threads = get_num_threads();
        try
        {
            set_num_threads(1);
            var plan = TinyTransfer.Plan(TinyTransfer.Stripes);
            Hashes(Run("one", plan)).ShouldBe(Hashes(Run("three", plan with { Workers = 3 })));
            get_num_threads().ShouldBe(1);
        }
        finally { set_num_threads(threads); }

        static IEnumerable<string?> Hashes(TransferResult result) => result.Trials.Select(t => t.FineTuned!.EncoderSha256);
    }

    [Fact]
    public void Choice_is_the_best_on_validation_and_never_sees_the_test()
    {
        var plan = TinyTransfer.Plan(TinyTransfer.Stripes);
        FineTuningOptions WithChoice(FineTuningOptions options) => options with
        {
            Candidates =
                [plan.Recipe with { LearningRate = 1e-6 }, plan.Recipe, plan.Recipe with { Optimizer = OptimizerKind.AdamW, LearningRate = 0.01 }],
        };
        var first = Run("a", plan, WithChoice);
        using var other = PreparedDataset.Open(TinyTransfer.WriteDataset(folder.File("other"), testSalt: 9));
        var second = FineTuning.Run(TinyTransfer.Encoder, other, other, WithChoice(Options(plan) with { Output = folder.File("b") }));

        first.Choices!.Select(c => c.Examples).ShouldBe([6, 14]);
        Text(first.Choices!).ShouldBe(Text(second.Choices!));
        first.Trials.Select(t => t.FineTuned!.EncoderSha256).ShouldBe(second.Trials.Select(t => t.FineTuned!.EncoderSha256));
        first.Trials.Select(t => t.Scores.Auc).ShouldNotBe(second.Trials.Select(t => t.Scores.Auc));
        foreach (var choice in first.Choices!)
        {
            choice.Candidates[choice.Chosen].Auc.ShouldBe(choice.Candidates.Max(c => c.Auc));
            first.Trials.Where(t => t.Examples == choice.Examples).ShouldAllBe(t => t.FineTuned!.Recipe == choice.Candidates[choice.Chosen].Recipe);
        }
        Should.Throw<UserErrorException>(() => Run("c", plan, o => WithChoice(o) with { TestSplit = Split.Validate })).Message
            .ShouldContain("patients are in test and in split validate");
        Should.Throw<UserErrorException>(() => Run("d", plan, o => WithChoice(o) with { ValidationSplit = Split.Train })).Message
            .ShouldContain("patients are in training and in split train");

        static string Text(IReadOnlyList<RecipeChoice> choices) => System.Text.Json.JsonSerializer.Serialize(choices);
    }

    [Fact]
    public void Divergence_is_a_result_that_is_not_available_and_never_chosen()
    {
        var plan = TinyTransfer.Plan(TinyTransfer.Stripes, trials: 1, examples: [8]);
        var wild = plan.Recipe with { LearningRate = 1e30 };
        var result = Run("wild", plan with { Recipe = wild });
        result.Trials[0].Scores.ShouldBe(new TransferScores(null, null, null, null));
        result.Trials[0].Note!.ShouldContain("diverged");
        TransferTable.Lines(result).ShouldContain(line => line.Contains("n/a"));
        Run("chosen", plan, o => o with { Candidates = [wild, plan.Recipe] }).Choices![0].Chosen.ShouldBe(1);
        Should.Throw<UserErrorException>(() => Run("none", plan, o => o with { Candidates = [wild, wild with { LearningRate = 1e31 }] })).Message
            .ShouldContain("diverged");
    }

    [Fact]
    public void Other_encoder_dataset_or_recipe_under_a_resumed_run_is_refused()
    {
        var plan = TinyTransfer.Plan(TinyTransfer.Stripes, trials: 1, examples: [6]);
        Run("out", plan);
        string Refusal(Func<TransferResult> run) => Should.Throw<UserErrorException>(run).Message;
        Refusal(() => Run("out", plan with { Recipe = plan.Recipe with { LearningRate = 1 } })).ShouldContain("holds results of another sweep");
        Refusal(() => FineTuning.Run(trial => TinyTransfer.Encoder(trial + 5), dataset, dataset, Options(plan))).ShouldContain("weights");
        using var other = PreparedDataset.Open(TinyTransfer.WriteDataset(folder.File("other"), testSalt: 9));
        Refusal(() => FineTuning.Run(TinyTransfer.Encoder, other, other, Options(plan))).ShouldContain("dataset hash");
        Run("out", plan with { Trials = 2 }).Trials.Count.ShouldBe(2); // extending is no change
        Refusal(() => FineTuning.Run(trial => TinyTransfer.Encoder(trial * 2), dataset, dataset, Options(plan with { Trials = 2 })))
            .ShouldContain("holds trial 1 from an encoder with weights");
        Refusal(
            () => FineTuning.Run(
                trial => EncoderSource.Random("resnet18", TinyTransfer.Width + 16 * trial, 0, TinyTransfer.Side), dataset, dataset,
                Options(plan with { Trials = 2 }))).ShouldContain("is another network than");
    }

    [Theory, InlineData("frozen"), InlineData("fine-tune")]
    public void A_second_label_or_fewer_of_anything_in_the_same_folder_is_refused_and_both_together_extend_it(string mode)
    {
        using var start = TinyTransfer.Encoder(0);
        TransferResult Transfer(TransferPlan plan) => mode == "frozen"
            ? FrozenTransfer.Run(
                new FeatureExtractor(start, new(Precision.Fp32)), dataset, dataset, new FrozenTransferOptions(plan, folder.File("out")))
            : Run("out", plan);
        var first = TinyTransfer.Plan(TinyTransfer.Stripes, trials: 2, examples: [6]);
        var found = Transfer(first);
        var before = File.ReadAllBytes(folder.File("out/metrics.json"));
        string Refusal(TransferPlan plan) => Should.Throw<UserErrorException>(() => Transfer(plan)).Message;
        Refusal(first with { Tasks = [TinyTransfer.Grade] }).ShouldContain("also holds results of label 'Stripes'");
        Refusal(first with { Trials = 1 }).ShouldContain("trial 1");
        File.ReadAllBytes(folder.File("out/metrics.json")).ShouldBe(before);
        var both = Transfer(first with { Tasks = [TinyTransfer.Stripes, TinyTransfer.Grade], Examples = [6, 14] });
        both.Trials.Count.ShouldBe(2 * 2 * 2);
        both.Trials.Where(t => t.Task == "Stripes" && t.Examples == 6).Select(t => $"{t.Scores}").ShouldBe(found.Trials.Select(t => $"{t.Scores}"));
        Refusal(first with { Tasks = [TinyTransfer.Stripes, TinyTransfer.Grade] }).ShouldContain("N 14");
    }

    [Fact]
    public void Another_dataset_can_be_tested_on()
    {
        using var other = PreparedDataset.Open(TinyTransfer.WriteDataset(folder.File("other"), count: 40, testSalt: 2));
        var plan = TinyTransfer.Plan(TinyTransfer.Stripes, trials: 1, examples: [6]);
        var own = Run("own", plan);
        var foreign = FineTuning.Run(TinyTransfer.Encoder, dataset, other, Options(plan) with { Output = folder.File("foreign") });
        foreign.Trials[0].FineTuned!.EncoderSha256.ShouldBe(own.Trials[0].FineTuned!.EncoderSha256);
        foreign.Tasks[0].Test.Sum().ShouldBeLessThan(own.Tasks[0].Test.Sum());
        Should.Throw<UserErrorException>(
            () => FineTuning.Run(TinyTransfer.Encoder, dataset, other, Options(plan) with { Output = folder.File("x"), TestSplit = null })).Setting
            .ShouldBe("patients-differ");
    }

    [Fact]
    public void Last_batch_of_one_value_a_channel_is_refused()
    {
        var plan = TinyTransfer.Plan(TinyTransfer.Stripes, trials: 1, examples: [7]);
        Should.Throw<UserErrorException>(() => Run("out", plan)).Message.ShouldContain("Batch norm cannot train on one radiograph");
    }

    private FineTuningOptions Options(TransferPlan plan) => new(plan, folder.File("out"), Compute: new(Precision.Fp32));

    [Theory]
    [InlineData("frozen", "features")]
    [InlineData("frozen", "heads")]
    [InlineData("fine-tune", "fine-tuning")]
    public void A_folder_that_is_taken_away_ends_the_transfer_and_is_not_made_anew(string mode, string stage)
    {
        var output = folder.File("gone");
        int taken = 0;
        var taker = new Callback(report =>
        {
            if (report.Stage == stage && report.Done > 0 && Interlocked.Exchange(ref taken, 1) == 0) Directory.Delete(output, recursive: true);
        });
        using var start = TinyTransfer.Encoder(0);
        var plan = TinyTransfer.Plan(TinyTransfer.Stripes);
        var message = Should.Throw<UserErrorException>(() => mode == "frozen"
            ? FrozenTransfer.Run(new FeatureExtractor(start, new(Precision.Fp32)), dataset, dataset, new FrozenTransferOptions(plan, output), taker)
            : Run("gone", plan, progress: taker)).Message;
        taken.ShouldBe(1);
        message.ShouldContain("was taken away");
        Directory.Exists(output).ShouldBeFalse();
    }

    private TransferResult Run(
        string name, TransferPlan plan, Func<FineTuningOptions, FineTuningOptions>? with = null, IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default) =>
        FineTuning.Run(
            TinyTransfer.Encoder, dataset, dataset, (with ?? (o => o))(Options(plan)) with { Output = folder.File(name) }, progress, cancellation);

    private sealed class Callback(Action<ProgressReport> action) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => action(value);
    }
}
