namespace RadTex.Data;

/// <summary>Where a reader saw a finding, in pixels of the prepared radiograph, from its left upper corner.</summary>
/// <param name="ImageId">The radiograph.</param>
/// <param name="Label">The finding, as the archive calls it.</param>
/// <param name="Reader">Who drew it; empty where it is not said.</param>
/// <param name="X">Its left edge.</param>
/// <param name="Y">Its upper edge.</param>
/// <param name="Width">Its extent to the right.</param>
/// <param name="Height">Its extent downwards.</param>
public sealed record PreparedBox(string ImageId, string Label, string Reader, double X, double Y, double Width, double Height);
