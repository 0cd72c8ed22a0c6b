using System.Diagnostics;
using RadTex.Data;
using static TorchSharp.torch;

namespace RadTex.Training;

/// <summary>
/// The one training loop. What is learnt is the objective's; order, augmentation and dropout follow from (seed, step), so a run
/// resumed from a checkpoint is bitwise the unbroken one (same thread count, CPU).
/// </summary>
public static class TrainingLoop
{
    private const ulong DropoutStream = 0x44726F70; // "Drop"

    /// <summary>Trains to the end, from the run's last good checkpoint where it has one.</summary>
    /// <param name="objective">What is learnt; its model is trained in place.</param>
    /// <param name="settings">Optimiser, epochs, seed, and what is written down.</param>
    /// <param name="run">Where log and checkpoints go; null for neither.</param>
    /// <param name="progress">Told after each step, in images.</param>
    /// <param name="cancellation">Ends the run after the step it is at, with a checkpoint.</param>
    /// <exception cref="DivergenceException">The loss or the gradient is no number.</exception>
    /// <exception cref="UserErrorException">The disk is full, or a checkpoint is another model's.</exception>
    public static TrainingOutcome Run<TBatch>(
        IObjective<TBatch> objective, LoopSettings settings, RunFolder? run = null, IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default) where TBatch : class, IDisposable
    {
        var (log, model) = (settings.Log, objective.Model);
        long perEpoch = objective.StepsPerEpoch, total = settings.TotalSteps(perEpoch);
        var schedule = settings.Optimizer.Schedule(total);
        double clipNorm = settings.Optimizer.ClipNorm > 0 ? settings.Optimizer.ClipNorm : double.PositiveInfinity;
        using var optimizer = settings.Optimizer.Create(objective.MakeGroups());
        var (step, elapsedBefore) = run?.Restore(model, optimizer) ?? (0, 0);
        var clock = Stopwatch.StartNew();
        double Elapsed() => elapsedBefore + clock.Elapsed.TotalSeconds;
        using var batches = new Batches<TBatch>(objective.Prepare, step, total, log.PrefetchBatches);
        var window = new LogWindow();
        StepLosses? losses = null;
        IReadOnlyList<(string Name, double Value)> validation = [];
        model.train();
        while (step < total)
        {
            if (cancellation.IsCancellationRequested)
            {
                run?.Save(step, Elapsed(), model, optimizer);
                cancellation.ThrowIfCancellationRequested();
            }
            using var scope = NewDisposeScope(); // one a step: whatever a step makes ends with it
            using var batch = batches.Next();
            Seed(settings.Seed, step);

            optimizer.ZeroGradients();
            losses = objective.Backpropagate(batch);
            double norm = optimizer.ClipGradients(clipNorm);
            if (!double.IsFinite(losses.Total) || !double.IsFinite(norm)) // before the update: the weights are still good
                throw NotFinite(step, losses, norm, objective.StudyIds(batch), run);
            double multiplier = schedule.Multiplier(settings.FirstUpdateMoves ? step + 1 : step);
            optimizer.Step(multiplier);

            step++;
            window.Add(losses);
            bool isLast = step == total, endsEpoch = step % perEpoch == 0;
            bool saves = isLast || (log.CheckpointEverySteps > 0 ? step % log.CheckpointEverySteps == 0 : endsEpoch);
            if (isLast || saves || step % log.EverySteps == 0) // a checkpoint closes the window: a resumed run writes the same lines
                window.Write(run?.Log, step, perEpoch, multiplier, norm, Elapsed());
            if (log.ValidateEveryEpochs > 0 && (isLast || (endsEpoch && step / perEpoch % log.ValidateEveryEpochs == 0)))
            {
                validation = objective.Validate(cancellation);
                model.train();
                if (validation.Count > 0) run?.Log.Write("validation", step, (double)step / perEpoch, Elapsed(), validation);
            }
            if (saves) run?.Save(step, Elapsed(), model, optimizer);
            progress?.Report(new(objective.Name, step * losses.Images, total * losses.Images, "images", Detail(step, perEpoch, losses, window, validation)));
        }
        return new(step, Elapsed(), losses, validation);
    }

    // Dropout draws from torch's generator, which is seeded anew for each step.
    private static void Seed(long seed, long step)
    {
        using var generator = manual_seed((long)CounterRandom.Hash((ulong)seed, (ulong)step, DropoutStream));
    }

    private static string Detail(long step, long perEpoch, StepLosses losses, LogWindow window, IReadOnlyList<(string Name, double Value)> validation) =>
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
