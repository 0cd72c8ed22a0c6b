using RadTex.Files;

namespace RadTex.Experiments.Sweeps;

/// <summary>Jobs that several processes or machines work through together, each claiming the next free one (<see cref="FolderLock"/>).</summary>
internal static class SharedJobs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>A claim on a job's folder, which is made where it is not there; null where another process holds it.</summary>
    internal static FolderLock? TryClaim(string folder)
    {
        try { Directory.CreateDirectory(folder); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw AtomicFile.Explain(folder, e); }
        return FolderLock.TryTake(folder, FolderLock.JobName);
    }

    /// <summary>Runs all jobs; those that another process works on are left for the end, and waited for.</summary>
    /// <param name="jobs">What there is to do.</param>
    /// <param name="tryRun">Runs one or finds it done; false where another process works on it.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    internal static void Run<T>(IEnumerable<T> jobs, Func<T, bool> tryRun, CancellationToken cancellation)
    {
        var waiting = new Queue<T>(jobs);
        for (int deferred = 0; waiting.TryDequeue(out var job);)
        {
            cancellation.ThrowIfCancellationRequested();
            if (tryRun(job))
            {
                deferred = 0;
                continue;
            }
            waiting.Enqueue(job);
            if (++deferred >= waiting.Count && cancellation.WaitHandle.WaitOne(Patience)) cancellation.ThrowIfCancellationRequested();
        }
    }
}
