using RadTex.Learning.Training;

namespace RadTex.Learning.Transfer;

/// <summary>Trains one network of a fine-tuning after the other, with checkpoints where it takes long.</summary>
/// <param name="options">Where to write, and how to compute.</param>
/// <param name="progress">Counts radiographs.</param>
internal sealed class NetworkTraining(FineTuningOptions options, FineTuningProgress progress)
{
    /// <summary>Where the checkpoints of networks in training lie.</summary>
    internal string Checkpoints => Path.Combine(options.Output, "networks");

    /// <summary>Trains a network and measures it; default where it diverged.</summary>
    internal T? Run<T>(NetworkJob job, Func<FineTunedNetwork, T> measure, CancellationToken cancellation)
    {
        double own = 0, all = job.Passes;
        var steps = new Steps(r =>
        {
            double now = all * r.Done / r.Total;
            progress.Add(now - own, $"{job.Task}, N {job.Examples.Count:N0}, {r.Detail}");
            own = now;
        });
        // A network of few passes is soon trained again; its checkpoints would cost more than they save.
        using var run = all < options.CheckpointEvery ? null : OpenRun(job);
        try
        {
            using var network = new FineTunedNetwork(job.Start, job.Examples, job.Recipe, job.Seed, job.Folds, options);
            network.Train(run, steps, cancellation);
            progress.Add(all - own);
            return measure(network);
        }
        catch (DivergenceException)
        {
            progress.Add(all - own);
            return default;
        }
    }

    private RunFolder OpenRun(NetworkJob job)
    {
        var dataset = job.Examples.Dataset;
        return RunFolder.Open(
            Path.Combine(Checkpoints, job.Name), new
            {
                Recipe = (object)job.Recipe,
                Network = new { job.Task, Examples = job.Examples.Count, job.Seed, Initial = job.Start.Card.WeightsSha256 },
            },
            new RunInputs(dataset.Folder, dataset.Hash, dataset.Manifest.Synthetic, null), keepCheckpoints: 1);
    }

    private sealed class Steps(Action<ProgressReport> action) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => action(value);
    }
}
