namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>Which encoder a state dict is.</summary>
/// <param name="Architecture">One of <see cref="Models.Encoders.Encoders.Names"/>.</param>
/// <param name="Width">Its width.</param>
/// <param name="ImageSize">Side in pixels that its learned positions are for; null where it has none.</param>
internal sealed record ForeignNetwork(string Architecture, int Width, int? ImageSize = null);
