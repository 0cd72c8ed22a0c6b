using System.Diagnostics;
using System.IO.Hashing;
using RadTex.Learning.Distributed;
using RadTex.Learning.Kernels;
using static TorchSharp.torch;

namespace RadTex.Learning.Training;

/// <summary>
/// The one training loop. What is learnt is the task's; order, augmentation and dropout follow from (seed, step), so a run
/// resumed from a checkpoint is bitwise the unbroken one (same thread count, CPU).
/// </summary>
public static class TrainingLoop
{
    private const ulong DropoutStream = 0x44726F70; // "Drop"

    /// <summary>Trains to the end, from the run's last good checkpoint where it has one.</summary>
    /// <param name="task">What is learnt; its model is trained in place.</param>
    /// <param name="settings">Optimiser, epochs, seed, and what is written down.</param>
    /// <param name="run">Where log and checkpoints go; null for neither.</param>
    /// <param name="progress">Told after each step, in images.</param>
    /// <param name="processes">
    /// Those that train it together, each on its share of every batch: gradients and losses are summed over them, and rank 0, the only
    /// one that has a <paramref name="run"/>, writes and validates. Null for this one alone.
    /// </param>
    /// <param name="cancellation">Ends the run after the step it is at, with a checkpoint.</param>
    /// <exception cref="DivergenceException">The loss or the gradient is no number.</exception>
    /// <exception cref="UserErrorException">The disk is full, or a checkpoint is another model's.</exception>
    public static TrainingOutcome Run<TPart>(
        TrainingTask<TPart> task, LoopSettings settings, RunFolder? run = null, IProgress<ProgressReport>? progress = null,
        ProcessGroup? processes = null, CancellationToken cancellation = default) where TPart : class, IDisposable
    {
        processes ??= ProcessGroup.Alone;
        var (log, model) = (settings.Log, task.Model);
        var parts = new BatchParts<TPart>(task, settings.Seed, processes);
        long perEpoch = task.Sampler.BatchesPerEpoch, total = settings.TotalSteps(perEpoch);
        var schedule = settings.Optimizer.Schedule(total);
        double clipNorm = settings.Optimizer.ClipNorm > 0 ? settings.Optimizer.ClipNorm : double.PositiveInfinity;
        using var optimizer = settings.Optimizer.Create(task.MakeGroups());
        var (step, elapsedBefore) = Share(run?.Restore(model, optimizer) ?? (0, 0), model, optimizer, processes);
        var clock = Stopwatch.StartNew();
        double Elapsed() => elapsedBefore + clock.Elapsed.TotalSeconds;
        using var batches = new Batches<PreparedBatch<TPart>>(parts.Prepare, step, total, log.PrefetchBatches);
        var window = new LogWindow(processes.Size);
        StepLosses? losses = null;
        IReadOnlyList<(string Name, double Value)> validation = [];
        model.train();
        while (step < total)
        {
            if (processes.Any(cancellation.IsCancellationRequested))
            {
                run?.Save(step, Elapsed(), model, optimizer);
                throw new OperationCanceledException(cancellation);
            }
            using var scope = NewDisposeScope(); // one a step: whatever a step makes ends with it
            using var batch = window.Stalled(batches.Next);
            optimizer.ZeroGradients();
            settings.Frozen?.Apply(step, optimizer.Groups);
            var own = parts.Backpropagate(batch);
            losses = window.Exchanging(() =>
            {
                foreach (var group in optimizer.Groups) processes.Sum(group.Gradients);
                return Sum(own, processes);
            });
            double norm = optimizer.ClipGradients(clipNorm);
            if (!double.IsFinite(losses.Total) || !double.IsFinite(norm)) // before the update: the weights are still good
                throw NotFinite(step, losses, norm, task.StudyIds(batch.Radiographs), run);
            double multiplier = schedule.Multiplier(settings.FirstUpdateMoves ? step + 1 : step);
            optimizer.Step(multiplier);

            step++;
            window.Add(losses);
            bool isLast = step == total, endsEpoch = step % perEpoch == 0;
            bool saves = isLast || (log.CheckpointEverySteps > 0 ? step % log.CheckpointEverySteps == 0 : endsEpoch);
            if (isLast || saves || step % log.EverySteps == 0) // a checkpoint closes the window: a resumed run writes the same lines
                window.Write(run?.Log, step, perEpoch, multiplier, norm, Elapsed());
            if (processes.IsFirst && log.ValidateEveryEpochs > 0 && (isLast || (endsEpoch && step / perEpoch % log.ValidateEveryEpochs == 0)))
            {
                validation = task.Validate(cancellation);
                model.train();
                if (validation.Count > 0) run?.Log.Write("validation", step, (double)step / perEpoch, Elapsed(), validation);
            }
            if (saves)
            {
                RequireSameWeights(step, optimizer, processes);
                run?.Save(step, Elapsed(), model, optimizer);
            }
            progress?.Report(
                new(task.Name, step * losses.Images, total * losses.Images, "images", Detail(step, perEpoch, losses, window, validation)));
        }
        return new(step, Elapsed(), losses, validation);
    }

