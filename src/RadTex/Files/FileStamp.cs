namespace RadTex.Files;

/// <summary>What tells that a picture file is still the one that was read: its length and time of change.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="ModifiedTicks">When it was last written, in 100 ns since the year 1, UTC.</param>
internal readonly record struct FileStamp(long Bytes, long ModifiedTicks)
{
    /// <summary>The stamp of a file; of a missing one a stamp that no file has.</summary>
    internal static FileStamp Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new FileStamp(file.Length, file.LastWriteTimeUtc.Ticks) : default;
    }
}
