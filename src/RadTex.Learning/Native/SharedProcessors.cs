using System.Threading.RateLimiting;

namespace RadTex.Learning.Native;

/// <summary>
/// The processors that several programs of one process share, each computing on one thread: who computes holds one, and who waits longest gets the
/// next, so that a short program is not kept out by a long row of networks.
/// </summary>
/// <param name="count">Processors.</param>
internal sealed class SharedProcessors(int count) : IDisposable
{
    private readonly ConcurrencyLimiter limiter = new(
        new() { PermitLimit = count, QueueLimit = int.MaxValue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });

    /// <summary>How many there are.</summary>
    internal int Count => count;

    /// <summary>Waits for one, which is free again when what is returned is disposed of.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    internal IDisposable Take(CancellationToken cancellation) => limiter.AcquireAsync(1, cancellation).AsTask().GetAwaiter().GetResult();

    public void Dispose() => limiter.Dispose();
}
