using Microsoft.Extensions.Logging;
using RadTex.Service.Settings;
using RadTex.Service.Spool;
using RadTex.Service.Watching;

namespace RadTex.Service.Sending;

/// <summary>Sends what is stored, several at once, and again where that fails, until it arrives or is dead.</summary>
internal sealed class SendingWorker(
    ServiceSpool spool, IReadOnlyList<IDestination> destinations, DeliverySettings settings, ServiceMetrics metrics, ILogger log, TimeProvider clock)
    : IDisposable
{
    private const int AtATime = 4, Page = 64;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5); // another process may have revived dead letters

    private readonly SemaphoreSlim signal = new(0);

    internal void Wake()
    {
        if (signal.CurrentCount == 0) signal.Release();
    }

    internal async Task RunAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            if (await SendDueAsync(end).ConfigureAwait(false)) continue;
            var wait = spool.Queue.NextDue() is { } next ? next - clock.GetUtcNow() : LongestWait;
            try { await signal.WaitAsync(Shorter(wait), end).ConfigureAwait(false); }
            catch (OperationCanceledException) { return; }
        }
    }

    /// <summary>Sends what is due now.</summary>
    /// <returns>Whether anything was.</returns>
    internal async Task<bool> SendDueAsync(CancellationToken cancellation)
    {
        var due = spool.Queue.Due(Page);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation },
            async (delivery, token) => await SendAsync(delivery, token).ConfigureAwait(false)).ConfigureAwait(false);
        return due.Count > 0;
    }

    public void Dispose()
    {
        foreach (var destination in destinations) destination.Dispose();
        signal.Dispose();
    }

    private async Task SendAsync(Delivery delivery, CancellationToken cancellation)
    {
        using var activity = ServiceMetrics.Traces.StartActivity("send");
        activity?.SetTag("destination", delivery.Destination);
        long begin = System.Diagnostics.Stopwatch.GetTimestamp();
        var destination = destinations.FirstOrDefault(d => d.Name == delivery.Destination);
        var path = spool.Folder.Whole(delivery.File);
        string? fault = destination is null ? "the configuration has no such destination any more" : !File.Exists(path) ? "its file is gone"
            : await destination.SendAsync(path, delivery.Uid, cancellation).ConfigureAwait(false);
        metrics.Took("sending", System.Diagnostics.Stopwatch.GetElapsedTime(begin));
        if (fault is null) Arrived(delivery);
        else Failed(delivery, fault);
    }

    private void Arrived(Delivery delivery)
    {
        var of = spool.Queue.Find(delivery.Instance)!;
        spool.Queue.Arrived(delivery, Line(AuditKind.Sent, of, delivery, ""));
        metrics.Sent(delivery.Destination);
        metrics.Took("whole", clock.GetUtcNow() - delivery.Received);
        ServiceLog.Sent(log, delivery.Uid, delivery.Destination);
        if (spool.Queue.Find(of.Id)?.State == InstanceState.Sent) spool.Folder.Remove(of.Source);
    }

    private void Failed(Delivery delivery, string fault)
    {
        int attempt = delivery.Attempts + 1;
        bool isDead = attempt >= settings.Attempts;
        var wait = settings.Wait(attempt);
        var of = spool.Queue.Find(delivery.Instance)!;
        spool.Queue.Failed(delivery, isDead ? null : clock.GetUtcNow() + wait, isDead ? Line(AuditKind.Dead, of, delivery, fault) : null);
        if (isDead) ServiceLog.DeadLetter(log, delivery.Uid, delivery.Destination, attempt, fault);
        else
        {
            metrics.Retried(delivery.Destination);
            ServiceLog.SendingFailed(log, delivery.Uid, delivery.Destination, fault, attempt, wait.TotalSeconds);
        }
    }

    private static AuditEntry Line(AuditKind kind, QueuedInstance of, Delivery delivery, string note) => new(kind)
    {
        Door = of.Door,
        SopInstance = of.SopInstance,
        Study = of.Study,
        Output = delivery.Uid,
        Destination = delivery.Destination,
        Note = note,
    };

    private static TimeSpan Shorter(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestWait ? wait : LongestWait;
}
