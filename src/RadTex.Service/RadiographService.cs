using Microsoft.Extensions.Logging;
using RadTex.Service.Doors;
using RadTex.Service.Judging;
using RadTex.Service.Models;
using RadTex.Service.Sending;
using RadTex.Service.Settings;
using RadTex.Service.Spool;
using RadTex.Service.Watching;
using RadTex.Service.Web;

namespace RadTex.Service;

/// <summary>
/// The service: doors, queue, judging and sending, from its start to its drain. What was accepted is answered, if not by this process then by the
/// next on the same spool.
/// </summary>
public sealed class RadiographService : IAsyncDisposable
{
    private const double PauseSeconds = 5;
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(20), Housekeeping = TimeSpan.FromHours(1);

    private readonly List<IDisposable> parts = [];
    private readonly List<Task> loops = [];
    private readonly CancellationTokenSource doorsEnd = new(), workEnd = new();
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly JsonLogProvider logs;

    private RadiographService(TextWriter output, TimeProvider clock)
    {
        this.clock = clock;
        logs = new(output, clock);
        log = logs.CreateLogger(ServiceMetrics.Name);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => Server!.Address;

    internal ServiceSpool Spool { get; private set; } = null!;

    internal JudgingWorker Judging { get; private set; } = null!;

    internal ServiceMetrics Metrics { get; private set; } = null!;

    private ServiceServer? Server { get; set; }

    private Intake Intake { get; set; } = null!;

    /// <summary>Starts it: when this returns, it takes what comes, and goes on with what waits.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="output">Where the log goes, a JSON object a line.</param>
    /// <param name="clock">What time it is.</param>
    /// <param name="cancellation">Of the start.</param>
    /// <exception cref="UserErrorException">A model, a secret, the spool or the address cannot be used.</exception>
    public static async Task<RadiographService> StartAsync(
        ServiceSettings settings, TextWriter output, TimeProvider? clock = null, CancellationToken cancellation = default)
    {
        var service = new RadiographService(output, clock ?? TimeProvider.System);
        try
        {
            await service.OpenAsync(settings, cancellation).ConfigureAwait(false);
            return service;
        }
        catch
        {
            await service.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Drains: takes nothing more, finishes the batch that was begun and the sending that was, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        bool hasRun = Server is not null;
        if (hasRun)
        {
            ServiceLog.Draining(log);
            Intake.IsDraining = true;
        }
        await doorsEnd.CancelAsync().ConfigureAwait(false);
        // Requests that were taken get their answers while the work goes on.
        if (Server is not null) await Server.StopAsync(DrainLimit).ConfigureAwait(false);
        await workEnd.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(loops).WaitAsync(DrainLimit).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
        if (hasRun)
        {
            Spool.Audit.Append(new(AuditKind.Stopped));
            ServiceLog.Stopped(log, Spool.Queue.Count(InstanceState.Received));
        }
        if (Server is not null) await Server.DisposeAsync().ConfigureAwait(false);
        for (int i = parts.Count - 1; i >= 0; i--) parts[i].Dispose();
        parts.Clear();
        doorsEnd.Dispose();
        workEnd.Dispose();
        logs.Dispose();
    }

    private async Task OpenAsync(ServiceSettings settings, CancellationToken cancellation)
    {
        var registry = new ModelRegistry(settings.Models);
        var rules = new RuleBook(settings.Rules, registry);
        var credentials = Own(new Credentials(settings.Access));
        Spool = Own(ServiceSpool.Claim(settings.Spool, settings.Postgres, clock));
        Metrics = Own(new ServiceMetrics());
        var shelf = Own(new ModelShelf(registry, rules, settings.Device));
        Metrics.Watch(Spool.Queue, clock);
        Judging = Own(new JudgingWorker(Spool, shelf, rules, settings, Metrics, log, clock));
        var sending = Own(new SendingWorker(Spool, Destinations.Of(settings), settings.Delivery, Metrics, log, clock));
        Intake = Own(new Intake(Spool, settings.Limits, name => shelf.Find(name) is not null, Metrics, log) { Received = Judging.Wake });
        Judging.Stored = sending.Wake;
        var guard = Own(new Guard(settings, credentials, Spool.Audit, Metrics, log));
        var patience = TimeSpan.FromSeconds(settings.Limits.AnswerSeconds);
        var health = new HealthEndpoints(Intake, shelf);
        Server = await ServiceServer.StartAsync(settings, guard, logs, to =>
        {
            health.Map(to);
            new PredictionEndpoints(Intake, Spool.Queue, Spool.Folder, Judging.Board, patience).Map(to);
            new StowEndpoints(Intake).Map(to);
            new InferenceEndpoints(
                Intake, Spool.Queue, Judging.Board, shelf, () => health.IsReady, patience, 2 * settings.Limits.InstanceBytes).Map(to);
            PageEndpoints.Map(to);
        }, cancellation).ConfigureAwait(false);
        Spool.Audit.Append(new(AuditKind.Started) { Note = string.Join(' ', shelf.All.Select(m => $"{m.Name} {m.Sha256}")) });
        ServiceLog.Started(log, shelf.All.Count(), Spool.Queue.Count(InstanceState.Received), Address.ToString());
        Run("judging", Judging.RunAsync, workEnd.Token);
        Run("sending", sending.RunAsync, workEnd.Token);
        if (settings.Limits.KeepDays > 0) Run("housekeeping", end => ForgetAsync(settings.Limits.KeepDays, end), workEnd.Token);
        if (settings.Folder is { } folder) Run("the folder", new FolderDoor(folder, Intake, Spool.Queue, Judging.Board).RunAsync, doorsEnd.Token);
        if (settings.Orthanc is { } orthanc)
            Run("orthanc", Own(new OrthancDoor(
                orthanc, Destinations.Client(orthanc.Server, settings.Delivery.TimeoutSeconds), Intake, Spool.Queue, Metrics, log)).RunAsync,
                doorsEnd.Token);
    }

    private T Own<T>(T part) where T : IDisposable
    {
        parts.Add(part);
        return part;
    }

    /// <summary>A part that goes on for ever: where it fails, such as on a full disk, it pauses and begins again.</summary>
    private void Run(string name, Func<CancellationToken, Task> loop, CancellationToken end) => loops.Add(Task.Run(async () =>
    {
        while (!end.IsCancellationRequested)
        {
            try { await loop(end).ConfigureAwait(false); }
            catch (OperationCanceledException) when (end.IsCancellationRequested) { return; }
#pragma warning disable CA1031 // one part's fault ends neither the others nor itself
            catch (Exception e)
            {
                ServiceLog.PartFailed(log, e, name, PauseSeconds);
                await Task.Delay(TimeSpan.FromSeconds(PauseSeconds), end).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
            }
#pragma warning restore CA1031
        }
    }, CancellationToken.None));

    private async Task ForgetAsync(int days, CancellationToken end)
    {
        const int page = 200;
        while (!end.IsCancellationRequested)
        {
            IReadOnlyList<long> gone;
            do
            {
                gone = Spool.Queue.Forget(clock.GetUtcNow().AddDays(-days), page);
                foreach (long instance in gone) Spool.Folder.RemoveAnswers(instance);
            }
            while (gone.Count > 0 && !end.IsCancellationRequested);
            await Task.Delay(Housekeeping, end).ConfigureAwait(false);
        }
    }
}
