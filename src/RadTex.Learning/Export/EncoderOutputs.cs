namespace RadTex.Learning.Export;

/// <summary>What an <see cref="EncoderBody"/> adds to a graph, by name.</summary>
/// <param name="FeatureMap">The features, float [batch, F, S/R, S/R].</param>
/// <param name="Pooled">
/// One vector a radiograph, float [batch, F]; null where it is the features' mean over places, for which heads have exact maps.
/// </param>
public sealed record EncoderOutputs(string FeatureMap, string? Pooled = null);
