namespace RadTex.Files;

/// <summary>
/// Writes that are whole or absent: a temporary file beside the target, flushed to the disk, then renamed over it.
/// A process killed at any point leaves either the old file or the new one under the final name.
/// </summary>
internal static class AtomicFile
{
    /// <summary>The ending of files being written. A file that bears it after a crash is rubbish and may be deleted.</summary>
    public const string TemporarySuffix = ".partial";

    /// <summary>Writes <paramref name="path"/> through <paramref name="write"/>, which gets a stream of the temporary file.</summary>
    /// <exception cref="UserErrorException">The disk is full or the folder cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = path + TemporarySuffix;
        try
        {
            using (var stream = Begin(temporary))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            Publish(temporary, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(temporary);
            throw Explain(path, e);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    public static void WriteAllText(string path, string text) =>
        Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.Write(text);
        });

    public static void WriteAllBytes(string path, ReadOnlyMemory<byte> bytes) => Write(path, stream => stream.Write(bytes.Span));

    /// <summary>Renames a file that was written and flushed under a temporary name, and makes the rename itself last.</summary>
    public static void Publish(string temporary, string path)
    {
        File.Move(temporary, path, overwrite: true);
        Posix.FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Finds out whether a file could be written there; leaves nothing behind.</summary>
    /// <exception cref="IOException">It could not.</exception>
    internal static void Probe(string path)
    {
        var temporary = path + TemporarySuffix;
        using (Begin(temporary)) { }
        TryDelete(temporary);
    }

    /// <summary>The error a user can act on for a write that failed: a full disk is named as such.</summary>
    public static UserErrorException Explain(string path, Exception e)
    {
        return IsDiskFull(e)
            ? new UserErrorException(
                $"The disk is full: {path} could not be written. Nothing was left under that name; free some room and run the same command again.", e)
            : new UserErrorException($"Cannot write {path}: {e.Message} Choose another place or mend its permissions.", e);
    }

    /// <summary>Whether a write failed for want of room.</summary>
    public static bool IsDiskFull(Exception e) =>
        // ENOSPC is 28 and EDQUOT 122 on Linux; .NET keeps the errno in the low bits of HResult.
        e is IOException && ((e.HResult & 0xFFFF) is 28 or 122 or 0x70 || e.Message.Contains("No space left", StringComparison.Ordinal));

    // A link of the temporary's name would lead the write into another file; to a device it does no harm.
    private static FileStream Begin(string temporary)
    {
        if (new FileInfo(temporary).LinkTarget is { } target && !target.StartsWith("/dev/", StringComparison.Ordinal)) File.Delete(temporary);
        return new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16);
    }

    private static void TryDelete(string path)
    {
        try { File.Delete(path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { /* the first error is the one to tell */ }
    }
}
