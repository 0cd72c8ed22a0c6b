namespace RadTex.Onnx;

/// <summary>How much quantisation changes one head's ranking of a dataset's test radiographs.</summary>
/// <param name="Label">The head's task.</param>
/// <param name="Count">Labelled test radiographs.</param>
/// <param name="Before">AUC in float32; null where undefined or the head has more than two classes.</param>
/// <param name="After">AUC in int8.</param>
public sealed record QuantisedAuc(string Label, int Count, double? Before, double? After);
