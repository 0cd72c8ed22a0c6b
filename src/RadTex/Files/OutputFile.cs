namespace RadTex.Files;

/// <summary>The rule for a file that a command writes (docs/outputs.md), checked before any work.</summary>
internal static class OutputFile
{
    /// <summary>
    /// Requires that a file may be written: its name is free, or it is a plain file that is to be replaced; it lies in no dataset, run or archive
    /// and is no link. Makes the folder it lies in, and finds out whether that can be written.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="force">Whether a file that is there is replaced.</param>
    /// <exception cref="UserErrorException">It may not, or cannot, be written.</exception>
    public static void Require(string path, bool force)
    {
        RequirePath(path);
        if (Directory.Exists(path)) throw new UserErrorException($"{path} is a folder. Expected the name of a file.");
        RequireFolder(path);
        if (File.Exists(path) && RegularFile.Fault(path) is { } fault)
            throw new UserErrorException($"{path} is no file that can be replaced: {fault}. Expected a new name or a plain file.");
        if (File.Exists(path) && !force)
            throw new UserErrorException($"{path} is there already and was left as it is. Choose another name, or replace it.") { Setting = "force" };
        RequireWritable(path);
    }

    /// <summary>What holds for files and folders: a name, no link at its end, nothing closed above it.</summary>
    internal static void RequirePath(string path)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
            throw new UserErrorException("An output's name is empty. Expected the name of a file or folder to write.");
        if (LinkAt(path) is { } target)
            throw new UserErrorException($"{path} is a symbolic link to {target}, and nothing is written through links. Name {target} itself.");
        if (FolderKind.ClosedAbove(path) is var (folder, kind))
            throw new UserErrorException($"{path} lies in {folder}, {kind.Name}, where nothing else is written. Choose a place outside it.");
    }

    /// <summary>Requires that a card that is there names the file its folder is to be made from again, or that it is to be replaced.</summary>
    internal static void RequireSource(string card, string sourceSha256, bool force)
    {
        if (force || !File.Exists(card) || RegularFile.ReadAllText(card).Contains(sourceSha256, StringComparison.Ordinal)) return;
        throw new UserErrorException($"{card} is of another file than the one given (SHA-256 {sourceSha256}). Choose another folder, or replace it.")
        {
            Setting = "force",
        };
    }

    /// <summary>Where a link leads; null where there is none.</summary>
    internal static string? LinkAt(string path) => new FileInfo(Path.TrimEndingDirectorySeparator(path)).LinkTarget;

    private static void RequireFolder(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        try { Directory.CreateDirectory(folder); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw AtomicFile.Explain(path, e); }
    }

    private static void RequireWritable(string path)
    {
        try { AtomicFile.Probe(path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw AtomicFile.Explain(path, e); }
    }
}
