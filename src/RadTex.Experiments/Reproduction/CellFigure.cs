using RadTex.Heads;

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
/// <param name="Auc">Mean and interval over trials and test patients.</param>
/// <param name="AucWithinViews">Mean and interval over trials and test patients; undefined where a label has no view with enough of both
/// classes.</param>
/// <param name="AveragePrecision">Mean and interval over trials.</param>
/// <param name="F1">Mean and interval over trials.</param>
/// <param name="OneVsRest">Grades, one against the rest: mean and t interval over trials.</param>
/// <param name="Reason">Why the AUC is "n/a".</param>
/// <param name="IsMain">Whether tables show it: no negative control, and the recipe's own batch.</param>
public sealed record CellFigure(
    string Initialisation, string Head, int Batch, string Control, int? Examples, int Count, int Trials, int Redraws, ScoreSummary Auc,
    ScoreSummary AucWithinViews,
    ScoreSummary AveragePrecision, ScoreSummary F1, ScoreSummary OneVsRest, string? Reason, bool IsMain);
