using RadTex.Experiments.Sweeps;
using RadTex.Heads;
using RadTex.Metrics;
using RadTex.Metrics.Intervals;

namespace RadTex.Experiments.Reproduction;

/// <summary>Compares what a family planned, by the runs of a sweep, and corrects its p-values within the family.</summary>
internal sealed class ClaimEvaluation(ReproductionConfiguration configuration, SweepResult sweep, SweepBootstrap bootstrap,
    CancellationToken cancellation)
{
    private readonly ClaimRow[] rows = [.. ClaimRow.Of(configuration, sweep.Protocol.Name)];

    /// <summary>
    /// Whether the test radiographs are of several views, and each label has an AUC within them: conclusions are then drawn among radiographs of one
    /// view.
    /// </summary>
    internal bool ViewsDiffer => Views(sweep) && WithoutViews(sweep) is null;

    /// <summary>Why conclusions are on the AUC over all views although views differ; null where they are not, or where they do not.</summary>
    internal string? ViewsNote => Views(sweep) && WithoutViews(sweep) is { } run
        ? $"The test radiographs are of several views, but {run.Task} has no AUC within them: "
        + $"{run.Scores.WithinViewsReason}. Comparisons are of the AUC over all views, "
            + "which a view alone can raise."
        : null;

    internal IReadOnlyList<ClaimComparison> Of(ClaimFamily family)
    {
        ClaimComparison[] all = [.. family.Comparisons.Select(Of)];
        bool equivalence = family.Claim == "D";
        var pValues = all.Select(c => c.Reason is null ? PValue(c, equivalence) : null).ToArray();
        // All pairs must be alike for claim D to hold: such a conjunction needs no correction.
        var corrected = !configuration.Statistics.Makes(family.Claim) ? new double?[all.Length] : equivalence ? pValues
            : MultipleComparisons.Holm(pValues);
        return [.. all.Select((c, i) => c with { PValue = pValues[i], HolmPValue = corrected[i] })];
    }

    private ClaimComparison Of(PlannedComparison planned)
    {
        var figure = planned.Figure == ComparedFigure.Auc && ViewsDiffer ? ComparedFigure.AucWithinViews : planned.Figure;
        var second = planned.Second ?? Best(figure);
        var none = new ClaimComparison(planned.First, second, figure, planned.Against, planned.Note, null, null, null, null,
            "no model was run at all labels");
        if (second is null) return none;
        var (comparison, reason) = Compare(planned.First, second, figure);
        if (comparison is not { } found) return none with { Reason = reason ?? "not run" };
        var pooled = figure == ComparedFigure.AucWithinViews ? Compare(planned.First, second, ComparedFigure.Auc).Comparison : null;
        return none with { Comparison = found, Pooled = pooled, Reason = Weakness(found, planned, second, figure) };
    }

    /// <summary>Why a comparison carries no claim; null where it does.</summary>
    private string? Weakness(PairedComparison found, PlannedComparison planned, TableCell second, ComparedFigure figure)
    {
        int trials = Math.Min(found.Trials, planned.Trials);
        if (trials < TrialMean.FewestTrialsForClaim) return $"{trials} independent trials, fewer than {TrialMean.FewestTrialsForClaim}";
        return planned is { Against: < 0 } && second.Examples is null ? NotAboveChance(second, figure) : null;
    }

    /// <summary>A figure at all labels that is not above chance has nothing to lose.</summary>
    private string? NotAboveChance(TableCell cell, ComparedFigure figure)
    {
        var (runs, over) = (Runs(cell), Mean(cell, figure));
        double chance = figure == ComparedFigure.AveragePrecision ? Prevalence(runs) : 0.5;
        double? lower = bootstrap.Mean(runs, FigureOf(figure), cancellation).Interval?.Lower;
        return lower > chance ? null : FormattableString.Invariant($"{cell} is not above chance: {over}, chance {chance:F3}");
    }

    private TableCell? Best(ComparedFigure figure)
    {
        var cells = rows.Where(ClaimFamilies.IsCandidate).SelectMany(r => r.Heads.Select(h => new TableCell(r.Name, h, null)));
        return cells.Select(c => (Cell: c, Mean(c, figure).Mean)).Where(c => c.Mean is not null).MaxBy(c => c.Mean).Cell;
    }

    /// <summary>Two cells over their common trials.</summary>
    internal (PairedComparison? Comparison, string? Reason) Compare(TableCell first, TableCell second, ComparedFigure figure) =>
        bootstrap.Compare(Runs(first), Runs(second), FigureOf(figure), cancellation);

    /// <summary>A cell's figure over the trials.</summary>
    internal ScoreSummary Mean(TableCell cell, ComparedFigure figure) => figure switch
    {
        ComparedFigure.AucWithinViews => sweep.WithinViews(Runs(cell)).Summary,
        ComparedFigure.AveragePrecision => sweep.Mean(Runs(cell), s => s.AveragePrecision).Summary,
        _ => sweep.Auc(Runs(cell)).Summary,
    };

    private IReadOnlyList<SweepRun> Runs(TableCell cell) => sweep.Cell(cell.Initialisation, cell.Head, cell.Examples);

    private static double? PValue(ClaimComparison c, bool equivalence)
    {
        if (c.Comparison is not { TrialDeviation: { } trials, PatientDeviation: { } patients } found) return null;
        double P(double difference) => TrialMean.PValue(difference, trials, found.Trials, patients * patients);
        double estimate = found.Difference.Estimate;
        if (!equivalence) return P(estimate - c.Against);
        // Two one-sided tests: the larger p, of the nearer end of the margin.
        double room = c.Against - Math.Abs(estimate);
        return room > 0 ? P(room) / 2 : 1 - P(room) / 2;
    }

    private static bool Views(SweepResult sweep) =>
        Tested(sweep).Any(r => r.Test!.Radiographs.Select(x => ViewAuc.Name(x.View)).Distinct().Skip(1).Any());

    private static SweepRun? WithoutViews(SweepResult sweep) => Tested(sweep).FirstOrDefault(r => r.Scores.AucWithinViews is null);

    /// <summary>A run of each label and test set: whether views differ depends on the test alone.</summary>
    private static IEnumerable<SweepRun> Tested(SweepResult sweep) =>
        sweep.Runs.Where(r => r.Control.Length == 0 && r.Probabilities is not null && r.Test is not null).DistinctBy(r => (r.Task, r.Trial));

    private static SweepBootstrap.Figure FigureOf(ComparedFigure figure) => figure switch
    {
        ComparedFigure.AucWithinViews => SweepBootstrap.Figure.AucWithinViews,
        ComparedFigure.AveragePrecision => SweepBootstrap.Figure.AveragePrecision,
        _ => SweepBootstrap.Figure.Auc,
    };

    private static double Prevalence(IReadOnlyList<SweepRun> runs) =>
        runs.Where(r => r.Test is not null).DistinctBy(r => r.Task).Select(r =>
            r.Test!.Classes.Average(c => c == 1 ? 1.0 : 0)).DefaultIfEmpty(0.5).Average();
}
