using RadTex.Files;

namespace RadTex.Service.Spool;

/// <summary>The files of the spool. Every name is made here of numbers and hashes: nothing that was received names a file.</summary>
internal sealed class SpoolFolder
{
    private const string Incoming = "incoming", Sources = "sources", Answers = "answers";

    internal SpoolFolder(string path)
    {
        Path = path;
        try
        {
            foreach (var folder in (string[])[Incoming, Sources, Answers])
                Directory.CreateDirectory(System.IO.Path.Combine(path, folder));
            // Radiographs are nobody else's.
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw AtomicFile.Explain(path, e); }
    }

    internal string Path { get; }

    /// <summary>The queue's file; the key of its audit's chain lies beside it.</summary>
    internal string Database => System.IO.Path.Combine(Path, "queue.sqlite");

    /// <summary>What stands for the queue where that is in PostgreSQL: there is no such file, but a key beside it.</summary>
    internal string SharedRecord => System.IO.Path.Combine(Path, "queue.postgres");

    /// <summary>Holds the folder to one queue: by another one's rows its files would be nobody's, and be swept.</summary>
    /// <exception cref="UserErrorException">It belongs to a queue of the other kind.</exception>
    internal void RequireOf(bool isShared)
    {
        if (isShared && File.Exists(Database))
            throw new UserErrorException($"{Path} is the spool of a queue in SQLite. Expected another folder for a queue in PostgreSQL.");
        if (!isShared && File.Exists(ChainKey.PathOf(SharedRecord)))
            throw new UserErrorException($"{Path} is the spool of a queue in PostgreSQL. Expected its settings (postgres), or another folder.");
    }

    /// <summary>A file for what arrives; it is no one's until it is kept.</summary>
    internal string NewIncoming() => System.IO.Path.Combine(Path, Incoming, Guid.NewGuid().ToString("N"));

    /// <summary>The name that a received file is kept under.</summary>
    internal static string SourceName(string identitySha256, string content) => $"{Sources}/{identitySha256[..32]}-{content[..32]}";

    internal static string AnswerName(long instance, string uid) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Answers}/{instance / 1000:000000}/{instance}-{uid}.dcm");

    internal string Whole(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Moves a flushed incoming file to its name, and makes the move last.</summary>
    internal void Keep(string incoming, string name) => AtomicFile.Publish(incoming, Whole(name));

    internal void Remove(string name) => File.Delete(Whole(name));

    /// <summary>Removes what was made of an instance.</summary>
    internal void RemoveAnswers(long instance)
    {
        var name = AnswerName(instance, "*");
        var folder = Whole(System.IO.Path.GetDirectoryName(name)!);
        if (!Directory.Exists(folder)) return;
        foreach (var file in Directory.EnumerateFiles(folder, System.IO.Path.GetFileName(name))) File.Delete(file);
    }

    /// <summary>Removes what a killed process left: files that no row names.</summary>
    internal void Sweep(Func<string, bool> isKnown)
    {
        foreach (var file in Directory.EnumerateFiles(System.IO.Path.Combine(Path, Incoming))) File.Delete(file);
        foreach (var file in Directory.EnumerateFiles(System.IO.Path.Combine(Path, Sources)))
            if (!isKnown($"{Sources}/{System.IO.Path.GetFileName(file)}")) File.Delete(file);
    }

    /// <summary>Room on the disk, in bytes.</summary>
    internal long FreeBytes => new DriveInfo(Path).AvailableFreeSpace;
}
