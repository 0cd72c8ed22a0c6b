using RadTex.Data;
using RadTex.Learning.Distributed;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Training;
using RadTex.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Pretraining;

/// <summary>Pairs told among the whole batch, part after part and process beside process.</summary>
[Collection(nameof(SerialTorch))]
public sealed class WholeBatchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly PreparedDataset dataset;

    public WholeBatchTests() => dataset = PreparedDataset.Open(TinyRun.WriteDataset(folder.File("dataset")));

    public void Dispose()
    {
        dataset.Dispose();
        folder.Dispose();
    }

    [Theory, InlineData("softmax"), InlineData("sigmoid")]
    public void Part_after_part_gives_the_gradient_and_statistics_of_one_pass(string form)
    {
        using var scope = NewDisposeScope();
        using var cached = Task(form);
        using var whole = Task(form);
        foreach (var task in new[] { cached, whole }) task.Model.to(ScalarType.Float64);
        using var groups = new Groups(cached.MakeGroups());
        using var others = new Groups(whole.MakeGroups());
        var parts = new BatchParts<CaptioningPart>(cached, Seed);
        using var prepared = parts.Prepare(0);
        prepared.Parts.Count.ShouldBe(3);
        var batch = new PreparedBatch<CaptioningPart>(
            prepared.Radiographs, [.. prepared.Parts.Select(p => (p.Part, p.Data with { Images = p.Data.Images.to(ScalarType.Float64) }))]);
        var losses = parts.Backpropagate(batch);

        var embeddings = new List<Tensor>();
        foreach (var (part, data) in batch.Parts)
        {
            using var random = TrainingLoop.Seed(Seed, 0, part.Number, onGpu: false);
            BatchNorm.TrackStatistics(whole.Model, part.Number == 0);
            embeddings.Add(((IWholeBatchTask<CaptioningPart>)whole).Embed(data));
        }
        var loss = ((IWholeBatchTask<CaptioningPart>)whole).Loss(cat(embeddings)).Loss;
        loss.backward();
        losses.Total.ShouldBe(loss.item<double>(), 1e-12);
        foreach (var (own, other) in groups.All.Zip(others.All))
        {
            own.Gradients.abs().max().item<double>().ShouldBeGreaterThan(0);
            (own.Gradients - other.Gradients).abs().max().item<double>().ShouldBeLessThan(1e-12);
        }
        foreach (var (own, other) in cached.Model.buffers().Zip(whole.Model.buffers()))
            (own - other).abs().max().to(ScalarType.Float64).item<double>().ShouldBe(0);
    }

    [Theory, InlineData("softmax"), InlineData("sigmoid")]
    public void Two_ranks_add_up_to_one_process(string form)
    {
        using var scope = NewDisposeScope();
        var (alone, loss) = Gradients(form, ProcessGroup.Alone, groups: 2);
        var ranks = TwoRanks.Make();
        var found = new (float[] Gradients, StepLosses Losses)[2];
        var threads = ranks.Select(rank => new Thread(() => found[rank.Rank] = Gradients(form, rank, groups: 2))).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        (found[0].Losses.Total + found[1].Losses.Total).ShouldBe(loss.Total, 1e-6);
        alone.Max(Math.Abs).ShouldBeGreaterThan(1e-3f);
        for (int i = 0; i < alone.Length; i++) (found[0].Gradients[i] + found[1].Gradients[i]).ShouldBe(alone[i], 1e-5f);
    }

    [Fact]
    public void A_run_over_the_whole_batch_goes_on_where_it_was_stopped()
    {
        string[] settings =
            ["objective.name=contrastive", "objective.pairs=batch", "objective.projection=16", "training.groups=2", "log.checkpoint_every_steps=2"];
        var whole = Run("whole", settings);
        using (var stop = new CancellationTokenSource())
            Should.Throw<OperationCanceledException>(() => PretrainingProgram.Run(
                new(dataset.Folder, folder.File("broken"), TinyRun.Configuration(settings)), null, new StopAt(stop, 20), stop.Token));
        Run("broken", settings).WeightsSha256.ShouldBe(whole.WeightsSha256);
    }

    private const long Seed = 5;

    private PretrainingResult Run(string name, string[] settings) =>
        PretrainingProgram.Run(new(dataset.Folder, folder.File(name), TinyRun.Configuration(settings)));

    private (float[] Gradients, StepLosses Losses) Gradients(string form, ProcessGroup processes, int groups)
    {
        using var scope = NewDisposeScope();
        using var task = Task(form, groups);
        using var made = new Groups(task.MakeGroups());
        var parts = new BatchParts<CaptioningPart>(task, Seed, processes);
        using var batch = parts.Prepare(0);
        var losses = parts.Backpropagate(batch);
        return ([.. made.All.SelectMany(g => g.Gradients.data<float>().ToArray())], losses);
    }

    private ContrastiveTask Task(string form, int groups = 3)
    {
        var configuration = TinyRun.Configuration(
            "objective.name=contrastive", "objective.pairs=batch", $"objective.form={form}", "objective.projection=8", "training.batch_size=12",
            $"training.groups={groups}");
        var vocabulary = VocabularyBuilder.Build(CaptionCorpus.Read(dataset.Folder), 200);
        var task = (ContrastiveTask)configuration.Objective
            .Create(new(configuration, dataset, vocabulary, CPU, _ => { }, CancellationToken.None)).Task;
        task.Model.train();
        return task;
    }

    private sealed class Groups(IReadOnlyList<ParameterGroup> all) : IDisposable
    {
        internal IReadOnlyList<ParameterGroup> All => all;

        public void Dispose()
        {
            foreach (var group in all) group.Dispose();
        }
    }

    /// <summary>Two threads of this process as ranks.</summary>
    private sealed class TwoRanks(int rank, Barrier barrier, float[][] floats, double[][] doubles) : ProcessGroup
    {
        internal static TwoRanks[] Make()
        {
            var (barrier, floats, doubles) = (new Barrier(2), new float[2][], new double[2][]);
            return [new(0, barrier, floats, doubles), new(1, barrier, floats, doubles)];
        }

        public override int Rank => rank;

        public override int Size => 2;

        public override int LocalSize => 2;

        public override int LocalRank => rank;

        public override string Description => "two threads";

        public override void Sum(Span<double> values) => Exchange(values, doubles, (a, b) => a + b);

        public override void Abort(int exitCode) { }

        protected override void SumFloats(Span<float> values) => Exchange(values, floats, (a, b) => a + b);

        protected override void Broadcast(Span<byte> values) => throw new NotSupportedException();

        private void Exchange<T>(Span<T> values, T[][] slots, Func<T, T, T> add)
        {
            slots[rank] = values.ToArray();
            barrier.SignalAndWait();
            for (int i = 0; i < values.Length; i++) values[i] = add(slots[0][i], slots[1][i]);
            barrier.SignalAndWait();
        }
    }
}
