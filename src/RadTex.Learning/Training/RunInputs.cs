namespace RadTex.Learning.Training;

/// <summary>What a run learns from; a resumed run must have the same.</summary>
/// <param name="DatasetFolder">Where the dataset lies, recorded as a full path; it may move.</param>
/// <param name="DatasetHash">The dataset's hash.</param>
/// <param name="Synthetic">Whether its radiographs are drawn, not taken of patients.</param>
/// <param name="VocabularySha256">The vocabulary's hash; null where there is none.</param>
public sealed record RunInputs(string DatasetFolder, string DatasetHash, bool Synthetic, string? VocabularySha256);
