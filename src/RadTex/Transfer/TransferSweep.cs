using System.Runtime.ExceptionServices;
using System.Text;

namespace RadTex.Transfer;

/// <summary>Frozen transfer: every task, number of examples, trial and head of a plan, from one encoder pass.</summary>
public static class TransferSweep
{
    private const ulong DrawStream = 0x44726177, FoldStream = 0x466F6C64, HeadStream = 0x48656164; // "Draw", "Fold", "Head"

    /// <summary>Trains and tests all heads.</summary>
    /// <param name="train">Features of the radiographs labels are drawn from: one centre view, or several augmented views of the same radiographs, which the paper's head takes in turn; the logistic head takes the first.</param>
    /// <param name="test">Features of the radiographs that are tested on.</param>
    /// <param name="plan">What to run.</param>
    /// <param name="journal">Keeps what is finished, so that a killed sweep goes on; null for none.</param>
    /// <param name="progress">Counts heads.</param>
    /// <param name="cancellation">Stops between heads.</param>
    /// <exception cref="UserErrorException">A label that does not exist or shows one class only, more examples than there are, or a patient in training and test.</exception>
    public static TransferResult Run(
        IReadOnlyList<RadiographFeatures> train, RadiographFeatures test, TransferPlan plan, TransferJournal? journal = null,
        IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        plan.Validated();
        if (train[0].Width != test.Width) throw new ArgumentException($"training features have width {train[0].Width}, test features {test.Width}", nameof(test));
        var works = plan.Tasks.Select(task => Prepare(train[0], test, task, plan)).ToArray();
        int total = works.Length * plan.Trials * plan.Examples.Count * plan.Heads.Count, done = 0;
        var results = new TrialResult[works.Length * plan.Trials][];
        progress?.Report(new("heads", 0, total, "heads"));
        void Finished() => progress?.Report(new("heads", Interlocked.Increment(ref done), total, "heads"));
        var options = new ParallelOptions { MaxDegreeOfParallelism = plan.Workers > 0 ? plan.Workers : Environment.ProcessorCount, CancellationToken = cancellation };
        try
        {
            Parallel.For(0, results.Length, options, unit =>
            {
                var work = works[unit / plan.Trials];
                results[unit] = [.. RunTrial(train, work, plan, unit % plan.Trials, journal, Finished, cancellation)];
            });
        }
        catch (AggregateException e)
        {
            // One fault is enough to tell; what the other workers met meanwhile adds nothing.
            ExceptionDispatchInfo.Capture(e.InnerExceptions.FirstOrDefault(i => i is not OperationCanceledException) ?? e.InnerExceptions[0]).Throw();
        }
        var places = plan.Examples.Select((n, i) => (n ?? 0, i)).ToDictionary();
        var ordered = results.SelectMany((r, unit) => r.Select(t => (Unit: unit, Trial: t)))
            .OrderBy(r => r.Unit / plan.Trials).ThenBy(r => places[r.Trial.Examples ?? 0]).ThenBy(r => r.Trial.Head).ThenBy(r => r.Trial.Trial).Select(r => r.Trial);
        return new([.. works.Select(w => w.Counts)], [.. ordered], Notes(plan, works));
    }

    private static IEnumerable<TrialResult> RunTrial(
        IReadOnlyList<RadiographFeatures> train, Work work, TransferPlan plan, int trial, TransferJournal? journal, Action finished, CancellationToken cancellation)
    {
        ulong task = Key(work.Task.Name);
        int smallest = plan.Examples.Min(n => n ?? work.Train.Rows.Length);
        var (order, redraws) = LabelDraw.Order(work.Train.Classes, smallest, new CounterRandom((ulong)plan.Seed, (ulong)trial, task, DrawStream))
            ?? throw new UserErrorException(
                $"{LabelDraw.MostRedraws:N0} draws of {smallest} labelled radiographs for '{work.Task.Name}' all showed one class: {Describe(work.Counts.Train)}. Ask for more examples.");
        foreach (int? n in plan.Examples)
        {
            int count = n ?? order.Length;
            int[] rows = [.. order.Take(count).Select(p => work.Train.Rows[p])], classes = [.. order.Take(count).Select(p => work.Train.Classes[p])];
            foreach (var kind in plan.Heads)
            {
                cancellation.ThrowIfCancellationRequested();
                var result = journal?.Find(work.Task.Name, n, trial, kind);
                if (result is null)
                {
                    double? variance = null;
                    string? note = null;
                    LinearHead head;
                    if (kind == HeadKind.Logistic)
                        (head, variance, note) = LogisticHead.Fit(train[0], rows, classes, work.Counts.Classes, new CounterRandom((ulong)plan.Seed, (ulong)trial, task, FoldStream));
                    else
                        head = PaperHead.Fit(train, rows, classes, work.Counts.Classes, plan.Recipe, (long)(CounterRandom.Hash((ulong)plan.Seed, (ulong)trial, task, HeadStream) >> 1));
                    var scores = TransferScores.Of(head.Probabilities(work.TestFeatures), work.Test.Classes, work.Counts.Classes);
                    result = new(work.Task.Name, n, trial, kind, count, Tally(classes, work.Counts.Classes), redraws, variance, note, scores, head);
                    journal?.Add(result);
                }
                finished();
                yield return result;
            }
        }
    }

