using RadTex.Data;
using RadTex.Learning.Native;
using RadTex.Learning.Transfer;

namespace RadTex.Experiments.Sweeps;

/// <summary>
/// Initialisations x tasks x numbers of labels x trials on one dataset (the paper's Figure 2). Frozen encoders pass once over all that is needed;
/// fine-tuning runs are jobs by initialisation and number of labels, in folders named by a hash of all they depend on: finished ones are
/// skipped, and several processes may work through one sweep.
/// </summary>
public sealed class LabelEfficiencySweep
{
    private readonly Protocol protocol;
    private readonly SweepInitialisation[] initialisations;
    private readonly int?[] sizes;
    private readonly SweepData[] data;
    private readonly SweepContext context;
    private readonly List<SweepRun> runs = [];
    private readonly List<EncoderPass> passes = [];

    private LabelEfficiencySweep(
        Protocol protocol, PreparedDataset dataset, IReadOnlyList<SweepInitialisation> asked, SweepContext context)
    {
        var options = context.Options;
        SweepChecks.RequireSensible(options, asked);
        sizes = [.. options.Examples.Concat(asked.SelectMany(i => i.Examples ?? [])).Distinct()];
        this.protocol = protocol;
        this.context = context with { Options = options with { Smallest = sizes.Min() } };
        data = [.. Enumerable.Range(0, Math.Max(1, protocol.Folds)).Select(fold => new SweepData(protocol, dataset, this.context.Options, fold))];
        initialisations = [.. WithViewOnly(asked)];
    }

    /// <summary>Runs what is not done yet.</summary>
    /// <param name="protocol">Tasks and rules.</param>
    /// <param name="dataset">Labels are drawn from its training split, tests made on its test split.</param>
    /// <param name="initialisations">What is compared.</param>
    /// <param name="options">Sizes, trials, and where to work.</param>
    /// <param name="log">Told in lines what is done and found.</param>
    /// <param name="progress">Counts radiographs and heads.</param>
    /// <param name="cancellation">Stops where the next call can go on.</param>
    /// <exception cref="UserErrorException">An encoder saw a test patient, a label is missing, or the disk is full.</exception>
    public static SweepResult Run(
        Protocol protocol, PreparedDataset dataset, IReadOnlyList<SweepInitialisation> initialisations, SweepOptions options,
        Action<string>? log = null, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        TorchLibrary.EnsureLoaded();
        var sweep = new LabelEfficiencySweep(protocol, dataset, initialisations, new(options, log ?? (_ => { }), progress, cancellation));
        sweep.LogProtocol();
        var warnings = SweepChecks.Warnings(sweep.data, sweep.initialisations, sweep.context);
        sweep.RunAll(withFrozen: true);
        return new(
            protocol, sweep.initialisations, SweepRows.Ordered(sweep.runs, sweep.initialisations, sweep.sizes), sweep.passes,
            dataset.Manifest.Synthetic, warnings);
    }

    /// <summary>Runs fine-tuning jobs of a sweep that another process is at <see cref="Run"/> with.</summary>
    /// <exception cref="UserErrorException">See <see cref="Run"/>.</exception>
    public static void Help(
        Protocol protocol, PreparedDataset dataset, IReadOnlyList<SweepInitialisation> initialisations, SweepOptions options,
        Action<string>? log = null, CancellationToken cancellation = default)
    {
        TorchLibrary.EnsureLoaded();
        var sweep = new LabelEfficiencySweep(protocol, dataset, initialisations, new(options, log ?? (_ => { }), null, cancellation));
        sweep.LogProtocol();
        sweep.RunAll(withFrozen: false);
    }

    private void LogProtocol()
    {
        foreach (var line in protocol.Lines()) context.Log(line);
    }

    /// <summary>What was asked for and the row that every sweep has, which is missing where the training radiographs are of one view.</summary>
    private IEnumerable<SweepInitialisation> WithViewOnly(IReadOnlyList<SweepInitialisation> asked)
    {
        int trials = asked.Select(i => i.Trials ?? context.Options.Trials).DefaultIfEmpty(context.Options.Trials).Max();
        var all = asked.Any(i => i.IsViewOnly) ? asked : asked.Append(SweepInitialisation.ViewOnly(sizes, trials));
        var oneView = ViewFeatures.Of(data.SelectMany(d => d.Train.Radiographs)).Missing;
        return all.Select(i => i.IsViewOnly && i.Missing is null ? i with { Missing = oneView } : i);
    }

    /// <summary>Frozen encoders one after the other, then all fine-tuning jobs.</summary>
    private void RunAll(bool withFrozen)
    {
        var jobs = new List<FineTuningJob>();
        foreach (var initialisation in initialisations)
        {
            if (initialisation.Missing is { } reason)
            {
                runs.AddRange(SweepRows.OfMissing(protocol, initialisation, context.Options));
                context.Log($"{initialisation.Name}: n/a: {reason}");
                continue;
            }
            SweepChecks.RequireTestUnseen(initialisation, data, context);
            runs.AddRange(SweepRows.OfRefused(data[0], initialisation, context.Options));
            if (initialisation.FineTunes) jobs.AddRange(FineTunedCells.Jobs(data, initialisation, context));
            else if (withFrozen) SharedJobs.Run([initialisation], TryRunFrozen, context.Cancellation);
        }
        SharedJobs.Run(jobs, TryRunJob, context.Cancellation);
    }

    private bool TryRunJob(FineTuningJob job)
    {
        if (job.TryRun() is not { } found) return false;
        runs.AddRange(found);
        return true;
    }

    // One process at a time: what waits finds features and heads done when its turn comes.
    private bool TryRunFrozen(SweepInitialisation initialisation)
    {
        using var claim = SharedJobs.TryClaim(SweepLayout.Cells(context.Options.Output));
        if (claim is null) return false;
        int all = initialisation.Trials ?? context.Options.Trials;
        bool isOne = initialisation.Encoders is [var only] && !EncoderSource.IsRandomName(only) && data.Length == 1;
        foreach (var trials in isOne ? [new TrialRange(0, all)] : Enumerable.Range(0, all).Select(trial => new TrialRange(trial, 1)))
            RunFrozen(initialisation, trials);
        if (initialisation.AsksTexts is not null && !protocol.IsGraded) runs.AddRange(new ZeroShotCells(data[0], initialisation, context).Run(all));
        return true;
    }

    /// <summary>The heads of trials that share an encoder.</summary>
    private void RunFrozen(SweepInitialisation initialisation, TrialRange trials)
    {
        var own = data[trials.First % data.Length];
        var cells = new FrozenCells(own, initialisation, trials, context);
        if (initialisation.IsViewOnly)
        {
            runs.AddRange(cells.RunViewOnly());
            return;
        }
        using var encoder = context.Open(initialisation, trials.First);
        encoder.MeasureOn(own.Dataset, own.Train.Indices);
        if (cells.Run(encoder) is not { } found) return;
        runs.AddRange(found.Runs);
        passes.Add(found.Pass);
    }
}
