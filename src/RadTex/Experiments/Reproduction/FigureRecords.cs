using RadTex.Metrics;
using RadTex.Transfer;

namespace RadTex.Experiments.Reproduction;

/// <summary>One cell of a table: an initialisation, head and number of labels, over tasks and trials.</summary>
/// <param name="Initialisation">Whose.</param>
/// <param name="Head">paper, logistic or fine-tuned.</param>
/// <param name="Batch">Radiographs an update.</param>
/// <param name="Control">The negative control it belongs to; empty for none.</param>
/// <param name="Examples">Labels asked for; null for all.</param>
/// <param name="Count">The fewest labels of a task as it was.</param>
/// <param name="Trials">How many.</param>
/// <param name="Redraws">Draws thrown away.</param>
/// <param name="Auc">Mean and t interval over trials.</param>
/// <param name="AveragePrecision">Mean and t interval over trials.</param>
/// <param name="F1">Mean and t interval over trials.</param>
/// <param name="Patients">AUC: the bootstrap interval over test patients.</param>
/// <param name="Reason">Why the AUC is "n/a".</param>
public sealed record CellFigure(
    string Initialisation, string Head, int Batch, string Control, int? Examples, int Count, int Trials, int Redraws, ScoreSummary Auc, ScoreSummary AveragePrecision, ScoreSummary F1,
    BootstrapInterval? Patients, string? Reason);

/// <summary>Two initialisations at one number of labels, paired by draw.</summary>
/// <param name="First">One, with its head.</param>
/// <param name="Second">The other, with its head.</param>
/// <param name="Examples">Labels; null for all.</param>
/// <param name="Comparison">AUC of the first less the second's; null with a reason.</param>
/// <param name="HolmPValue">Corrected for all comparisons of the reproduction.</param>
/// <param name="Reason">Why there is none.</param>
public sealed record ComparisonFigure(string First, string Second, int? Examples, PairedComparison? Comparison, double? HolmPValue, string? Reason);

/// <summary>Two classifiers of one label and draw, the first trial's, by DeLong's test: test radiographs are taken as independent.</summary>
/// <param name="First">One, with its head.</param>
/// <param name="Second">The other, with its head.</param>
/// <param name="Task">The label.</param>
/// <param name="Examples">Labels; null for all.</param>
/// <param name="Comparison">AUC of the first less the second's.</param>
/// <param name="HolmPValue">Corrected for all of these.</param>
public sealed record SingleComparison(string First, string Second, string Task, int? Examples, PairedComparison Comparison, double? HolmPValue);

/// <summary>Calibration and operating point of one classifier: fitted on half of the test patients, stated on the other half.</summary>
public sealed record CalibrationFigure(
    string Task, int? Examples, double? ErrorBefore, double? ErrorTemperature, double? ErrorPlatt, double? Brier, OperatingPoint? Point, string? Refusal,
    IReadOnlyList<ReliabilityBin> Reliability);

/// <summary>A group's line: the mean over trials is not taken, the first trial's classifier is.</summary>
public sealed record SubgroupFigure(string Task, int? Examples, string Kind, SubgroupRow Row, double? HolmPValue);

/// <summary>A point of Figure 3.</summary>
/// <param name="Initialisation">Whose.</param>
/// <param name="Head">paper or logistic.</param>
/// <param name="Part">The part of the pretraining patients.</param>
/// <param name="Radiographs">Radiographs it was pretrained on, the mean over repeats.</param>
/// <param name="Updates">Updates, likewise.</param>
/// <param name="Examples">Labels.</param>
/// <param name="Auc">Mean and t interval over trials.</param>
/// <param name="Drop">Below the whole set's, paired by draw; null for the whole set.</param>
public sealed record PartFigure(string Initialisation, string Head, double Part, double Radiographs, double Updates, int Examples, ScoreSummary Auc, PairedComparison? Drop);

/// <summary>What the runs say of one of the paper's claims.</summary>
/// <param name="Claim">A, B or C with the paper's words.</param>
/// <param name="Verdict">holds, holds in part, does not hold, or cannot be said.</param>
/// <param name="Figures">The figures behind it.</param>
public sealed record ClaimVerdict(string Claim, string Verdict, IReadOnlyList<string> Figures);

/// <summary>All that is computed under one protocol.</summary>
public sealed record ProtocolFigures(
    string Protocol, bool IsGraded, IReadOnlyList<CellFigure> Cells, IReadOnlyList<ComparisonFigure> Comparisons, IReadOnlyList<SingleComparison> Singles, IReadOnlyList<CalibrationFigure> Calibration,
    IReadOnlyList<SubgroupFigure> Subgroups, IReadOnlyList<LabelForecast> Forecasts, IReadOnlyList<PartFigure> Parts)
{
    /// <summary>A main cell; null where it was not asked for.</summary>
    public CellFigure? Cell(string initialisation, string head, int? examples) =>
        Cells.FirstOrDefault(c => c.Control.Length == 0 && c.Initialisation == initialisation && c.Head == head && c.Examples == examples && c.Batch == Cells.First(o => o.Initialisation == initialisation && o.Head == head).Batch);
}
