using RadTex.Experiments.Sweeps;

namespace RadTex.Experiments.Reproduction;

/// <summary>Runs a job in another process: what it is told is passed on, and cancelling it lets the job save a checkpoint.</summary>
/// <param name="job">The job's key.</param>
/// <param name="tell">Gets the process's latest line.</param>
/// <param name="cancellation">Ends it.</param>
public delegate void JobLauncher(string job, Action<string> tell, CancellationToken cancellation);

/// <summary>
/// The pretrainings of a reproduction, several side by side where a launcher is given: each in a process of its own, since torch's random numbers
/// belong to the process and a run must not depend on its neighbours.
/// </summary>
internal static class PretrainingQueue
{
    /// <summary>Runs all that are not done, the longest first.</summary>
    internal static void Run(IReadOnlyList<PretrainingJob> jobs, int processes, JobLauncher? launcher, ReproductionContext context)
    {
        var left = jobs.Where(j => !j.IsDone)
            .OrderByDescending(j => j.Options.Configuration.Training.Fraction * j.Options.Configuration.Training.Epochs).ToList();
        if (left.Count < jobs.Count) context.Log($"pretraining: {jobs.Count - left.Count:N0} of {jobs.Count:N0} were done before");
        if (launcher is null || left.Count == 0)
        {
            SharedJobs.Run(left, job => TryRun(job, context), context.Cancellation);
            return;
        }
        RunInProcesses(jobs.Count, left, processes, launcher, context);
    }

    private static bool TryRun(PretrainingJob job, ReproductionContext context)
    {
        using var claim = SharedJobs.TryClaim(job.Options.Output + ".claim");
        if (claim is null || job.IsDone) return job.IsDone;
        var result = job.Run(null, context.Progress is { } progress ? new JobProgress(progress, job.Key) : null, context.Cancellation);
        var heldOut = !result.Validation.TryGetValue("loss", out double loss) ? ""
            : $", held-out loss {loss:F3}, with another study's radiograph {result.Validation.GetValueOrDefault("shuffled_loss"):F3}";
        context.Log($"{job.Key}: {result.TrainingRadiographs:N0} radiographs, {result.Steps:N0} updates in {result.ElapsedSeconds:N0} s{heldOut}");
        return true;
    }

    private static void RunInProcesses(int total, List<PretrainingJob> left, int processes, JobLauncher launcher, ReproductionContext context)
    {
        var gate = new Lock();
        var latest = new string?[processes];
        int next = -1, done = total - left.Count;
        Exception? fault = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        void Report()
        {
            lock (gate) context.Progress?.Report(new("pretraining", done, total, "runs", string.Join(" | ", latest.OfType<string>())));
        }
        void Work(int worker)
        {
            while (!stop.IsCancellationRequested && Interlocked.Increment(ref next) is var i && i < left.Count)
            {
                try
                {
                    launcher(left[i].Key, line =>
                    {
                        latest[worker] = line;
                        Report();
                    }, stop.Token);
                    lock (gate) done++;
                    latest[worker] = null;
                    context.Log($"{left[i].Key}: done");
                    Report();
                }
#pragma warning disable CA1031 // thrown again below
                catch (Exception e)
                {
                    if (e is not OperationCanceledException) Interlocked.CompareExchange(ref fault, e, null);
                    stop.Cancel();
                }
#pragma warning restore CA1031
            }
        }
        Report();
        var threads = Enumerable.Range(0, Math.Min(processes, left.Count))
            .Select(w => new Thread(() => Work(w)) { IsBackground = true, Name = $"pretraining {w}" }).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        context.Cancellation.ThrowIfCancellationRequested();
        if (fault is not null) throw new UserErrorException($"A pretraining failed: {fault.Message}", fault);
    }

    private sealed class JobProgress(IProgress<ProgressReport> inner, string name) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => inner.Report(value with { Stage = name });
    }
}