    private static Work Prepare(RadiographFeatures train, RadiographFeatures test, TransferTask task, TransferPlan plan)
    {
        var trainLabels = LabelledRadiographs.Of(train, task.Label, task.Against);
        var testLabels = LabelledRadiographs.Of(test, task.TestLabel ?? task.Label, task.Against);
        int classes = Math.Max(trainLabels.ClassCount, testLabels.ClassCount);
        var counts = new TaskCounts(
            task.Name, classes, Tally(trainLabels.Classes, classes), trainLabels.Uncertain, trainLabels.Blank,
            Tally(testLabels.Classes, classes), testLabels.Uncertain, testLabels.Blank);
        if (counts.Train.Count(c => c > 0) < 2)
            throw new UserErrorException($"'{task.Name}' has labelled training radiographs of fewer than two classes: {Describe(counts.Train)}. A blank is no negative: name another label, or 'LABEL vs OTHER'.");
        if (testLabels.Rows.Length == 0) throw new UserErrorException($"'{task.Name}' has no labelled test radiographs. Name another split, dataset or label for the test.");
        if (plan.Examples.Max() is { } most && most > trainLabels.Rows.Length)
            throw new UserErrorException($"'{task.Name}' has {trainLabels.Rows.Length:N0} labelled training radiographs ({Describe(counts.Train)}), fewer than {most:N0}. Ask for fewer, or 'all'.");
        if (!plan.PatientsDiffer)
        {
            var patients = trainLabels.Rows.Select(r => train.Radiographs[r].PatientId).ToHashSet(StringComparer.Ordinal);
            int shared = testLabels.Rows.Select(r => test.Radiographs[r].PatientId).Distinct(StringComparer.Ordinal).Count(patients.Contains);
            if (shared > 0)
                throw new UserErrorException(
                    $"{shared:N0} patients of '{task.Name}' are in training and in test. Expected none: test on another split, or, where two archives number their patients independently, say so with --patients-differ.");
        }
        return new(task, trainLabels, testLabels, test.Select(testLabels.Rows), counts);
    }

    private static string[] Notes(TransferPlan plan, Work[] works)
    {
        var notes = new List<string>();
        int[] counts = [.. works.SelectMany(w => plan.Examples.Select(n => n ?? w.Train.Rows.Length))];
        int updates = plan.Recipe.Updates(2);
        if (plan.Heads.Contains(HeadKind.Paper) && counts.Any(n => n <= plan.Recipe.BatchSize))
            notes.Add(
                $"With {plan.Recipe.BatchSize} examples or fewer the paper's recipe takes just {updates} updates (one batch an epoch{(plan.Recipe.FirstUpdateMoves ? "" : ", the first at rate 0")}): its head hardly leaves its start. The logistic head is solved to convergence.");
        foreach (var work in works.Where(w => w.Counts.Test.Count(c => c > 0) < 2))
            notes.Add($"The test radiographs of '{work.Task.Name}' show one class only: AUC is undefined (n/a).");
        return [.. notes];
    }

    private static int[] Tally(IEnumerable<int> classes, int classCount)
    {
        var counts = new int[classCount];
        foreach (int c in classes) counts[c]++;
        return counts;
    }

    private static string Describe(IReadOnlyList<int> counts) =>
        counts.Count == 2 ? $"{counts[1]:N0} positive, {counts[0]:N0} negative" : string.Join(", ", counts.Select((n, c) => $"{n:N0} of grade {c}"));

    /// <summary>A task's own random stream, the same on every machine and in every sweep it is part of (FNV-1a of its name).</summary>
    private static ulong Key(string name)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in Encoding.UTF8.GetBytes(name)) hash = (hash ^ b) * 1099511628211;
        return hash;
    }

    private sealed record Work(TransferTask Task, LabelledRadiographs Train, LabelledRadiographs Test, RadiographFeatures TestFeatures, TaskCounts Counts);
}
