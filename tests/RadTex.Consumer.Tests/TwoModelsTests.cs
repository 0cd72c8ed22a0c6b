using RadTex.Learning.Pretraining;

namespace RadTex.Consumer.Tests;

/// <summary>Two models in one process, each on a thread of its own: nothing that torch shares may reach from one into the other.</summary>
public sealed class TwoModelsTests : IDisposable
{
    private readonly OwnFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Trained_on_two_threads_they_end_with_the_weights_of_one_after_the_other()
    {
        var dataset = SmallRun.WriteDataset(folder.File("dataset"));
        var (first, second) = (SmallRun.Configuration("training.seed=1", "model.dropout=0.3"),
            SmallRun.Configuration("training.seed=2", "model.dropout=0.2", "objective.name=labels"));
        PretrainingResult Train(string name, PretrainingConfiguration configuration) =>
            PretrainingProgram.Run(new(dataset, folder.File(name), configuration));
        string[] alone = [Train("first", first).WeightsSha256, Train("second", second).WeightsSha256, Train("third", first).WeightsSha256];
        alone[2].ShouldBe(alone[0]);

        var together = new string[4];
        using var ready = new Barrier(together.Length);
        var threads = Enumerable.Range(0, together.Length).Select(i => new Thread(() =>
        {
            ready.SignalAndWait();
            together[i] = Train($"together{i}", i % 2 == 0 ? first : second).WeightsSha256;
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();

        together.ShouldBe([alone[0], alone[1], alone[0], alone[1]]);
    }

    [Fact]
    public void Training_leaves_the_hosts_own_random_numbers_as_they_were()
    {
        var dataset = SmallRun.WriteDataset(folder.File("dataset"));
        using var before = TorchSharp.torch.Generator.Default.get_state();
        PretrainingProgram.Run(new(dataset, folder.File("run"), SmallRun.Configuration("training.epochs=1")));
        using var after = TorchSharp.torch.Generator.Default.get_state();
        after.Equals(before).ShouldBeTrue();
    }
}
