using System.Collections.Concurrent;

namespace RadTex.Service.Judging;

/// <summary>Where those who gave an instance wait for its answer.</summary>
internal sealed class AnswerBoard
{
    private readonly ConcurrentDictionary<long, TaskCompletionSource> waiting = new();

    /// <summary>Ends when an instance is answered, or after a time.</summary>
    /// <param name="instance">Its number.</param>
    /// <param name="isAnswered">Whether it is already; asked after the place in the queue is taken, so that no answer slips through.</param>
    /// <param name="limit">How long.</param>
    /// <param name="cancellation">Ends it sooner.</param>
    internal async Task WaitAsync(long instance, Func<bool> isAnswered, TimeSpan limit, CancellationToken cancellation)
    {
        var source = waiting.GetOrAdd(instance, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (isAnswered())
        {
            waiting.TryRemove(instance, out _);
            return;
        }
        try { await source.Task.WaitAsync(limit, cancellation).ConfigureAwait(false); }
        catch (TimeoutException) { }
    }

    internal void Tell(long instance)
    {
        if (waiting.TryRemove(instance, out var source)) source.TrySetResult();
    }
}
