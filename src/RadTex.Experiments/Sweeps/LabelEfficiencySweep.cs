using RadTex.Data;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Inspection;
using RadTex.Learning.Native;
using RadTex.Learning.Transfer;
using RadTex.Phantoms;
using RadTex.Studies;

namespace RadTex.Experiments.Sweeps;

/// <summary>
/// Initialisations x tasks x numbers of labels x trials on one dataset (the paper's Figure 2). Frozen encoders pass once over all that is needed;
/// fine-tuning runs are jobs by initialisation and number of labels, in folders named by a hash of all they depend on: finished ones are
/// skipped, and several processes may work through one sweep.
/// </summary>
public static class LabelEfficiencySweep
{
    /// <summary>Runs what is not done yet.</summary>
    /// <param name="protocol">Tasks and rules.</param>
    /// <param name="dataset">Labels are drawn from its training split, tests made on its test split.</param>
    /// <param name="initialisations">What is compared.</param>
    /// <param name="options">Sizes, trials, and where to work.</param>
    /// <param name="say">Told in lines what is done and found.</param>
    /// <param name="progress">Counts radiographs and heads.</param>
    /// <param name="jobsOnly">Only the fine-tuning jobs, for a process that helps another one with its sweep; frozen encoders are then left out of
    /// the result.</param>
    /// <param name="cancellation">Stops where the next call can go on.</param>
    /// <exception cref="UserErrorException">An encoder saw a test patient, a label is missing, or the disk is full.</exception>
    public static SweepResult Run(
        Protocol protocol, PreparedDataset dataset, IReadOnlyList<SweepInitialisation> initialisations, SweepOptions options,
        Action<string>? say = null, IProgress<ProgressReport>? progress = null, bool jobsOnly = false, CancellationToken cancellation = default)
    {
        TorchLibrary.EnsureLoaded();
        say ??= _ => { };
        if (options.Trials is < 1 or > 1000) throw new UserErrorException($"{options.Trials} trials: expected 1 to 1,000.");
        if (options.Views is < 0 or > 1000) throw new UserErrorException($"{options.Views} views: expected 0 to 1,000.");
        if (options.Workers is < 1 or > 256) throw new UserErrorException($"{options.Workers} workers: expected 1 to 256.");
        if (options.RandomSide is < 32 or > 4096) throw new UserErrorException($"An image size of {options.RandomSide}: expected 32 to 4,096.");
        if (initialisations.GroupBy(i => i.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new UserErrorException($"The initialisation '{twice.Key}' stands twice. Give each a name of its own.");
        if (initialisations.FirstOrDefault(i => i.FineTunes && i.Encoders.Contains(SweepInitialisation.View)) is { } viewTuned)
            throw new UserErrorException(
                $"'{viewTuned.Name}' cannot be fine-tuned: '{SweepInitialisation.View}' is no encoder, but the radiograph's "
                    + $"view in place of one. A folder of that name is ./{SweepInitialisation.View}.");
        int?[] sizes = [.. Sizes(initialisations, options)];
        options = options with { Smallest = sizes.Min() };
        if (!initialisations.Any(i => i.IsViewOnly))
            initialisations = [.. initialisations,
                SweepInitialisation.ViewOnly(sizes, initialisations.Select(i => i.Trials ?? options.Trials).DefaultIfEmpty(options.Trials).Max())];
        var runs = new List<SweepRun>();
        var passes = new List<EncoderPass>();
        SweepData[] data = [.. Enumerable.Range(0, Math.Max(1, protocol.Folds)).Select(fold => new SweepData(protocol, dataset, options, fold))];
        foreach (var line in protocol.Lines()) say(line);
        var jobs = new List<Func<bool>>();
        var oneView = ViewFeatures.Of(data.SelectMany(d => d.Train)).Missing;
        initialisations = [.. initialisations.Select(i => i.IsViewOnly && i.Missing is null ? i with { Missing = oneView } : i)];
        var warnings = jobsOnly ? [] : Warnings(dataset, data, initialisations, say, progress, cancellation);
        foreach (var start in initialisations)
        {
            if (start.Missing is { } reason)
            {
                runs.AddRange(Missing(protocol, start, options, reason));
                say($"{start.Name}: n/a: {reason}");
                continue;
            }
            CheckTestPatients(start, dataset, data, options, say);
            runs.AddRange(Refused(data, start, options));
            if (start.FineTunes) FineTunedCells.Plan(data, start, options, runs, say, progress, cancellation).ForEach(jobs.Add);
            else if (!jobsOnly) SharedJobs.Run([start], s => TryFrozen(data, s, options, runs, passes, say, progress, cancellation), cancellation);
        }
        SharedJobs.Run(jobs, job => job(), cancellation);
        return new(protocol, [.. initialisations], Ordered(runs, initialisations, options), passes, dataset.Manifest.Synthetic, warnings);
    }

    /// <summary>A name as part of a path.</summary>
    internal static string Slug(string name) => string.Concat(name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');

    internal static SweepRun RunOf(
        SweepData data, SweepInitialisation start, TrialResult trial, string encoder, PaperRecipe recipe, TransferIdentity identity, string control)
    {
        bool logistic = trial.Head == HeadKind.Logistic;
        var how = logistic ? $"logistic, prior variance {trial.PriorVariance}" : $"{recipe.Name}, {recipe.Epochs} epochs, batch {recipe.BatchSize}";
        return new(
            data.Protocol.Name, start.Name, trial.Task, trial.Examples, trial.Count, trial.Trial, trial.Head.Name(), logistic ? 0 : recipe.BatchSize,
            trial.Scores, trial.Redraws,
            trial.Note ?? (trial.Scores.Auc is null ? "the test radiographs lack a class" : null), encoder, how, control, start.Part,
            SweepRun.Hash(
                data.Protocol.Name, data.Protocol.Version, identity.Mode, identity.Train with { Dataset = "", Encoder = "" },
                identity.Test with { Dataset = "", Encoder = "" }, identity.Seed,
                identity.SmallestDraw, identity.Views, recipe, identity.Choice, trial.Task, trial.Examples, trial.Trial, trial.Head
                    .Name(), encoder, control));
    }

    // One process at a time: what waits finds features and heads done when its turn comes.
    private static bool TryFrozen(
        SweepData[] data, SweepInitialisation start, SweepOptions options, List<SweepRun> runs, List<EncoderPass> passes, Action<string> say,
        IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        using var claim = SharedJobs.TryClaim(Path.Combine(options.Output, "cells"));
        if (claim is not null) Frozen(data, start, options, runs, passes, say, progress, cancellation);
        return claim is not null;
    }

    private static void Frozen(
        SweepData[] data, SweepInitialisation start, SweepOptions options, List<SweepRun> runs, List<EncoderPass> passes, Action<string> say,
        IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        int trials = start.Trials ?? options.Trials;
        bool one = start.Encoders is [var only] && !only.StartsWith("random:", StringComparison.Ordinal) && data.Length == 1;
        for (int trial = 0; trial < trials; trial += one ? trials : 1)
        {
            if (start.IsViewOnly)
            {
                runs.AddRange(
                    new FrozenCells(data[trial % data.Length], options, say, progress, cancellation).RunViewOnly(start, trial, one ? trials : 1));
                continue;
            }
            using var encoder = EncoderSource.Open(start.Encoder(trial), options.Seed + trial, options.RandomSide, options.RandomChannels);
            encoder.MeasureOn(data[0].Dataset, [.. data[trial % data.Length].Train.Select(r => r.Index)]);
            runs.AddRange(
                new FrozenCells(data[trial % data.Length], options, say, progress, cancellation)
                    .Run(start, encoder, trial, one ? trials : 1, passes));
        }
    }

    /// <summary>What must be known of the figures before any is made.</summary>
    /// <exception cref="UserErrorException">A test picture is among those that labels are drawn from.</exception>
    private static string[] Warnings(
        PreparedDataset dataset, SweepData[] data, IReadOnlyList<SweepInitialisation> initialisations, Action<string> say,
        IProgress<ProgressReport>? progress,
        CancellationToken cancellation)
    {
        // Recipes are chosen on validation data; folds have none.
        var validation = data.Length == 1 && initialisations.Any(i => i is { FineTunes: true, Candidates: not null }) ? dataset
            .IndicesOf(Split.Validate) : [];
        var found = data.Select(d => PictureLeaks.Require(
            dataset, [.. d.Train.Select(r => r.Index), .. validation], dataset,
            [.. d.Tests.Values.SelectMany(t => t.Radiographs).Select(r => r.Index).Distinct().Order()],
            "training", progress, cancellation)).Distinct().ToArray();
        foreach (var (words, _) in found) say(words);
        string[] effort = SweepEffort.Warning(initialisations) is { } unequal ? [unequal] : [];
        foreach (var line in effort) say($"warning: {line}");
        return [.. found.Where(f => f.HasNearCopies).Select(f => f.Words), .. effort];
    }

    private static void CheckTestPatients(
        SweepInitialisation start, PreparedDataset dataset, SweepData[] data, SweepOptions options, Action<string> say)
    {
        int[] test = [.. data.SelectMany(d => d.Tests.Values).SelectMany(t => t.Radiographs).Select(r => r.Index).Distinct()];
        foreach (var encoder in start.Encoders.Distinct().Where(e => !start.IsViewOnly && !EncoderSource.IsRandomName(e)))
            say(SeenCheck.Require(encoder, SeenRadiographs.Read(encoder), dataset, test, options.PatientsDiffer));
    }

    private static IEnumerable<SweepRun> Missing(Protocol protocol, SweepInitialisation start, SweepOptions options, string reason) =>
        protocol.Tasks.SelectMany(task => (start.Examples ?? options.Examples).Select(n => Absent(protocol, start, task.Name, n, reason)));

    private static IEnumerable<SweepRun> Refused(SweepData[] data, SweepInitialisation start, SweepOptions options) =>
        from task in data[0].Protocol.Tasks
        from n in start.Examples ?? options.Examples
        let reason = data[0].Refusal(task, n)
        where reason is not null
        select Absent(data[0].Protocol, start, task.Name, n, reason);

    private static SweepRun Absent(Protocol protocol, SweepInitialisation start, string task, int? examples, string reason) => new(
        protocol.Name, start.Name, task, examples, 0, 0, start.MainHead.Name(), start.MainHead == HeadKind.Logistic ? 0 : start.Recipe.BatchSize,
        new(null, null, null, null), 0, reason, "",
        start.Recipe.Name, "", start.Part, SweepRun.Hash(protocol.Name, start.Name, task, examples, reason));

    private static IEnumerable<int?> Sizes(IReadOnlyList<SweepInitialisation> initialisations, SweepOptions options) =>
        options.Examples.Concat(initialisations.SelectMany(i => i.Examples ?? [])).Distinct();

    private static SweepRun[] Ordered(List<SweepRun> runs, IReadOnlyList<SweepInitialisation> initialisations, SweepOptions options)
    {
        var starts = initialisations.Select(i => i.Name).ToList();
        var sizes = Sizes(initialisations, options).ToList();
        return [.. runs.OrderBy(r => starts.IndexOf(r.Initialisation)).ThenBy(r => r.Control, StringComparer.Ordinal)
            .ThenBy(r => r.Head, StringComparer.Ordinal).ThenBy(r => r.Batch)
            .ThenBy(r => sizes.IndexOf(r.Examples)).ThenBy(r => r.Task, StringComparer.Ordinal).ThenBy(r => r.Trial)];
    }
}
