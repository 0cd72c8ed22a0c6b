namespace RadTex.Files;

/// <summary>
/// A claim on a folder, held while it is worked in. .NET locks the file with flock, so that a killed process leaves no claim behind.
/// The file itself stays: to delete it would let two processes hold two files of one name.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    /// <summary>Of a folder's one writer; of a job in a shared folder; of a preparation.</summary>
    internal const string FolderName = ".lock", JobName = "job.lock", PreparationName = "lock";

    private readonly FileStream stream;

    private FolderLock(FileStream stream) => this.stream = stream;

    /// <summary>The claim on a folder that is there.</summary>
    /// <exception cref="UserErrorException">Another process holds it, or the folder cannot be written.</exception>
    internal static FolderLock Take(string folder, string name = FolderName) =>
        TryTake(folder, name) ?? throw new UserErrorException($"Another process works in {folder}. Wait for it to end, or choose another folder.");

    /// <summary>The claim, or null where another process holds it.</summary>
    /// <exception cref="UserErrorException">The folder cannot be written.</exception>
    internal static FolderLock? TryTake(string folder, string name = FolderName)
    {
        try { return new(new FileStream(Path.Combine(folder, name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)); }
        catch (Exception e) when (e is UnauthorizedAccessException || (e is IOException && !IsHeld(e))) { throw AtomicFile.Explain(folder, e); }
        catch (IOException) { return null; }
    }

    /// <summary>Whether the lock's file is still where it was put.</summary>
    internal bool IsThere => File.Exists(stream.Name);

    public void Dispose() => stream.Dispose();

    // .NET tells EWOULDBLOCK of flock (11) as a plain IOException; a full or read-only disk, a vanished folder and too many files have numbers of
    // their own.
    private static bool IsHeld(Exception e) => e.GetType() == typeof(IOException) && (e.HResult & 0xFFFF) is 11 or 35 or 0x20 or 0x21;
}
