namespace RadTex.Learning.Export;

/// <summary>What an <see cref="EncoderBody"/> adds to a graph, by name.</summary>
/// <param name="FeatureMap">The features, float [batch, F, S/R, S/R]; null of an encoder that gives none with places.</param>
/// <param name="Pooled">
/// One vector a radiograph, float [batch, F]; null where it is the features' mean over places, for which heads have exact maps.
/// </param>
/// <param name="Operators">The versions of ONNX that its nodes are of; null for those that RadTex writes.</param>
public sealed record EncoderOutputs(string? FeatureMap, string? Pooled = null, OperatorVersions? Operators = null);
