namespace RadTex.Learning.Reading;

/// <summary>How often one kind of map points at one finding, and how well it covers it.</summary>
/// <param name="Method">The map.</param>
/// <param name="Finding">The finding.</param>
/// <param name="Cases">Radiographs with the finding drawn and stated.</param>
/// <param name="Pointing">Pointing-game accuracy, the mean over cases.</param>
/// <param name="IntersectionOverUnion">Mean over cases.</param>
public sealed record MapScore(string Method, string Finding, int Cases, double Pointing, double IntersectionOverUnion);
