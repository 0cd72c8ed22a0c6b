using System.Diagnostics;
using RadTex.Data;
using RadTex.Experiments.Sweeps;
using RadTex.Files;
using RadTex.Imaging.Transforms;
using RadTex.Inspection;
using RadTex.Learning.Training;
using RadTex.Learning.Transfer;

namespace RadTex.Experiments.Reproduction;

/// <summary>
/// The paper's experiments from one configuration: datasets, pretrainings, sweeps, then tables, figures and a page with a verdict on each claim.
/// Every step resumes: the same call goes on where an interrupted one stopped.
/// </summary>
/// <param name="configuration">What to run.</param>
/// <param name="folder">Where everything goes.</param>
public sealed class PaperReproduction(ReproductionConfiguration configuration, string folder)
{
    private readonly ReproductionData data = new(configuration, folder);

    /// <summary>Runs what is asked for and writes its files.</summary>
    /// <param name="parts">Which results.</param>
    /// <param name="launcher">Starts pretrainings in processes of their own; null to run them here, one after the other.</param>
    /// <param name="say">Told in lines what is done and found.</param>
    /// <param name="progress">Told how far each step is.</param>
    /// <param name="onPrepared">Called when the datasets are there and fit: others may then <see cref="Help"/>.</param>
    /// <param name="cancellation">Stops where the next call can go on.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="UserErrorException">The configuration does not fit the data, or a pretraining knows a test patient.</exception>
    public ReproductionResult Run(
        ReproductionParts parts, JobLauncher? launcher, Action<string> say, IProgress<ProgressReport>? progress, Action? onPrepared,
        CancellationToken cancellation)
    {
        data.Check();
        var outlook = ReproductionPlan.Of(configuration, parts);
        outlook.RequireDecides();
        using var claim = OutputFolder.Open(folder, FolderKind.Reproduction, shared: true);
        AtomicFile.WriteAllText(Path.Combine(folder, "config.resolved.json"), ReproductionReader.Write(configuration));
        using var log = new StreamWriter(Path.Combine(folder, "log.txt"), append: true) { AutoFlush = true };
        void Tell(string line)
        {
            lock (log) log.WriteLine($"{DateTime.UtcNow:yyyy-MM-dd HH:mm:ss} {line}");
            say(line);
        }
        foreach (var line in outlook.Lines()) Tell(line);
        var times = new List<StageTime>();
        T Timed<T>(string stage, Func<T> work)
        {
            var clock = Stopwatch.StartNew();
            var result = work();
            times.Add(new(stage, Math.Round(clock.Elapsed.TotalSeconds, 1)));
            Tell($"{stage}: {clock.Elapsed.TotalSeconds:N1} s");
            return result;
        }
        var groups = Timed("datasets", () =>
        {
            data.Prepare(Tell, progress, cancellation);
            return data.Groups();
        });
        var plans = Plans(parts);
        PretrainingJob[] jobs = [.. Jobs(plans)];
        CheckTestPatients(plans, Tell);
        onPrepared?.Invoke();
        Timed($"pretraining ({jobs.Length:N0} runs)", () =>
        {
            PretrainingQueue.Run(jobs, configuration.Compute.PretrainingProcesses, launcher, Tell, progress, cancellation);
            return true;
        });
        var sweeps = new List<SweepResult>();
        foreach (var plan in plans)
            sweeps.Add(Timed($"sweep ({plan.Name})", () =>
            {
                using var dataset = PreparedDataset.Open(plan.Dataset);
                var result = LabelEfficiencySweep
                    .Run(plan.Protocol, dataset, plan.Initialisations(configuration), Options(), Tell, progress, cancellation: cancellation);
                // Whatever happens next, what was run so far is there to read.
                ResultsTable.Write(Path.Combine(folder, SweepLayout.Results), [.. sweeps.Append(result).SelectMany(s => s.Runs)]);
                return result;
            }));
        bool synthetic = configuration.Datasets.Keys.Any(name => DatasetManifest.Read(Path.Combine(data.FolderOf(name), "manifest.json")).Synthetic);
        var sizes = jobs.Where(j => j.IsDone).ToDictionary(j => j.Encoder, j => j.Result()!);
        var figures = Timed(
            "statistics",
            () => ReproductionFigures.Of(
                configuration with { Statistics = configuration.Statistics with { Groups = groups } }, sweeps, parts, sizes, progress, cancellation));
        var done = new ReproductionResult(
            configuration, parts, sweeps, figures, times, synthetic, RunEnvironment.Now(configuration.Compute.Device, 0));
        ReproductionFiles.Write(folder, done);
        return done;
    }

