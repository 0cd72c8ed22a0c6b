using RadTex.Heads;

namespace RadTex.Learning.Transfer;

/// <summary>The heads of a frozen transfer. Those that the journal holds are not trained again.</summary>
internal sealed class HeadTrials
{
    private const ulong HeadStream = 0x48656164; // "Head"

    private readonly RadiographFeatures train;
    private readonly TransferPlan plan;
    private readonly TransferJournal? journal;
    private readonly RadiographFeatures[] tested; // a task each
    private readonly Dictionary<(string Task, int? Examples, int Trial), LinearHead> paperHeads = [];

    /// <exception cref="UserErrorException">See <see cref="TaskData.Of"/>.</exception>
    internal HeadTrials(RadiographFeatures train, RadiographFeatures test, TransferPlan plan, TransferJournal? journal)
    {
        (this.train, this.plan, this.journal) = (train, plan, journal);
        Tasks = [.. plan.Tasks.Select(task => TaskData.Of(train.Pool, test.Pool, task, plan))];
        tested = [.. Tasks.Select(task => test.Select(task.Test.Rows))];
    }

    /// <summary>The plan's tasks with their radiographs.</summary>
    internal IReadOnlyList<TaskData> Tasks { get; }

    /// <summary>All heads of the plan.</summary>
    internal int Count => Tasks.Count * plan.Trials * plan.Examples.Count * plan.Heads.Count;

    /// <summary>
    /// Trains the paper's heads, all that take the same number of updates as one batched problem: tasks, trials and sizes side by side in one tensor.
    /// </summary>
    /// <param name="views">Features of the training radiographs that heads take in turn, one an epoch.</param>
    /// <param name="cancellation">Stops between updates.</param>
    internal void FitPaperHeads(IReadOnlyList<RadiographFeatures> views, CancellationToken cancellation)
    {
        var draws = from task in Tasks
                    from trial in Enumerable.Range(plan.FirstTrial, plan.Trials)
                    from draw in DrawsOf(task, trial)
                    select draw;
        var alike = draws.GroupBy(d => (d.Task.Counts.Classes, plan.Recipe.Updates(d.Rows.Length)));
        foreach (var part in alike.SelectMany(draws => draws.Chunk(PaperHead.MostHeads(views[0].Width, plan.Recipe))))
        {
            // A batch goes whole or not at all: with fewer beside it a head could differ by a rounding from the run that was interrupted.
            if (part.All(d => Find(d, HeadKind.Paper) is not null)) continue;
            foreach (var (draw, head) in part.Zip(PaperHead.Fit(views, [.. part.Select(PaperJob)], plan.Recipe, cancellation)))
                paperHeads[draw.Key] = head;
        }
    }

    /// <summary>Trains and tests the heads of one trial of a task.</summary>
    /// <param name="task">The task's place in the plan.</param>
    /// <param name="trial">Which.</param>
    /// <param name="finished">Called after each.</param>
    /// <param name="cancellation">Stops between heads.</param>
    internal IEnumerable<TrialResult> Run(int task, int trial, Action finished, CancellationToken cancellation)
    {
        foreach (var draw in DrawsOf(Tasks[task], trial))
            foreach (var kind in plan.Heads)
            {
                cancellation.ThrowIfCancellationRequested();
                TransferScores Scores(LinearHead head) => draw.Task.Scores(head.Probabilities(tested[task]));
                TrialResult result;
                if (Find(draw, kind) is { Weights: { } head } before)
                    // From the head, not from the journal: one of an earlier version lacks figures, and would hold them as undefined.
                    result = before with { Scores = Scores(head) };
                else
                {
                    result = Train(draw, kind, Scores);
                    journal?.Add(result);
                }
                finished();
                yield return result;
            }
    }

    private TrialResult Train(Draw draw, HeadKind kind, Func<LinearHead, TransferScores> scores)
    {
        double? variance = null;
        string? note = null;
        LinearHead head;
        HeadThreshold? threshold = null;
        if (kind == HeadKind.Logistic)
        {
            var fitted = LogisticHead.Fit(
                train, draw.Rows, draw.Classes, draw.Task.Counts.Classes, draw.Task.FoldOrder(plan, draw.Trial));
            (head, variance, note) = (fitted.Head, fitted.Variance, fitted.Note);
            if (fitted.HeldOutLogits is { } heldOut && draw.Task.Counts.Classes == 2)
                threshold = HeadThreshold.Choose(heldOut, [.. draw.Classes.Select(c => c == 1)], plan.Sensitivity);
        }
        else head = paperHeads[draw.Key];
        var counts = TaskData.Tally(draw.Classes, draw.Task.Counts.Classes);
        return new(
            draw.Task.Task.Name, draw.Examples, draw.Trial, kind, draw.Rows.Length, counts, draw.Redraws, variance, note, scores(head), head, null,
            threshold);
    }

    private TrialResult? Find(Draw draw, HeadKind kind) => journal?.Find(draw.Task.Task.Name, draw.Examples, draw.Trial, kind);

    private PaperHead.Job PaperJob(Draw draw) => new(
        draw.Rows, draw.Classes, draw.Task.Counts.Classes,
        (long)(CounterRandom.Hash((ulong)plan.Seed, (ulong)draw.Trial, draw.Task.Key, HeadStream) >> 1));

    /// <summary>A trial's draws, one a number of examples, the smaller ones within the larger.</summary>
    private IEnumerable<Draw> DrawsOf(TaskData task, int trial)
    {
        var (order, redraws) = task.Draw(plan, trial);
        foreach (int? n in plan.Examples)
        {
            int[] chosen = [.. order.Take(n ?? order.Length)];
            yield return new(
                task, n, trial, [.. chosen.Select(p => task.Train.Rows[p])], [.. chosen.Select(p => task.Train.Classes[p])], redraws);
        }
    }

    /// <summary>Labelled radiographs that heads are trained on.</summary>
    /// <param name="Task">Their task.</param>
    /// <param name="Examples">N as asked for; null for all.</param>
    /// <param name="Trial">Whose draw.</param>
    /// <param name="Rows">Their places among the training features.</param>
    /// <param name="Classes">Their classes.</param>
    /// <param name="Redraws">Draws thrown away before.</param>
    private sealed record Draw(TaskData Task, int? Examples, int Trial, int[] Rows, int[] Classes, int Redraws)
    {
        internal (string Task, int? Examples, int Trial) Key => (Task.Task.Name, Examples, Trial);
    }
}
