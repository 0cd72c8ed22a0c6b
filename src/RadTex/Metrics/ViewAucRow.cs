namespace RadTex.Metrics;

/// <summary>The examples of one view, and how well they are ranked among themselves.</summary>
/// <param name="View">Upper case; "unknown" where it is not stated.</param>
/// <param name="Positives">Of a label of grades: at the cut that has the fewest on either side, those above it.</param>
/// <param name="Negatives">The rest of the view.</param>
/// <param name="Auc">Null below <see cref="ViewAuc.FewestOfAClass"/> of either.</param>
public sealed record ViewAucRow(string View, int Positives, int Negatives, double? Auc);