    /// <summary>
    /// What the other ranks do while rank 0 is at <see cref="Run"/>: a share of its pretrainings and fine-tuning jobs. To be called once the datasets
    /// are there.
    /// </summary>
    public void Help(ReproductionParts parts, CancellationToken cancellation)
    {
        static void Say(string _) { }
        var plans = Plans(parts);
        PretrainingQueue.Run([.. Jobs(plans)], 1, null, Say, null, cancellation);
        foreach (var plan in plans)
        {
            using var dataset = PreparedDataset.Open(plan.Dataset);
            LabelEfficiencySweep.Help(plan.Protocol, dataset, plan.Initialisations(configuration), Options(), cancellation: cancellation);
        }
    }

    /// <summary>Runs one pretraining by its key: what a launcher's process does.</summary>
    /// <exception cref="UserErrorException">There is none of that key.</exception>
    public void RunJob(string key, Action<string> say, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        var job = Plans(ReproductionParts.All).SelectMany(p => p.Jobs.Values.SelectMany(j => j)).FirstOrDefault(j => j.Key == key)
            ?? throw new UserErrorException($"No pretraining is called '{key}'.");
        PretrainingQueue.Run([job], 1, null, say, progress, cancellation);
    }

    private static IEnumerable<PretrainingJob> Jobs(List<ProtocolPlan> plans) =>
        plans.SelectMany(p => p.Jobs.Values.SelectMany(j => j)).DistinctBy(j => j.Options.Output);

    private SweepOptions Options()
    {
        var (sweep, compute) = (configuration.Sweep, configuration.Compute);
        var first = configuration.Pretrainings.Values.FirstOrDefault();
        var network = first is null ? null : ConfigurationReader.Read(first.Preset, null, first.Set);
        return new(
            folder, ReproductionReader.Sizes(sweep.Examples), sweep.Trials, configuration.Seed, sweep.Views,
                new(sweep.Degrees, sweep.Translate, sweep.Interpolation == "nearest" ? Interpolation.Nearest : Interpolation.Bilinear),
                compute.Workers,
            compute.Precision, compute.Device, compute.EvaluationBatch, network?.Image.Size
                ?? 256, network?.Model.Channels ?? 1);
    }

    private List<ProtocolPlan> Plans(ReproductionParts parts)
    {
        var plans = new List<ProtocolPlan>();
        foreach (var (name, settings) in configuration.Protocols)
        {
            var protocol = settings.Protocol is { } known ? Protocol.Find(known).With(settings.Labels) : Protocol.Of(name, settings.Labels!);
            // Table 1 and Figure 3 are of yes/no labels; graded protocols are Figure 2's.
            if (protocol.IsGraded && !parts.HasFlag(ReproductionParts.Figure2)) continue;
            var rows = configuration.Initialisations.Where(i => (i.Protocols?.Contains(name) ?? true) && Wanted(i, protocol, parts)).ToList();
            if (rows.Count == 0) continue;
            var jobs = rows.Select(r => r.Pretraining).OfType<string>().Distinct().ToDictionary(p => p, p =>
            {
                var pretraining = configuration.Pretrainings[p];
                var dataset = pretraining.Dataset == "protocol" ? settings.Dataset : pretraining.Dataset;
                return (IReadOnlyList<PretrainingJob>)[.. PretrainingJob
                    .Of(p, pretraining, dataset, data.FolderOf(dataset), configuration.Compute, folder)];
            });
            plans.Add(new(name, protocol with { Name = name }, data.FolderOf(settings.Dataset), rows, jobs));
        }
        return plans.Count > 0 ? plans : throw new UserErrorException(
            "Nothing to do: no protocol of the configuration belongs to what was asked for.");
    }

