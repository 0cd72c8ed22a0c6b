namespace RadTex.Experiments.Reproduction;

/// <summary>A comparison that a claim rests on, fixed before anything is run.</summary>
/// <param name="First">The cell whose figure comes first.</param>
/// <param name="Second">The cell whose figure is taken from it; null for the best row at all labels, which only the runs tell.</param>
/// <param name="Figure">AUC stands for the AUC within views where the test radiographs' views differ.</param>
/// <param name="Against">What the difference is held against: 0, the paper's loss, or the margin of equivalence.</param>
/// <param name="Trials">Independent trials that both have.</param>
/// <param name="Note">What else tells it apart, such as the series of Figure 3.</param>
public sealed record PlannedComparison(TableCell First, TableCell? Second, ComparedFigure Figure, double Against, int Trials, string Note = "");
