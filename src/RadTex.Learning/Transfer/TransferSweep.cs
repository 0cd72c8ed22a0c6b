using System.Runtime.ExceptionServices;
using RadTex.Heads;

namespace RadTex.Learning.Transfer;

/// <summary>Frozen transfer: every task, number of examples, trial and head of a plan, from one encoder pass.</summary>
public static class TransferSweep
{
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
        TransferJournal? journal = null, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        plan.Validated();
        if (plan.Heads.Contains(HeadKind.FineTuned)) throw new ArgumentException("fine-tuning is no head on features", nameof(plan));
        if (train.Width != test.Width)
            throw new ArgumentException($"training features have width {train.Width}, test features {test.Width}", nameof(test));
        var heads = new HeadTrials(train, test, plan, journal);
        int done = 0;
        progress?.Report(new("heads", 0, heads.Count, "heads"));
        if (plan.Heads.Contains(HeadKind.Paper)) heads.FitPaperHeads(views is { Count: > 0 } ? views : [train], cancellation);
        var results = RunAll(heads, plan, () => progress?.Report(new("heads", Interlocked.Increment(ref done), heads.Count, "heads")), cancellation);
        var places = plan.Examples.Select((n, i) => (n ?? 0, i)).ToDictionary();
        TrialResult[] trials = [.. results
            .SelectMany(task => task.OrderBy(r => places[r.Examples ?? 0]).ThenBy(r => r.Head).ThenBy(r => r.Trial))];
        return new(
            [.. heads.Tasks.Select(t => t.Counts)], trials, [.. TransferNotes.Of(plan, heads.Tasks), .. TransferNotes.Thresholds(trials)]);
    }

    /// <summary>The rows of a training pool that a plan reads the features of, ascending: only these need an encoder pass.</summary>
    /// <param name="train">The pool.</param>
    /// <param name="test">What is tested on.</param>
    /// <param name="plan">What will be run.</param>
    /// <returns>Places in the pool and among the test radiographs.</returns>
    /// <exception cref="UserErrorException">See <see cref="Run"/>.</exception>
    public static (IReadOnlyList<int> Train, IReadOnlyList<int> Test) RowsNeeded(LabelledPool train, LabelledPool test, TransferPlan plan)
    {
        plan.Validated();
        SortedSet<int> trainRows = [], testRows = [];
        foreach (var task in plan.Tasks.Select(t => TaskData.Of(train, test, t, plan)))
        {
            testRows.UnionWith(task.Test.Rows);
            int most = plan.Examples.Max(n => n ?? task.Train.Rows.Length);
            for (int trial = plan.FirstTrial; trial < plan.FirstTrial + plan.Trials; trial++)
                trainRows.UnionWith(task.Draw(plan, trial).Order.Take(most).Select(p => task.Train.Rows[p]));
        }
        return ([.. trainRows], [.. testRows]);
    }

    /// <summary>The results of each task, the trials of all side by side.</summary>
    private static IEnumerable<TrialResult>[] RunAll(HeadTrials heads, TransferPlan plan, Action finished, CancellationToken cancellation)
    {
        var results = new TrialResult[heads.Tasks.Count * plan.Trials][];
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = plan.Workers > 0 ? plan.Workers : Environment.ProcessorCount,
            CancellationToken = cancellation,
        };
        try
        {
            Parallel.For(0, results.Length, options, unit => results[unit] =
                [.. heads.Run(unit / plan.Trials, plan.FirstTrial + unit % plan.Trials, finished, cancellation)]);
        }
        catch (AggregateException e)
        {
            // One fault is enough to tell; what the other workers met meanwhile adds nothing.
            ExceptionDispatchInfo.Capture(e.InnerExceptions.FirstOrDefault(i => i is not OperationCanceledException) ?? e.InnerExceptions[0]).Throw();
        }
        return [.. results.Chunk(plan.Trials).Select(trials => trials.SelectMany(t => t))];
    }
}
