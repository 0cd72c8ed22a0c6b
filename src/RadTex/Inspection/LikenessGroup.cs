namespace RadTex.Inspection;

/// <summary>The radiographs of one view and polarity, with those least like the rest.</summary>
/// <param name="View">As the dataset has it; empty where it is not known.</param>
/// <param name="IsInverted">Whether they seem to be negatives: bone dark.</param>
/// <param name="Count">How many there are.</param>
/// <param name="MostUnlike">The strangest first.</param>
public sealed record LikenessGroup(string View, bool IsInverted, int Count, IReadOnlyList<UnlikeImage> MostUnlike);
