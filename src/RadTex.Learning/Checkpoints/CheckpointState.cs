namespace RadTex.Learning.Checkpoints;

/// <summary>A checkpoint's <c>state.json</c>: all that is not a tensor.</summary>
/// <param name="FormatVersion">Of the folder's form; this program writes and reads <see cref="CurrentFormatVersion"/>.</param>
/// <param name="Step">Updates done.</param>
/// <param name="ElapsedSeconds">Time spent on them.</param>
/// <param name="DatasetHash">The hash of the dataset it was trained on.</param>
/// <param name="VocabularySha256">The vocabulary's hash; null where the objective has none.</param>
/// <param name="FileSha256">The tensor files' hashes by name.</param>
internal sealed record CheckpointState(
    int FormatVersion, long Step, double ElapsedSeconds, string DatasetHash, string? VocabularySha256, IReadOnlyDictionary<string, string> FileSha256)
{
    public const int CurrentFormatVersion = 1;
}
