namespace RadTex.Experiments.Reproduction;

/// <summary>A cell of Table 1.</summary>
/// <param name="Examples">Labels; null for 100%.</param>
/// <param name="Auc">Area under the ROC curve.</param>
/// <param name="AveragePrecision">Area under the precision-recall curve.</param>
public sealed record PaperFigure(int? Examples, double Auc, double AveragePrecision);
