using Microsoft.Extensions.Logging;
using RadTex.Service.Models;
using RadTex.Service.Settings;
using RadTex.Service.Spool;
using RadTex.Service.Watching;

namespace RadTex.Service.Judging;

/// <summary>
/// Takes what waits, whoever gave it, in one batch a model; decides the answers, keeps them, and makes report and pictures. One batch at a time: ONNX
/// Runtime itself uses every processor.
/// </summary>
internal sealed class JudgingWorker(
    ServiceSpool spool, ModelShelf shelf, RuleBook rules, ServiceSettings settings, ServiceMetrics metrics, ILogger log, TimeProvider clock)
    : IDisposable
{
    private const int MostAttempts = 6;
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(5), SharedWait = TimeSpan.FromSeconds(0.2);

    private readonly SemaphoreSlim signal = new(0);
    private readonly AnswerFiles files = new(settings.Answers, spool.Folder);
    private readonly List<string> destinations = [.. DestinationsOf(settings)];

    internal AnswerBoard Board { get; } = new(spool.Queue.IsShared ? SharedWait : null);

    /// <summary>Is called when something is to be sent.</summary>
    internal Action Stored { get; set; } = () => { };

    /// <summary>Tells that something waits.</summary>
    internal void Wake()
    {
        if (signal.CurrentCount == 0) signal.Release();
    }

    /// <summary>Works until it is told to end; a batch that was begun is finished.</summary>
    internal async Task RunAsync(CancellationToken end)
    {
        // What another service's doors took is told to that one alone.
        var wait = spool.Queue.IsShared ? SharedWait : IdleWait;
        while (!end.IsCancellationRequested)
        {
            bool hasWorked = Store() | JudgeNext();
            if (hasWorked) continue;
            try { await signal.WaitAsync(wait, end).ConfigureAwait(false); }
            catch (OperationCanceledException) { return; }
        }
    }

    /// <summary>Between two batches a name of the registry may come to stand for another model.</summary>
    private void TakeUpModels()
    {
        var (taken, faults) = shelf.Refresh();
        foreach (var model in taken)
        {
            metrics.Drift.Forget(model.Name);
            spool.Audit.Append(new(AuditKind.ModelTaken) { Model = model.Sha256, Note = model.Name });
            ServiceLog.ModelTaken(log, model.Name, model.Sha256);
        }
        foreach (var fault in faults) ServiceLog.ModelNotTaken(log, fault);
    }

    /// <summary>Judges a batch of what waits.</summary>
    /// <returns>Whether anything waited.</returns>
    internal bool JudgeNext()
    {
        var waiting = spool.Queue.Claim(InstanceState.Received, settings.Limits.Batch);
        TakeUpModels(); // after the claim: what was accepted after a change of the registry is judged by what it says
        if (waiting.Count == 0) return false;
        // Each of its tries ended the process or failed: it is given up before it does so once more.
        foreach (var one in waiting.Where(w => w.Attempts >= MostAttempts)) Bury(one);
        // One that was begun before, by a process that was killed or failed at it, is judged alone, and only what is judged is begun: it takes no
        // other with it, and a kill counts against no other.
        foreach (var group in waiting.Where(w => w.Attempts < MostAttempts).GroupBy(w => w.Attempts > 0 ? w.Id : 0))
        {
            QueuedInstance[] batch = [.. group];
            spool.Queue.Begin(batch);
            JudgeOrBury(batch);
        }
        return true;
    }

    /// <summary>Makes the files of what is judged.</summary>
    internal bool Store()
    {
        var judged = spool.Queue.Claim(InstanceState.Judged, settings.Limits.Batch);
        foreach (var one in judged)
        {
            try { Store(one); }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                ServiceLog.JudgingFailed(log, e, one.Id, one.Attempts);
                // The disk may be full: it is made again later, from the same answer.
                if (e is UserErrorException or IOException) throw;
                spool.Queue.Bury(one, Line(AuditKind.Dead, one, "", "its report could not be made"));
            }
        }
        if (judged.Count > 0) Stored();
        return judged.Count > 0;
    }

    /// <summary>Which rule an instance of the queue falls under.</summary>
    internal RuleChoice Choose(QueuedInstance of)
    {
        if (of.Model.Length > 0) return new(of.Model, null, false, "asked for by name");
        if (of.Header.Length == 0) return rules.Choose(new());
        return rules.Choose(InstanceHeader.Parse(of.Header).ForRules(of.CalledAe));
    }

    public void Dispose() => signal.Dispose();

    private void JudgeOrBury(IReadOnlyList<QueuedInstance> batch)
    {
        try
        {
            foreach (var group in batch.Select(b => (Of: b, Choice: Choose(b))).GroupBy(b => b.Choice with { Why = "" }))
                Judge(group.Key, [.. group.Select(g => g.Of)]);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or UserErrorException))
        {
            foreach (var one in batch)
            {
                ServiceLog.JudgingFailed(log, e, one.Id, one.Attempts + 1);
                if (one.Attempts + 1 >= MostAttempts) Bury(one);
            }
        }
    }

    private void Bury(QueuedInstance of)
    {
        spool.Queue.Bury(of, Line(AuditKind.Dead, of, "", "its judging failed"));
        Board.Tell(of.Id);
    }

    private void Judge(RuleChoice choice, IReadOnlyList<QueuedInstance> batch)
    {
        using var activity = ServiceMetrics.Traces.StartActivity("judge");
        activity?.SetTag("batch", batch.Count);
        var now = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
        string[] paths = [.. batch.Select(b => spool.Folder.Whole(b.Source))], sops = [.. batch.Select(b => b.SopInstance)];
        var model = choice.Model is { } name ? shelf.Find(name) : null;
        var answers = model is null ? [.. sops.Select(s => Judging.Judge.WithoutModel(s, now, choice.IsSkipped))]
            : Judging.Judge.Of(model, paths, sops, now, metrics.Took);
        answers = [.. answers.Zip(batch, (a, b) => a with { Report = ReportUid(b, a) })];
        spool.Queue.Judge([.. batch.Zip(answers, (of, answer) => (of, answer.ToJson(), Line(of, answer)))]);
        foreach (var (of, answer) in batch.Zip(answers))
        {
            Tell(of, answer, model);
            Board.Tell(of.Id);
        }
        if (choice.Shadow is { } shadow && shelf.Find(shadow) is { } other)
            ShadowBook.Compare(spool.Queue.Database, metrics, batch, answers, Judging.Judge.Of(other, paths, sops, now));
    }

    private string? ReportUid(QueuedInstance of, Answer answer) => of.Kind != InstanceKind.Dicom || answer.NotJudged == Judging.Judge.Skipped ? null
        : files.ReportUid(InstanceHeader.Parse(of.Header).Subject, answer);

    private void Store(QueuedInstance of)
    {
        long begin = System.Diagnostics.Stopwatch.GetTimestamp();
        var answer = Answer.Parse(of.Answer!);
        var made = answer.NotJudged == Judging.Judge.Skipped ? [] : files.Write(of, answer, answer.Model is null ? null : Same(answer));
        spool.Queue.Store(
            of, made, settings.DryRun ? [] : destinations, settings.DryRun ? Line(AuditKind.DryRun, of, answer.ModelSha256 ?? "", "") : null);
        if (settings.DryRun) ServiceLog.DryRun(log, of.Id);
        if (spool.Queue.Find(of.Id)?.State == InstanceState.Sent) spool.Folder.Remove(of.Source); // there was nothing to send
        metrics.Took("storing", System.Diagnostics.Stopwatch.GetElapsedTime(begin));
    }

    // After a restart a name may stand for another file, whose maps are not this answer's.
    private ServedModel? Same(Answer answer) => shelf.All.FirstOrDefault(m => m.Sha256 == answer.ModelSha256);

    private void Tell(QueuedInstance of, Answer answer, ServedModel? model)
    {
        if (answer.NotJudged is { } rule)
        {
            metrics.NotJudged(answer.Model ?? "none", rule);
            ServiceLog.NotJudged(log, of.Id, rule);
        }
        else
        {
            metrics.Judged(answer.Model!);
            ServiceLog.Judged(log, of.Id, answer.Model!);
            foreach (var finding in answer.Findings.Where(f => f.Outcome == "positive")) metrics.Scored(finding.Label, finding.Probability);
        }
        if (answer.Distance is { } distance && model?.Gate.Card is { Threshold: > 0 } card) metrics.Drift.Add(model.Name, distance / card.Threshold);
    }

    private static AuditEntry Line(QueuedInstance of, Answer answer) => answer.NotJudged is { } rule
        ? Line(AuditKind.NotJudged, of, answer.ModelSha256 ?? "", "") with { Output = rule }
        : Line(AuditKind.Judged, of, answer.ModelSha256!, "") with
        {
            Output = System.Text.Json.JsonSerializer
                .Serialize(answer.Findings.Select(f => new { f.Label, f.Outcome, f.Probability }), JsonFormat.Line),
        };

    private static AuditEntry Line(AuditKind kind, QueuedInstance of, string model, string note) =>
        new(kind) { Door = of.Door, SopInstance = of.SopInstance, Study = of.Study, Model = model, Note = note };

    private static IEnumerable<string> DestinationsOf(ServiceSettings settings) =>
        settings.Destinations.Select(d => d.Name).Concat(settings.Orthanc is { StoreBack: true } ? [OrthancSettings.DestinationName] : []);
}
