using RadTex.Data;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Inspection;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Training;
using RadTex.Prediction;

namespace RadTex.Learning.Transfer;

/// <summary>
/// The networks of one fine-tuning: first those that a recipe is chosen by, then the trials'. What the journals hold is not done again.
/// </summary>
internal sealed class FineTuningSweep(
    IReadOnlyList<EncoderSource> starts, PreparedDataset train, PreparedRadiograph[] trainPool, PreparedDataset test, PreparedRadiograph[] testPool,
    TaskData[] works,
    ValidationData? validation, TransferPlan plan, FineTuningOptions options, TransferJournal journal, LineJournal<RecipeScore>? scores)
{
    private const ulong NetworkStream = 0x4E6574776F726B; // "Network"

    private readonly Lock gate = new();
    private readonly Dictionary<(string, int?, int), RecipeScore> tried = scores?.Found.ToDictionary(s => (s.Task, s.Examples, s.Candidate)) ?? [];
    private double passes; // radiographs trained on, those of finished networks included

    /// <summary>Of the transfer: kept networks carry it.</summary>
    internal required TransferIdentity Identity { get; init; }

    private IReadOnlyList<PaperRecipe> Candidates => options.Candidates ?? [];

    /// <summary>The recipe of a trial.</summary>
    private IFineTuningRecipe RecipeOf(RecipeChoice? choice) =>
        options.Practical is { } practical ? practical : choice is null ? plan.Recipe : Candidates[choice.Chosen];

    private EncoderSource StartOf(int trial) => starts[trial - plan.FirstTrial];

    private string Cells => Path.Combine(options.Output, "networks");

    internal TransferResult Run(IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        // The longest first, so that workers end together.
        var cells = works.SelectMany((work, task) => plan.Examples.Select(n => (Task: task, N: n, Count: n ?? work.Train.Rows.Length)))
            .OrderByDescending(c => c.Count).ToArray();
        int workers = Math.Max(1, plan.Workers);
        double total = cells.Sum(
            c => (double)c.Count * (
                Candidates.Sum(r => r.Epochs) + plan.Trials * (Candidates.Count > 0 ? Candidates.Max(r => r.Epochs) : RecipeOf(null).Epochs)));
        void Report(double more, string? detail)
        {
            lock (gate) progress?.Report(new("fine-tuning", (long)(passes += more), (long)total, "radiographs", detail));
        }
        Report(0, null);
        WorkerThreads.Run(
            [.. cells.SelectMany(c => Candidates.Select((recipe, i) => (c.Task, c.N, Candidate: i)))], workers,
            (c, stop) => Try(works[c.Task], c.Task, c.N, c.Candidate, Report, stop), cancellation);
        var choices = Candidates.Count == 0 ? null : cells.Select(c => Choose(works[c.Task], c.Task, c.N)).ToDictionary(c => (c.Task, c.Examples));
        WorkerThreads.Run(
            [.. cells.SelectMany(c => Enumerable.Range(plan.FirstTrial, plan.Trials).Select(trial => (c.Task, c.N, Trial: trial)))], workers,
            (c, stop) => RunTrial(works[c.Task], c.N, c.Trial, choices?[(works[c.Task].Task.Name, c.N)], Report, stop), cancellation);
        if (Directory.Exists(Cells)) Directory.Delete(Cells, recursive: true);

        var trials = works.SelectMany(
            w => plan.Examples.SelectMany(n => Enumerable.Range(plan.FirstTrial, plan.Trials).Select(t => Finished(w, n, t)!)));
        return new(
            [.. works.Select(w => w.Counts)], [.. trials], TransferNotes.Of(plan, works, options.Practical),
            choices is null ? null : [.. works.SelectMany(w => plan.Examples.Select(n => choices[(w.Task.Name, n)]))]);
    }

    /// <summary>One candidate, trained on the draw for choices and scored on validation data.</summary>
    private void Try(TaskData work, int task, int? n, int candidate, Action<double, string?> report, CancellationToken cancellation)
    {
        var recipe = Candidates[candidate];
        var order = work.DrawForChoice(plan);
        lock (gate)
        {
            if (tried.ContainsKey((work.Task.Name, n, candidate)))
            {
                report((double)(n ?? order.Length) * recipe.Epochs, null);
                return;
            }
        }
        var job = new Job(
            work, starts[0], [.. order.Take(n ?? order.Length)], recipe, NetworkSeed(work, -1), work.FoldOrder(plan, -1),
            $"{work.Key:x16}-n{TransferFiles.Name(n)}-candidate{candidate}");
        double? auc = Train<double?>(job, report, network =>
            TransferScores.Of(
                network.Test(train, validation!.Indices[task], cancellation).Probabilities, validation.Classes[task], work.Counts.Classes,
                validation.Views[task]).Auc, cancellation);
        var score = new RecipeScore(work.Task.Name, n, candidate, recipe, auc);
        scores!.Add(score);
        lock (gate) tried[(score.Task, n, candidate)] = score;
    }

    /// <summary>
    /// A network in the journal, its figures made anew of its probabilities: a journal of an earlier version lacks some, and would hold them as
    /// undefined.
    /// </summary>
    private TrialResult? Finished(TaskData work, int? n, int trial) =>
        journal.Find(work.Task.Name, n, trial, HeadKind.FineTuned, StartOf(trial).Card.WeightsSha256) is not { } found ? null
        : found.FineTuned?.Probabilities is { } p ? found with { Scores = work.Scores(p) } : found;

    private RecipeChoice Choose(TaskData work, int task, int? n)
    {
        RecipeScore[] own = [.. Candidates.Select((_, i) => tried[(work.Task.Name, n, i)])];
        var best = own.MaxBy(s => s.Auc ?? double.NegativeInfinity)!; // the first of the largest
        return best.Auc is not null
            ? new(work.Task.Name, n, validation!.Indices[task].Length, own, best.Candidate)
            : throw new UserErrorException($"All recipes diverged for '{work.Task.Name}' with {TransferFiles.Name(n)} examples. Name smaller rates.");
    }

    private void RunTrial(TaskData work, int? n, int trial, RecipeChoice? choice, Action<double, string?> report, CancellationToken cancellation)
    {
        var recipe = RecipeOf(choice);
        var (order, redraws) = work.Draw(plan, trial);
        int[] rows = [.. order.Take(n ?? order.Length)];
        var start = StartOf(trial);
        if (!options.IsShared && journal.OtherStart(work.Task.Name, n, trial, start.Card.WeightsSha256) is { } other)
            throw new UserErrorException(
                $"{options.Output} holds trial {trial} from an encoder with weights {other[..12]}, not "
                    + $"{start.Card.WeightsSha256[..12]} ({start.Name}). Delete the folder to begin again, or choose another.")
            {
                Setting = "out",
            };
        OutputFolder.RequireThere(options.Output);
        var folder = IsKept(work, n, trial) ? Path.Combine(options.Output, NetworkFolder.PathOf(work.Task.Name, n, trial)) : null;
        // A finished network that was not kept then and is to be now is trained again, to the same weights.
        if (
            Finished(work, n, trial) is { } finished
                && (folder is null || finished.FineTuned!.EncoderSha256 is not { } kept || NetworkFolder.Holds(folder, kept)))
        {
            report((double)rows.Length * recipe.Epochs, null);
            return;
        }
        var job = new Job(
            work, start, rows, recipe, NetworkSeed(work, trial), work.FoldOrder(plan, trial),
            $"{work.Key:x16}-n{TransferFiles.Name(n)}-trial{trial}");
        var counts = TaskData.Tally(rows.Select(p => work.Train.Classes[p]), work.Counts.Classes);
        TrialResult Result(FineTunedTrial? tested) => new(
            work.Task.Name, n, trial, HeadKind.FineTuned, rows.Length, counts, redraws, null,
            tested is null ? "diverged: the loss was no number" : null,
            tested?.Probabilities is { } p ? work.Scores(p) : new(null, null, null, null),
            null, tested ?? new(start.Card.WeightsSha256, null, recipe as PaperRecipe, null, recipe as PracticalRecipe));
        var result = Train(job, report, network =>
        {
            var (hash, probabilities) = network.Test(test, [.. work.Test.Rows.Select(r => testPool[r].Index)], cancellation);
            var tested = Result(
                new FineTunedTrial(start.Card.WeightsSha256, hash, recipe as PaperRecipe, probabilities, recipe as PracticalRecipe, network.Moved()));
            if (folder is not null) Keep(folder, network, start, tested, job);
            return tested;
        }, cancellation);
        journal.Add(result ?? Result(null));
    }

    /// <summary>Whether a trial's network is to be written to the disk.</summary>
    private bool IsKept(TaskData work, int? n, int trial) => options.Keep switch
    {
        KeptNetworks.All => true,
        KeptNetworks.None => false,
        _ => trial - plan.FirstTrial < KeptTrials && (n ?? work.Train.Rows.Length) == plan.Examples.Max(e => e ?? work.Train.Rows.Length),
    };

    private static long BytesOf(EncoderSource source) => ModuleWeights.Of(source.Encoder).Sum(w => w.Tensor.numel() * w.Tensor.element_size());

    /// <summary>Trials whose networks fit into what the kept ones may take, the first at least.</summary>
    private int KeptTrials => (int)Math.Clamp(NetworkFolder.MostBytes / (BytesOf(starts[0]) * works.Length), 1, plan.Trials);

    /// <summary>What is kept, in words.</summary>
    internal IEnumerable<string> Kept()
    {
        if (options.IsShared) yield break; // a sweep's own folder
        if (options.Keep == KeptNetworks.None)
        {
            yield return "No network is kept, so that none can be exported or predict.";
            yield break;
        }
        int count = works.Sum(
            w => plan.Examples.Sum(
                n => Enumerable.Range(plan.FirstTrial, plan.Trials)
                    .Count(t => IsKept(w, n, t) && Finished(w, n, t)!.FineTuned!.EncoderSha256 is not null)));
        yield return $"{count:N0} networks are kept in {NetworkFolder.Models}/, {BytesOf(starts[0]) / 1e6:N1} MB "
            + $"each{(options.Keep == KeptNetworks.All ? "" : ": each label's largest N")}."
            + (
                options.Keep == KeptNetworks.Largest && KeptTrials < plan.Trials
                    ? $" Of {plan.Trials} trials the first {KeptTrials}, since all would take more than "
                    + $"{NetworkFolder.MostBytes / 1e9:N1} GB; keep all to have them." : "");
    }

    private void Keep(string folder, FineTunedNetwork network, EncoderSource start, TrialResult tested, Job job)
    {
        IEnumerable<int> learnt = job.Rows.Select(p => trainPool[job.Work.Train.Rows[p]].Index);
        if (validation is not null) learnt = learnt.Concat(validation.Indices[Array.IndexOf(works, job.Work)]); // the recipe was chosen on them
        var card = start.Card with
        {
            Provenance = $"{start.Card.Provenance}; fine-tuned on {tested.Count:N0} radiographs labelled {tested.Task} of the dataset "
                + $"{train.Hash[..12]}, {(job.Recipe is PaperRecipe paper ? paper.Name : "the practical recipe")}, " + $"{job.Recipe.Epochs} epochs",
            Synthetic = start.Card.Synthetic || train.Manifest.Synthetic,
            Intensity = train.Manifest.Intensity,
            ShortSide = train.ShortSide,
            Polarity = EncoderCard.PolarityOf(train.Manifest.Intensity),
        };
        // Of the whole split, labelled or not: what the encoder was before tells nothing of its features now.
        var sample = EncoderLikeness.Measure(network.Classifier.Encoder, train, [.. trainPool.Select(r => r.Index)], start.Input());
        TrainingLikeness? Likeness(string sha256) => sample is null ? null : TrainingLikeness.Learn(sample, EncoderLikeness.SourceOf(train), sha256);
        var seen = start.Seen.With(SeenRadiographs.Of(train, [.. learnt.Distinct()], SeenRadiographs.Labels));
        var written = NetworkFolder.Write(folder, network, card, seen, tested, Identity, Likeness);
        if (written != tested.FineTuned!.EncoderSha256)
            throw new InvalidOperationException($"{folder} has weights {written}, tested were {tested.FineTuned.EncoderSha256}");
    }

    /// <summary>Trains a network and measures it; default where it diverged.</summary>
    private T? Train<T>(Job job, Action<double, string?> report, Func<FineTunedNetwork, T> measure, CancellationToken cancellation)
    {
        var (work, start, rows, recipe, seed, folds, name) = job;
        (int, int)[] examples = [.. rows.Select(p => (trainPool[work.Train.Rows[p]].Index, work.Train.Classes[p]))];
        double own = 0, all = (double)examples.Length * recipe.Epochs;
        var steps = new Steps(r =>
        {
            double now = all * r.Done / r.Total;
            report(now - own, $"{work.Task.Name}, N {examples.Length:N0}, {r.Detail}");
            own = now;
        });
        // A network of few passes is soon trained again; its checkpoints would cost more than they save.
        using var run = all < options.CheckpointEvery ? null : RunFolder.Open(
            Path.Combine(Cells, name), new
            {
                Recipe = (object)recipe,
                Network = new { Task = work.Task.Name, Examples = examples.Length, Seed = seed, Initial = start.Card.WeightsSha256 },
            },
            new RunInputs(train.Folder, train.Hash, train.Manifest.Synthetic, null), keepCheckpoints: 1);
        try
        {
            using var network = new FineTunedNetwork(start, train, examples, work.Counts.Classes, recipe, seed, folds, options);
            network.Train(run, steps, cancellation);
            report(all - own, null);
            return measure(network);
        }
        catch (DivergenceException)
        {
            report(all - own, null);
            return default;
        }
    }

    /// <summary>A network to train.</summary>
    /// <param name="Work">Its task.</param>
    /// <param name="Start">Its encoder at the start.</param>
    /// <param name="Rows">Its examples, as places in the task's labelled training radiographs.</param>
    /// <param name="Recipe">How.</param>
    /// <param name="Seed">Of the linear layer, the order and the views.</param>
    /// <param name="Folds">Of the frozen head it may start from.</param>
    /// <param name="Name">Of the folder its checkpoints lie in.</param>
    private sealed record Job(TaskData Work, EncoderSource Start, int[] Rows, IFineTuningRecipe Recipe, long Seed, CounterRandom Folds, string Name);

    // -1 for the draw that choices are made on.
    private long NetworkSeed(TaskData work, int trial) =>
        (long)(CounterRandom.Hash((ulong)plan.Seed, (ulong)(trial + 1), work.Key, NetworkStream) >> 1);

    private sealed class Steps(Action<ProgressReport> action) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => action(value);
    }
}