    private static bool Wanted(InitialisationSettings row, Protocol protocol, ReproductionParts parts) =>
        row.Role == "part" ? parts.HasFlag(ReproductionParts.Figure3) && !protocol.IsGraded
        : row.Role == "radtex" || (parts & (ReproductionParts.Table1 | ReproductionParts.Figure2)) != 0;

    /// <summary>Before hours are spent: no pretraining's dataset may hold a test patient.</summary>
    private static void CheckTestPatients(List<ProtocolPlan> plans, Action<string> say)
    {
        foreach (var plan in plans)
        {
            using var dataset = PreparedDataset.Open(plan.Dataset);
            var test = new SweepData(plan.Protocol, dataset, new("", [null]), 0).Test;
            foreach (var folder in plan.Jobs.Values.SelectMany(j => j).Select(j => j.Options.Dataset).Distinct())
            {
                using var pretraining = PreparedDataset.Open(folder);
                var seen = SeenRadiographs.OfPretraining(pretraining, withPictures: false)
                    .Overlap(PatientDomain.Of(dataset.Manifest), [.. test.Select(r => r.PatientId)], []);
                if (!seen.IsEmpty)
                    throw new UserErrorException(
                        $"{plan.Name}: {seen.Patients:N0} test patients of {plan.Dataset} are in the pretraining dataset {folder}. "
                            + "Expected none, since every figure would be void: pretrain on other patients, or on the protocol's own "
                            + "training split (\"dataset\": \"protocol\").");
                // Pictures too: under another id no patient is shared.
                int[] learnt = [.. pretraining.Radiographs.Where(r => r.Split != Studies.Split.Test).Select(r => r.Index)];
                var (pictures, _) = PictureLeaks.Require(pretraining, learnt, dataset, [.. test.Select(r => r.Index)], "pretraining");
                say(
                    $"{plan.Name}: pretraining on {Path.GetFileName(folder)} sees none of the "
                        + $"{test.Select(r => r.PatientId).Distinct().Count():N0} test patients. {pictures}");
            }
        }
    }

    /// <summary>What is run under a protocol.</summary>
    private sealed record ProtocolPlan(
        string Name, Protocol Protocol, string Dataset, IReadOnlyList<InitialisationSettings> Rows,
        IReadOnlyDictionary<string, IReadOnlyList<PretrainingJob>> Jobs)
    {
        internal SweepInitialisation[] Initialisations(ReproductionConfiguration configuration) => [.. Rows.Select(row => Of(row, configuration))];

        private SweepInitialisation Of(InitialisationSettings row, ReproductionConfiguration configuration)
        {
            bool fineTunes = row.Mode == "fine-tune", random = row.IsRandom;
            var paper = !fineTunes ? PaperRecipe.Frozen : random ? PaperRecipe.RandomInitialisation : PaperRecipe.FineTuning;
            var recipe = paper with
            {
                LearningRate = row.Rate ?? paper.LearningRate,
                Epochs = row.Epochs ?? paper.Epochs,
                BatchSize = row.Batch,
                Optimizer = row.Optimizer,
            };
            string[] encoders =
                row.Pretraining is { } name ? [.. Jobs[name].Select(j => j.Encoder)] : row.Encoder is { Length: > 0 } one ? [one] : [];
            double? part = row.Pretraining is { } p && row.Role is "radtex" or "part" && row.Mode == "frozen"
                ? configuration.Pretrainings[row.Pretraining].Fraction
                : null;
            return new(
                row.Name, fineTunes, encoders, recipe, row.Examples is { } sizes ? ReproductionReader.Sizes(sizes) : null, row.Trials, null,
                row.Batches,
                row.Candidates?.Select(c => ReproductionReader.Candidate(c, recipe)).ToArray(), row.Controls, row.MissingWeights(), part)
            { IsCompared = row.Role is "radtex" or "supervised" or "random" };
        }
    }
}
