using RadTex.Experiments.Sweeps;

namespace RadTex.Experiments.Reproduction;

/// <summary>All that is computed under one protocol.</summary>
/// <param name="Protocol">Its name.</param>
/// <param name="IsGraded">Whether its labels are grades rather than present or absent.</param>
/// <param name="Cells">Every initialisation, head and number of labels.</param>
/// <param name="Comparisons">The leading initialisation against each other one, described.</param>
/// <param name="Singles">Single classifiers against each other, label by label.</param>
/// <param name="Calibration">Of the leading initialisation's first classifiers.</param>
/// <param name="Subgroups">Of the same classifiers, by view, sex and age as far as these are known.</param>
/// <param name="Forecasts">What more labels are likely to bring.</param>
/// <param name="Parts">Of encoders that learnt from a part of the pretraining patients.</param>
public sealed record ProtocolFigures(
    string Protocol, bool IsGraded, IReadOnlyList<CellFigure> Cells, IReadOnlyList<ComparisonFigure> Comparisons,
    IReadOnlyList<SingleComparison> Singles, IReadOnlyList<CalibrationFigure> Calibration,
    IReadOnlyList<SubgroupFigure> Subgroups, IReadOnlyList<LabelForecast> Forecasts, IReadOnlyList<PartFigure> Parts)
{
    /// <summary>The AUC within views of main cells; empty where all test radiographs are of one view.</summary>
    public IReadOnlyList<WithinViewsFigure> WithinViews { get; init; } = [];

    /// <summary>How long the pretrainings trained whose seconds an update the configuration states.</summary>
    public IReadOnlyList<PretrainingFigure> Pretrainings { get; init; } = [];

    /// <summary>Why comparisons are of the AUC over all views although views differ; null where there is nothing to say.</summary>
    public string? ViewsNote { get; init; }

    /// <summary>A main cell; null where it was not asked for.</summary>
    public CellFigure? Cell(string initialisation, string head, int? examples) =>
        Cells.FirstOrDefault(c => c.IsMain && c.Initialisation == initialisation && c.Head == head && c.Examples == examples);
}
