using RadTex.Heads;

namespace RadTex.Experiments.Reproduction;

/// <summary>A cell's AUC among radiographs of one view, the mean over labels and views in each trial.</summary>
/// <param name="Cell">Which cell.</param>
/// <param name="Auc">Over the trials.</param>
public sealed record WithinViewsFigure(TableCell Cell, ScoreSummary Auc);
