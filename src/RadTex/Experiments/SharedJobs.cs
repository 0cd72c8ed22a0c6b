namespace RadTex.Experiments;

/// <summary>Jobs that several processes or machines work through together, each claiming the next free one (<see cref="JobLock"/>).</summary>
internal static class SharedJobs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

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
