using RadTex.Heads;
using RadTex.Metrics.Intervals;

namespace RadTex.Experiments.Reproduction;

/// <summary>A point of Figure 3.</summary>
/// <param name="Initialisation">Whose.</param>
/// <param name="Head">paper or logistic.</param>
/// <param name="Part">The part of the pretraining patients.</param>
/// <param name="Radiographs">Radiographs it was pretrained on, the mean over repeats.</param>
/// <param name="Updates">Updates, likewise.</param>
/// <param name="Examples">Labels.</param>
/// <param name="Auc">Mean and interval over trials and test patients.</param>
/// <param name="Drop">Below the whole set's, paired by draw; null for the whole set.</param>
/// <param name="Series">equal epochs or equal updates: how a part was trained; the whole set belongs to both.</param>
public sealed record PartFigure(string Initialisation, string Head, double Part, double Radiographs, double Updates, int Examples, ScoreSummary Auc,
    PairedComparison? Drop,
    string Series = "equal epochs");
