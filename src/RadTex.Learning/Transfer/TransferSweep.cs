using System.Runtime.ExceptionServices;
using RadTex.Data;
using RadTex.Heads;

namespace RadTex.Learning.Transfer;

/// <summary>Frozen transfer: every task, number of examples, trial and head of a plan, from one encoder pass.</summary>
public static class TransferSweep
{
    private const ulong HeadStream = 0x48656164; // "Head"

    /// <summary>Trains and tests all heads.</summary>
    /// <param name="train">Features of the radiographs labels are drawn from, centre views.</param>
    /// <param name="test">Features of the radiographs that are tested on.</param>
    /// <param name="plan">What to run.</param>
    /// <param name="views">Augmented views of <paramref name="train"/>'s radiographs, which the paper's head takes in turn, one an epoch; none: it
    /// takes the centre views.</param>
    /// <param name="journal">Keeps what is finished, so that a killed sweep goes on; null for none.</param>
    /// <param name="progress">Counts heads.</param>
    /// <param name="cancellation">Stops between heads.</param>
    /// <exception cref="UserErrorException">A label that does not exist or shows one class only, more examples than there are, or a patient in
    /// training and test.</exception>
    public static TransferResult Run(
        RadiographFeatures train, RadiographFeatures test, TransferPlan plan, IReadOnlyList<RadiographFeatures>? views = null,
        TransferJournal? journal = null,
        IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        plan.Validated();
        if (plan.Heads.Contains(HeadKind.FineTuned)) throw new ArgumentException("fine-tuning is no head on features", nameof(plan));
        if (train.Width != test.Width)
            throw new ArgumentException($"training features have width {train.Width}, test features {test.Width}", nameof(test));
        var works = plan.Tasks.Select(task => TaskData.Of(
            train.Radiographs, train.LabelNames, test.Radiographs, test.LabelNames, task, plan)).ToArray();
        var tested = works.Select(w => test.Select(w.Test.Rows)).ToArray();
        int total = works.Length * plan.Trials * plan.Examples.Count * plan.Heads.Count, done = 0;
        var results = new TrialResult[works.Length * plan.Trials][];
        progress?.Report(new("heads", 0, total, "heads"));
        var paperHeads = plan.Heads.Contains(HeadKind.Paper) ? FitPaperHeads(
            views is { Count: > 0 } ? views : [train], works, plan, journal, cancellation) : [];
        void Finished() => progress?.Report(new("heads", Interlocked.Increment(ref done), total, "heads"));
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = plan.Workers > 0 ? plan.Workers : Environment.ProcessorCount,
            CancellationToken = cancellation,
        };
        try
        {
            Parallel.For(0, results.Length, options, unit =>
            {
                var work = works[unit / plan.Trials];
                results[unit] = [.. RunTrial(
                    train, paperHeads, tested[unit / plan.Trials], work, plan, plan.FirstTrial + unit % plan.Trials, journal, Finished,
                    cancellation)];
            });
        }
        catch (AggregateException e)
        {
            // One fault is enough to tell; what the other workers met meanwhile adds nothing.
            ExceptionDispatchInfo.Capture(e.InnerExceptions.FirstOrDefault(i => i is not OperationCanceledException) ?? e.InnerExceptions[0]).Throw();
        }
        var places = plan.Examples.Select((n, i) => (n ?? 0, i)).ToDictionary();
        var ordered = results.SelectMany((r, unit) => r.Select(t => (Unit: unit, Trial: t)))
            .OrderBy(r => r.Unit / plan.Trials).ThenBy(r => places[r.Trial.Examples ?? 0]).ThenBy(r => r.Trial.Head).ThenBy(r => r.Trial.Trial)
                .Select(r => r.Trial);
        TrialResult[] trials = [.. ordered];
        return new([.. works.Select(w => w.Counts)], trials, [.. TransferNotes.Of(plan, works), .. TransferNotes.Thresholds(trials)]);
    }

    /// <summary>The rows of a training pool that a plan reads the features of, ascending: only these need an encoder pass.</summary>
    /// <param name="train">The pool.</param>
    /// <param name="test">What is tested on.</param>
    /// <param name="trainLabels">Label names of the pool.</param>
    /// <param name="testLabels">Label names of the test radiographs.</param>
    /// <param name="plan">What will be run.</param>
    /// <returns>Places in the pool and among the test radiographs.</returns>
    public static (IReadOnlyList<int> Train, IReadOnlyList<int> Test) RowsNeeded(
        IReadOnlyList<PreparedRadiograph> train, IReadOnlyList<string> trainLabels, IReadOnlyList<PreparedRadiograph> test,
        IReadOnlyList<string> testLabels, TransferPlan plan)
    {
        plan.Validated();
        SortedSet<int> trainRows = [], testRows = [];
        foreach (var task in plan.Tasks)
        {
            var work = TaskData.Of(train, trainLabels, test, testLabels, task, plan);
            testRows.UnionWith(work.Test.Rows);
            int most = plan.Examples.Max(n => n ?? work.Train.Rows.Length);
            for (int trial = plan.FirstTrial; trial < plan.FirstTrial + plan.Trials; trial++)
                trainRows.UnionWith(work.Draw(plan, trial).Order.Take(most).Select(p => work.Train.Rows[p]));
        }
        return ([.. trainRows], [.. testRows]);
    }

    /// <summary>
    /// The paper's heads, all that take the same number of updates as one batched problem: tasks, trials and sizes side by side in one tensor.
    /// </summary>
    private static Dictionary<(string, int?, int), LinearHead> FitPaperHeads(
        IReadOnlyList<RadiographFeatures> views, TaskData[] works, TransferPlan plan, TransferJournal? journal, CancellationToken cancellation)
    {
        var waiting = new List<((string, int?, int) Key, PaperHead.Work Work)>();
        foreach (var work in works)
            for (int trial = plan.FirstTrial; trial < plan.FirstTrial + plan.Trials; trial++)
            {
                var order = work.Draw(plan, trial).Order;
                foreach (int? n in plan.Examples)
                {
                    var chosen = order.Take(n ?? order.Length).ToArray();
                    waiting.Add(((work.Task.Name, n, trial), new(
                        [.. chosen.Select(p => work.Train.Rows[p])], [.. chosen.Select(p => work.Train.Classes[p])], work.Counts.Classes,
                        (long)(CounterRandom.Hash((ulong)plan.Seed, (ulong)trial, work.Key, HeadStream) >> 1))));
                }
            }
        var heads = new Dictionary<(string, int?, int), LinearHead>();
        foreach (var alike in waiting.GroupBy(w => (w.Work.ClassCount, plan.Recipe.Updates(w.Work.Rows.Length))))
            foreach (var part in alike.Chunk(PaperHead.MostHeads(views[0].Width, plan.Recipe)))
            {
                // A batch goes whole or not at all: with fewer beside it a head could differ by a rounding from the run that was interrupted.
                if (journal is not null && part.All(p => journal.Find(p.Key.Item1, p.Key.Item2, p.Key.Item3, HeadKind.Paper) is not null)) continue;
                foreach (
                    var (key, head) in part.Select(p => p.Key).Zip(PaperHead.Fit(views, [.. part.Select(p => p.Work)], plan.Recipe, cancellation)))
                    heads[key] = head;
            }
        return heads;
    }

    private static IEnumerable<TrialResult> RunTrial(
        RadiographFeatures train, Dictionary<(string, int?, int), LinearHead> paperHeads, RadiographFeatures test, TaskData work, TransferPlan plan,
        int trial, TransferJournal? journal, Action finished, CancellationToken cancellation)
    {
        var (order, redraws) = work.Draw(plan, trial);
        TransferScores Scores(LinearHead head) => work.Scores(head.Probabilities(test));
        foreach (int? n in plan.Examples)
        {
            int count = n ?? order.Length;
            int[] rows = [.. order.Take(count).Select(p => work.Train.Rows[p])], classes = [.. order.Take(count).Select(p => work.Train.Classes[p])];
            foreach (var kind in plan.Heads)
            {
                cancellation.ThrowIfCancellationRequested();
                var result = journal?.Find(work.Task.Name, n, trial, kind);
                if (result?.Weights is { } finishedHead)
                    // From the head, not from the journal: one of an earlier version lacks figures, and would hold them as undefined.
                    result = result with { Scores = Scores(finishedHead) };
                else
                {
                    double? variance = null;
                    string? note = null;
                    LinearHead head;
                    HeadThreshold? threshold = null;
                    if (kind == HeadKind.Logistic)
                    {
                        (head, variance, note, var heldOut) = LogisticHead
                            .Fit(train, rows, classes, work.Counts.Classes, work.FoldOrder(plan, trial));
                        if (heldOut is not null) threshold = HeadThreshold.Choose(heldOut, [.. classes.Select(c => c == 1)], plan.Sensitivity);
                    }
                    else
                        head = paperHeads[(work.Task.Name, n, trial)];
                    result = new(
                        work.Task.Name, n, trial, kind, count, TaskData.Tally(classes, work.Counts.Classes), redraws, variance, note, Scores(head),
                        head, null, threshold);
                    journal?.Add(result);
                }
                finished();
                yield return result;
            }
        }
    }
}