    /// <summary>
    /// Seeds this thread's generator, from which dropout draws, for one of the parts of a step's batch, so that it does not matter which process
    /// works on it. It is the thread's until the result is disposed of.
    /// </summary>
    /// <param name="seed">The run's.</param>
    /// <param name="step">The update, from 0.</param>
    /// <param name="part">The part of its batch.</param>
    /// <param name="onGpu">Whether the model draws on a GPU, whose generator has to be seeded then: torch's own.</param>
    internal static IDisposable Seed(long seed, long step, int part, bool onGpu)
    {
        long own = (long)CounterRandom.Hash((ulong)seed, (ulong)step, DropoutStream + (ulong)part);
        if (onGpu)
        {
#pragma warning disable RS0030 // dropout on a GPU takes no generator
            manual_seed(own).Dispose();
#pragma warning restore RS0030
        }
        return StepGenerator.Begin(own);
    }

    /// <summary>Puts every rank where rank 0 is: it alone needs to see a checkpoint.</summary>
    private static (long Step, double ElapsedSeconds) Share(
        (long Step, double ElapsedSeconds) found, nn.Module model, Optimizer optimizer, ProcessGroup processes)
    {
        if (processes.Size == 1) return found;
        Span<double> progress = processes.IsFirst ? [found.Step, found.ElapsedSeconds] : [0, 0];
        processes.Sum(progress);
        foreach (var group in optimizer.Groups) processes.Broadcast(group.Values);
        foreach (var buffer in model.buffers()) processes.Broadcast(buffer);
        foreach (var (_, state) in optimizer.State) processes.Broadcast(state);
        return ((long)progress[0], progress[1]);
    }

    private static StepLosses Sum(StepLosses own, ProcessGroup processes)
    {
        if (processes.Size == 1) return own;
        double[] sums = [own.Total, own.Images, own.Tokens, .. own.Parts.Concat(own.Figures).Select(p => p.Value)];
        processes.Sum(sums.AsSpan());
        (string, double)[] named = [.. own.Parts.Concat(own.Figures).Zip(sums.Skip(3), (p, sum) => (p.Name, sum))];
        return new(named[..own.Parts.Count], sums[0], (int)sums[1], (long)sums[2], named[own.Parts.Count..]);
    }

    // The ranks make the same updates from the same sums. Where they do not (a processor that adds in another order), none of them is what is saved.
    private static void RequireSameWeights(long step, Optimizer optimizer, ProcessGroup processes)
    {
        if (processes.Size == 1) return;
        var hash = new XxHash128();
        foreach (var group in optimizer.Groups)
            for (long start = 0; start < group.Values.shape[0]; start += HashedAtOnce)
            {
                using var scope = NewDisposeScope();
                hash.Append(group.Values.narrow(0, start, Math.Min(HashedAtOnce, group.Values.shape[0] - start)).detach().cpu().bytes);
            }
        processes.RequireSame(
            $"The model after update {step:N0}", hash.GetCurrentHash(), "The last checkpoint is good: go on from it, on machines of one kind.");
    }

    private const long HashedAtOnce = 1 << 22; // values

    private static string Detail(
        long step, long perEpoch, StepLosses losses, LogWindow window, IReadOnlyList<(string Name, double Value)> validation) =>
        $"epoch {(step - 1) / perEpoch + 1}, loss {losses.Total:F3}"
        + (losses.Tokens > 0 ? $", {window.TokensPerSecond:N0} tokens/s" : "")
        + (validation.Count > 0 ? $", {validation[0].Name} {validation[0].Value:F3} on held-out data" : "");

    private static DivergenceException NotFinite(long step, StepLosses losses, double norm, IReadOnlyList<string> studies, RunFolder? run)
    {
        var what = double.IsFinite(losses.Total) ? $"gradient's norm is {norm}" : $"loss is {losses.Total}";
        var kept = run?.LastCheckpoint is { } checkpoint ? $" The last good checkpoint is {checkpoint}." : "";
        return new($"The {what} in step {step + 1:N0}; its weights were not touched.{kept} Lower the learning rate or use training.precision=fp32, "
            + $"or look at the studies of this batch: {string.Join(", ", studies)}.");
    }

    /// <summary>The batches in order, made ahead on a thread of their own or when they are needed.</summary>
    private sealed class Batches<TBatch>(Func<long, TBatch> make, long first, long end, int ahead) : IDisposable where TBatch : class, IDisposable
    {
        private readonly Prefetcher<TBatch>? prefetcher = ahead > 0 && first < end ? new(make, first, end, ahead) : null;
        private long next = first;

        internal TBatch Next()
        {
            if (prefetcher is null) return make(next++);
            return prefetcher.TryNext(out var batch) ? batch : throw new InvalidOperationException($"no batch after step {end}");
        }

        public void Dispose() => prefetcher?.Dispose();
    }
}
