using RadTex.Metrics;
using RadTex.Transfer;

namespace RadTex.Experiments.Reproduction;

/// <summary>
/// Runs cut up by the view of the test radiographs: each label and view a task of its own, so that what is averaged over tasks is the AUC among
/// radiographs of one view. A label's view with too few test radiographs of a class (<see cref="ViewAuc"/>) is left out, of all runs alike.
/// </summary>
internal sealed class ViewRuns
{
    private readonly Dictionary<SweepRun, SweepRun[]> made = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<SweepTest, (string View, int[] Rows)[]> cuts = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether a test has radiographs of several views.</summary>
    internal static bool Differ(SweepTest test) => test.Radiographs.Select(r => ViewAuc.Name(r.View)).Distinct().Skip(1).Any();

    /// <summary>The runs by view; a run that was not tested stays as it is.</summary>
    internal IReadOnlyList<SweepRun> Of(IReadOnlyList<SweepRun> runs) => [.. runs.SelectMany(Of)];

    /// <summary>The mean over labels and views in each trial.</summary>
    internal ScoreSummary Summary(IReadOnlyList<SweepRun> runs) =>
        ScoreSummary.Of([.. Of(runs).GroupBy(r => r.Trial).OrderBy(g => g.Key).Select(g => g.Select(Auc).Aggregate((double?)0, (sum, v) => sum + v) / g.Count())]);

    private static double? Auc(SweepRun run) => run.Probabilities is null || run.Test is not { ClassCount: 2 } test ? null : Roc.Auc(run.Probabilities, [.. test.Classes.Select(c => c == 1)]);

    private SweepRun[] Of(SweepRun run)
    {
        if (run.Test is not { ClassCount: 2 } test || run.Probabilities is null) return [run];
        if (made.TryGetValue(run, out var parts)) return parts;
        return made[run] =
        [
            .. Cuts(test).Select(cut => run with
            {
                Task = $"{run.Task}, {cut.View}",
                Test = new([.. cut.Rows.Select(r => test.Radiographs[r])], [.. cut.Rows.Select(r => test.Classes[r])], 2),
                Probabilities = [.. cut.Rows.Select(r => run.Probabilities[r])],
            }),
        ];
    }

    private (string View, int[] Rows)[] Cuts(SweepTest test)
    {
        if (cuts.TryGetValue(test, out var known)) return known;
        return cuts[test] =
        [
            .. ViewAuc.Counted([.. test.Classes.Select(c => c == 1)], [.. test.Radiographs.Select(r => r.View)]).Select(rows => (ViewAuc.Name(test.Radiographs[rows[0]].View), rows)),
        ];
    }
}
