using RadTex.Data;
using RadTex.Experiments.Sweeps;
using RadTex.Files;
using RadTex.Learning.Training;

namespace RadTex.Experiments.Reproduction;

/// <summary>
/// The paper's experiments from one configuration: datasets, pretrainings, sweeps, then tables, figures and a page with a verdict on each claim.
/// Every step resumes: the same call goes on where an interrupted one stopped.
/// </summary>
/// <param name="configuration">What to run.</param>
/// <param name="folder">Where everything goes.</param>
public sealed class PaperReproduction(ReproductionConfiguration configuration, string folder)
{
    private readonly ReproductionData data = new(configuration, new(folder));

    /// <summary>Where everything goes.</summary>
    public ReproductionLayout Layout => data.Layout;

    /// <summary>Runs what is asked for and writes its files.</summary>
    /// <param name="parts">Which results.</param>
    /// <param name="launcher">Starts pretrainings in processes of their own; null to run them here, one after the other.</param>
    /// <param name="log">Told in lines what is done and found.</param>
    /// <param name="progress">Told how far each step is.</param>
    /// <param name="onPrepared">Called when the datasets are there and fit: others may then <see cref="Help"/>.</param>
    /// <param name="cancellation">Stops where the next call can go on.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="UserErrorException">The configuration does not fit the data, or a pretraining knows a test patient.</exception>
    public ReproductionResult Run(
        ReproductionParts parts, JobLauncher? launcher, Action<string> log, IProgress<ProgressReport>? progress, Action? onPrepared,
        CancellationToken cancellation)
    {
        data.Check();
        var outlook = ReproductionPlan.Of(configuration, parts);
        outlook.RequireDecides();
        using var claim = OutputFolder.Open(Layout.Folder, FolderKind.Reproduction, shared: true);
        AtomicFile.WriteAllText(Layout.Configuration, ReproductionReader.Write(configuration));
        using var kept = new StreamWriter(Layout.Log, append: true) { AutoFlush = true };
        var context = new ReproductionContext(configuration, Layout, Tell, progress, cancellation);
        var stages = new StageClock(time => Tell($"{time.Stage}: {time.Seconds:N1} s"));
        foreach (var line in outlook.Lines()) Tell(line);
        var groups = stages.Run("datasets", () =>
        {
            data.Prepare(context);
            return data.Groups();
        });
        var plans = ProtocolPlan.All(configuration, data, parts);
        PretrainingJob[] jobs = [.. ProtocolPlan.JobsOf(plans)];
        ReproductionChecks.RequireTestUnseen(plans, Tell);
        onPrepared?.Invoke();
        stages.Run(
            $"pretraining ({jobs.Length:N0} runs)", () => PretrainingQueue.Run(jobs, configuration.Compute.PretrainingProcesses, launcher, context));
        var sweeps = new List<SweepResult>();
        foreach (var plan in plans) sweeps.Add(stages.Run($"sweep ({plan.Protocol.Name})", () => Sweep(plan, sweeps, context)));
        var sizes = jobs.Where(j => j.IsDone).ToDictionary(j => j.Encoder, j => j.Result()!);
        var figures = stages.Run(
            "statistics",
            () => ReproductionFigures.Of(
                configuration with { Statistics = configuration.Statistics with { Groups = groups } }, sweeps, parts, sizes, progress, cancellation));
        var result = new ReproductionResult(
            configuration, parts, sweeps, figures, stages.Times, data.IsSynthetic(), RunEnvironment.Now(configuration.Compute.Device, 0));
        ReproductionFiles.Write(Layout, result);
        return result;

        void Tell(string line)
        {
            lock (kept) kept.WriteLine($"{DateTime.UtcNow:yyyy-MM-dd HH:mm:ss} {line}");
            log(line);
        }
    }

    /// <summary>
    /// What the other ranks do while rank 0 is at <see cref="Run"/>: a share of its pretrainings and fine-tuning jobs. To be called once the datasets
    /// are there.
    /// </summary>
    public void Help(ReproductionParts parts, CancellationToken cancellation)
    {
        var context = new ReproductionContext(configuration, Layout, _ => { }, null, cancellation);
        var plans = ProtocolPlan.All(configuration, data, parts);
        PretrainingQueue.Run([.. ProtocolPlan.JobsOf(plans)], 1, null, context);
        foreach (var plan in plans)
        {
            using var dataset = PreparedDataset.Open(plan.Dataset);
            LabelEfficiencySweep.Help(
                plan.Protocol, dataset, plan.Initialisations(configuration), context.SweepOptions(), cancellation: cancellation);
        }
    }

    /// <summary>Runs one pretraining by its key: what a launcher's process does.</summary>
    /// <exception cref="UserErrorException">There is none of that key.</exception>
    public void RunJob(string key, Action<string> log, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        var job = ProtocolPlan.JobsOf(ProtocolPlan.All(configuration, data, ReproductionParts.All)).FirstOrDefault(j => j.Key == key)
            ?? throw new UserErrorException($"No pretraining is called '{key}'.");
        PretrainingQueue.Run([job], 1, null, new(configuration, Layout, log, progress, cancellation));
    }

    /// <summary>Runs a protocol's sweep. Whatever happens next, what was run so far is there to read.</summary>
    private SweepResult Sweep(ProtocolPlan plan, IEnumerable<SweepResult> before, ReproductionContext context)
    {
        using var dataset = PreparedDataset.Open(plan.Dataset);
        var result = LabelEfficiencySweep.Run(
            plan.Protocol, dataset, plan.Initialisations(configuration), context.SweepOptions(), context.Log, context.Progress,
            context.Cancellation);
        ResultsTable.Write(Layout.Results, [.. before.Append(result).SelectMany(s => s.Runs)]);
        return result;
    }
}
