namespace RadTex.Learning.Export;

/// <summary>How much quantisation changes what one head says of a dataset's test radiographs.</summary>
/// <param name="Label">The head's task.</param>
/// <param name="Count">Labelled test radiographs, of which the AUC is.</param>
/// <param name="Before">AUC in float32; null where undefined or the head has more than two classes.</param>
/// <param name="After">AUC in int8.</param>
/// <param name="Compared">Test radiographs whose probabilities were compared, labelled or not.</param>
/// <param name="LargestShift">The largest change of a probability.</param>
/// <param name="Percentile95Shift">The change that 95% of the probabilities stay within.</param>
/// <param name="Threshold">From which probability a radiograph is called positive: the head's, else 0.5.</param>
/// <param name="CrossedShare">Part of the radiographs that came to lie on the threshold's other side; null where the head has more than two
/// classes.</param>
public sealed record QuantisedAuc(
    string Label, int Count, double? Before, double? After, int Compared, double LargestShift, double Percentile95Shift, double Threshold,
    double? CrossedShare);
