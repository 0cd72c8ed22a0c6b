namespace RadTex.Inspection;

/// <summary>Two radiographs that show one exposure (see <see cref="DuplicatePair"/>), by image id, with their splits.</summary>
/// <param name="First">Image id of the one.</param>
/// <param name="FirstSplit">Its split: train, validate or test.</param>
/// <param name="Second">Image id of the other.</param>
/// <param name="SecondSplit">Its split.</param>
/// <param name="Similarity">1 where every pixel is the same, else the correlation after alignment, to four digits.</param>
public sealed record DuplicateImages(string First, string FirstSplit, string Second, string SecondSplit, double Similarity);
