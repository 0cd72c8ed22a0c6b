namespace RadTex.Studio.Pictures;

/// <summary>
/// Work that takes its time, on threads of its own: a request that only keeps an answer must never wait until a decoder or a fit gives a thread
/// of the pool back, which on two processors has two.
/// </summary>
internal static class OwnThread
{
    internal static Task<T> RunAsync<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    internal static Task RunAsync(Action work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
