namespace RadTex.Experiments.Reproduction;

/// <summary>A protocol to run.</summary>
/// <param name="Dataset">The dataset it is run on.</param>
/// <param name="Protocol">A known protocol; null for one of <paramref name="Labels"/> alone.</param>
/// <param name="Labels">Some of the protocol's labels, or labels of one's own.</param>
/// <param name="Assumed">The scatter its plan assumes; null for the statistics'.</param>
public sealed record ProtocolSettings(string Dataset, string? Protocol = null, IReadOnlyList<string>? Labels = null, AssumedScatter? Assumed = null);
