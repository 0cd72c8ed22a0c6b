using System.Collections.Concurrent;
using System.Diagnostics;

namespace RadTex.Service.Judging;

/// <summary>Where those who gave an instance wait for its answer.</summary>
/// <param name="poll">How often it is asked anew where another service may have answered; null where none can.</param>
internal sealed class AnswerBoard(TimeSpan? poll = null)
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
        long begin = Stopwatch.GetTimestamp();
        while (true)
        {
            if (isAnswered())
            {
                waiting.TryRemove(instance, out _);
                return;
            }
            var left = limit - Stopwatch.GetElapsedTime(begin);
            if (left <= TimeSpan.Zero) return;
            try
            {
                await source.Task.WaitAsync(poll < left ? poll.Value : left, cancellation).ConfigureAwait(false);
                return;
            }
            catch (TimeoutException) { }
        }
    }

    internal void Tell(long instance)
    {
        if (waiting.TryRemove(instance, out var source)) source.TrySetResult();
    }
}
