using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace RadTex;

/// <summary>
/// Makes items ahead on one background thread, in order and at most a few at a time, so that a training step finds its batch ready.
/// The items are the same as without it. What making an item throws is thrown where that item is asked for.
/// </summary>
/// <remarks>The items' tensors are made outside any dispose scope (scopes belong to threads): whoever takes an item disposes it.</remarks>
public sealed class Prefetcher<T> : IDisposable where T : IDisposable
{
    private readonly BlockingCollection<(T? Item, ExceptionDispatchInfo? Fault)> ready;
    private readonly CancellationTokenSource stop = new();
    private readonly Thread worker;
    private ExceptionDispatchInfo? fault;

    /// <summary>Begins at once, on a thread of its own.</summary>
    /// <param name="make">Makes item i; called for first, first + 1, ... on one thread.</param>
    /// <param name="first">The first item.</param>
    /// <param name="end">One past the last item.</param>
    /// <param name="ahead">The most items that wait ready.</param>
    public Prefetcher(Func<long, T> make, long first, long end, int ahead = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ahead, 1);
        ready = new(ahead);
        worker = new Thread(() => Work(make, first, end)) { IsBackground = true, Name = "prefetch" };
        worker.Start();
    }

    /// <summary>The next item, in order; the caller disposes it. False after the last.</summary>
    public bool TryNext([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? item, CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(stop.IsCancellationRequested, this);
        fault?.Throw();
        item = default;
        if (!ready.TryTake(out var next, Timeout.Infinite, cancellation)) return false;
        fault = next.Fault; // every later call says the same
        fault?.Throw();
        item = next.Item!;
        return true;
    }

    /// <summary>Stops the thread after the item it is at, and disposes what was not taken.</summary>
    public void Dispose()
    {
        if (stop.IsCancellationRequested) return;
        stop.Cancel();
        worker.Join();
        while (ready.TryTake(out var left)) left.Item?.Dispose();
        ready.Dispose();
        stop.Dispose();
    }

    private void Work(Func<long, T> make, long first, long end)
    {
        try
        {
            for (long i = first; i < end && !stop.IsCancellationRequested; i++)
            {
                var item = make(i);
                try { ready.Add((item, null), stop.Token); }
                catch (OperationCanceledException) { item.Dispose(); }
            }
        }
#pragma warning disable CA1031 // whatever it is, it belongs to the one who asks for the item
        catch (Exception e)
        {
            try { ready.Add((default, ExceptionDispatchInfo.Capture(e)), stop.Token); }
            catch (OperationCanceledException) { /* nobody asks any more */ }
        }
#pragma warning restore CA1031
        finally { ready.CompleteAdding(); }
    }
}
