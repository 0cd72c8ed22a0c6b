using RadTex.Heads;
using RadTex.Metrics.Intervals;

namespace RadTex.Learning.Transfer;

/// <summary>All that a sweep found.</summary>
/// <param name="Tasks">What each task found in the data.</param>
/// <param name="Trials">Every head, in the order task, N, head, trial.</param>
/// <param name="Notes">What a reader of the figures must know.</param>
/// <param name="Choices">What validation data chose, for each task and N; null where nothing was chosen.</param>
/// <param name="ViewOnly">What the view alone reaches on the same draws; null where it was not asked for, empty where there is one view.</param>
/// <param name="Identity">When fine-tuning, what the figures depend on; its encoder is the first trial's.</param>
public sealed record TransferResult(
    IReadOnlyList<TaskCounts> Tasks, IReadOnlyList<TrialResult> Trials, IReadOnlyList<string> Notes, IReadOnlyList<RecipeChoice>? Choices = null,
    TransferIdentity? Identity = null, IReadOnlyList<TransferCell>? ViewOnly = null)
{
    /// <summary>The task name of the unweighted mean over all tasks.</summary>
    public const string MeanOverTasks = "(mean)";

    /// <summary>
    /// Means and intervals over the trials, in the order of the trials; with several tasks their mean comes last: per trial over the tasks, then over
    /// trials.
    /// </summary>
    public IReadOnlyList<TransferCell> Cells()
    {
        var cells = Trials.GroupBy(t => (t.Task, t.Examples, t.Head)).Select(g => Cell(g.Key.Task, [.. g], t => [t])).ToList();
        if (Tasks.Count > 1)
            cells.AddRange(
                Trials.GroupBy(t => (t.Examples, t.Head))
                    .Select(g => Cell(MeanOverTasks, [.. g.Where(t => t.Task == Tasks[0].Task)], t => [.. g.Where(o => o.Trial == t.Trial)])));
        return cells;
    }

    /// <summary>The same with what the view alone reaches.</summary>
    internal TransferResult WithViewOnly((IReadOnlyList<TransferCell> Cells, string? Missing) viewOnly) => this with
    {
        ViewOnly = viewOnly.Cells,
        Notes = viewOnly.Missing is { } missing ? [.. Notes, $"What the view alone tells is n/a: {missing}."] : Notes,
    };

    /// <summary>For each task and N how far fine-tuning took the encoder; empty for heads on a frozen one.</summary>
    public IReadOnlyList<MovedSummary> Moved() =>
        [.. Trials.GroupBy(t => (t.Task, t.Examples))
            .Select(g => MovedSummary.Of(g.Key.Task, g.Key.Examples, [.. g.Select(t => t.FineTuned?.Moved).OfType<MovedWeights>()]))
            .OfType<MovedSummary>()];

    /// <summary>The cell of a task (or <see cref="MeanOverTasks"/>), N and head.</summary>
    public TransferCell Cell(string task, int? examples, HeadKind head) =>
        Cells().First(c => c.Task == task && c.Examples == examples && c.Head == head);

    private static TransferCell Cell(string task, TrialResult[] trials, Func<TrialResult, TrialResult[]> members)
    {
        // The mean over tasks within a trial, then over trials; an AUC's interval has the test patients' error in it.
        ScoreSummary Over(Func<TransferScores, double?> figure, Func<TransferScores, PatientInfluence?>? influence = null) => ScoreSummary.Of(
            [.. trials.Select(t => members(t).Select(m => figure(m.Scores)).Aggregate((double?)0, (sum, v) => sum + v) / members(t).Length)],
            influence is null ? null : [.. trials.Select(t => PatientInfluence.Mean([.. members(t).Select(m => influence(m.Scores))]))]);
        var all = trials.SelectMany(members).ToArray();
        var first = trials[0];
        return new(
            task, first.Examples, all.Min(t => t.Count), first.Head, all.Sum(t => t.Redraws),
            Over(s => s.Auc, s => s.AucInfluence), Over(s => s.AveragePrecision), Over(s => s.F1), Over(s => s.Accuracy),
            Over(s => s.AucWithinViews, s => s.WithinViewsInfluence),
            all.FirstOrDefault(t => t.Scores.WithinViewsReason is not null) is { } lacking
                ? $"{lacking.Task}: {lacking.Scores.WithinViewsReason}"
                : null);
    }
}
