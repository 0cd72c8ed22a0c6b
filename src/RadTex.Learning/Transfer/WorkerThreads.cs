using System.Runtime.ExceptionServices;
using RadTex.Learning.Native;
using static TorchSharp.torch;

namespace RadTex.Learning.Transfer;

/// <summary>Jobs side by side on threads of their own, torch's threads shared out among them.</summary>
/// <remarks>Torch's thread count belongs to a thread; on pool threads a changed one would outlive the job. Sums depend on the count, so results do on
/// the number of workers.</remarks>
internal static class WorkerThreads
{
    /// <summary>Runs all jobs, each once, in order of start; after a fault no further one is begun, and the first fault is thrown.</summary>
    /// <param name="jobs">What there is to do.</param>
    /// <param name="workers">How many run side by side.</param>
    /// <param name="work">Does a job; its token also tells that another failed.</param>
    /// <param name="cancellation">Ends all.</param>
    /// <param name="processors">Where given, a job waits for one of these.</param>
    internal static void Run<T>(
        IReadOnlyList<T> jobs, int workers, Action<T, CancellationToken> work, CancellationToken cancellation, SharedProcessors? processors = null)
    {
        workers = Math.Clamp(workers, 1, Math.Max(1, jobs.Count));
        int before = get_num_threads(), each = Math.Max(1, before / workers), next = -1;
        ExceptionDispatchInfo? fault = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        void Work()
        {
            set_num_threads(each);
            while (!stop.IsCancellationRequested && Interlocked.Increment(ref next) is var i && i < jobs.Count)
            {
                try
                {
                    using var held = processors?.Take(stop.Token);
                    work(jobs[i], stop.Token);
                }
#pragma warning disable CA1031 // thrown again by the caller's thread
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref fault, ExceptionDispatchInfo.Capture(e), null);
                    stop.Cancel();
                }
#pragma warning restore CA1031
            }
        }
        var threads = Enumerable.Range(0, workers).Select(i => new Thread(Work) { IsBackground = true, Name = $"worker {i}" }).ToArray();
        try
        {
            foreach (var thread in threads) thread.Start();
            foreach (var thread in threads) thread.Join();
        }
        finally
        {
            set_num_threads(before); // a thread's own, but also what later threads begin with
        }
        fault?.Throw();
        cancellation.ThrowIfCancellationRequested();
    }
}
