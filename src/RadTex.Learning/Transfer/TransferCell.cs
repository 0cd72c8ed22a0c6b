using RadTex.Heads;

namespace RadTex.Learning.Transfer;

/// <summary>One task (or the mean over all of them), number of examples and head, over the trials.</summary>
/// <param name="Task">The task's name; <see cref="TransferResult.MeanOverTasks"/> for the unweighted mean.</param>
/// <param name="Examples">N as asked for; null for all.</param>
/// <param name="Count">N as it was; the smallest where tasks differ.</param>
/// <param name="Head">How heads were trained.</param>
/// <param name="Redraws">Draws thrown away, over all trials.</param>
/// <param name="Auc">See <see cref="TransferScores"/>.</param>
/// <param name="AveragePrecision">See <see cref="TransferScores"/>.</param>
/// <param name="F1">See <see cref="TransferScores"/>.</param>
/// <param name="Accuracy">See <see cref="TransferScores"/>.</param>
/// <param name="AucWithinViews">See <see cref="TransferScores"/>.</param>
/// <param name="WithinViewsReason">Why there is no AUC within views; null where there is one.</param>
public sealed record TransferCell(
    string Task, int? Examples, int Count, HeadKind Head, int Redraws, ScoreSummary Auc, ScoreSummary AveragePrecision, ScoreSummary F1,
    ScoreSummary Accuracy,
    ScoreSummary AucWithinViews, string? WithinViewsReason = null);
