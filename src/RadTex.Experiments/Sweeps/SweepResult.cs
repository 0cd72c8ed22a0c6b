using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Metrics.Intervals;
using RadTex.Phantoms;
using RadTex.Studies;

namespace RadTex.Experiments.Sweeps;

/// <summary>All that a sweep found under one protocol.</summary>
/// <param name="Protocol">What was learnt.</param>
/// <param name="Initialisations">What was compared, in order.</param>
/// <param name="Runs">Every classifier, ordered by initialisation, head, N, task and trial.</param>
/// <param name="Passes">What the frozen encoders cost.</param>
/// <param name="Synthetic">Whether labels and tests are of synthetic radiographs.</param>
/// <param name="Warnings">What a reader of the figures must know: near copies of test pictures among those learnt from, unequal numbers of
/// candidates.</param>
public sealed record SweepResult(
    Protocol Protocol, IReadOnlyList<SweepInitialisation> Initialisations, IReadOnlyList<SweepRun> Runs, IReadOnlyList<EncoderPass> Passes,
    bool Synthetic = false,
    IReadOnlyList<string>? Warnings = null)
{
    /// <summary>What a reader of the figures must know; empty for nothing.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = Warnings ?? [];

    /// <summary>The runs of a cell: an initialisation, head and N, over tasks and trials; without controls and further batches.</summary>
    public IReadOnlyList<SweepRun> Cell(string initialisation, string head, int? examples) =>
        [.. Runs.Where(r => r.IsMain && r.Control.Length == 0 && r.Initialisation == initialisation && r.Head == head && r.Examples == examples)];

    /// <summary>The head an initialisation's main line shows: the paper's way.</summary>
    public string PaperWay(string initialisation) => Initialisations.First(i => i.Name == initialisation).MainHead.Name();

    /// <summary>The same at a number of labels: without any there is no head.</summary>
    internal string PaperWay(string initialisation, int? examples) =>
        examples == 0 ? SweepInitialisation.ZeroShot : PaperWay(initialisation);

    /// <summary>
    /// A figure of a cell over the trials: in each the unweighted mean over all tasks. Undefined in one task of one trial, it is undefined, with a
    /// reason.
    /// </summary>
    public (ScoreSummary Summary, string? Reason) Mean(IReadOnlyList<SweepRun> cell, Func<TransferScores, double?> figure) =>
        Mean(cell, figure, null);

    /// <summary>The mean AUC of a cell; its interval has the test patients' error in it.</summary>
    public (ScoreSummary Summary, string? Reason) Auc(IReadOnlyList<SweepRun> cell) => Mean(cell, s => s.Auc, s => s.AucInfluence);

    private (ScoreSummary Summary, string? Reason) Mean(
        IReadOnlyList<SweepRun> cell, Func<TransferScores, double?> figure, Func<TransferScores, PatientInfluence?>? influence)
    {
        if (cell.Count == 0) return (ScoreSummary.Of([]), "not run");
        var trials = cell.GroupBy(r => r.Trial).OrderBy(g => g.Key);
        double?[] values = [.. trials.Select(
            g => g.Count() == Protocol.Tasks.Count ? g.Select(r => figure(r.Scores)).Aggregate((double?)0, (sum, v) => sum + v) / g.Count() : null)];
        var summary = ScoreSummary.Of(
            values, influence is null ? null : [.. trials.Select(g => PatientInfluence.Mean([.. g.Select(r => influence(r.Scores))]))]);
        return (summary, summary.Mean is null ? cell.FirstOrDefault(r => figure(r.Scores) is null)?.Reason ?? "not all tasks could be run" : null);
    }

    /// <summary>
    /// The mean AUC within views of a cell, as <see cref="Auc"/> is made; undefined where it is in one task, with that task's reason.
    /// </summary>
    public (ScoreSummary Summary, string? Reason) WithinViews(IReadOnlyList<SweepRun> cell)
    {
        var (summary, reason) = Mean(cell, s => s.AucWithinViews, s => s.WithinViewsInfluence);
        return cell.FirstOrDefault(r => r.Scores.WithinViewsReason is not null) is { } run
            ? (summary, $"{run.Task}: {run.Scores.WithinViewsReason}")
            : (summary, reason);
    }

    /// <summary>Numbers of labels in the order they were asked for, "all" last.</summary>
    public IReadOnlyList<int?> Sizes => [.. Runs.Select(r => r.Examples).Distinct().OrderBy(n => n ?? int.MaxValue)];
}
