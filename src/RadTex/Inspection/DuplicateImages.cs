namespace RadTex.Inspection;

/// <summary>Two radiographs that show one exposure (see <see cref="DuplicatePair"/>), by image id, with their splits.</summary>
public sealed record DuplicateImages(string First, string FirstSplit, string Second, string SecondSplit, double Similarity);
