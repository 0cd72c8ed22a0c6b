namespace RadTex.Files;

/// <summary>
/// The rule for a folder that a command writes (docs/outputs.md), checked before any work: it is new or empty, or it is of the same kind and the same
/// inputs; it lies in no dataset, run or archive; neither it nor what lies in it is a link. While it is open no other process writes there.
/// </summary>
internal sealed class OutputFolder : IDisposable
{
    /// <summary>Says what a folder is, where no file of its own does.</summary>
    public const string MarkName = "radtex.json";

    private readonly string path;
    private readonly FolderLock? held;
    private readonly bool isNew;

    private OutputFolder(string path, FolderLock? held, bool isNew) => (this.path, this.held, this.isNew) = (path, held, isNew);

    /// <summary>Opens a folder to write into, and makes it and those above it where they are not there.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="kind">What will be in it.</param>
    /// <param name="inputs">For kinds without marks of their own: what the results follow from, by name. Null where other inputs may be
    /// added.</param>
    /// <param name="shared">Whether several processes may work in it.</param>
    /// <exception cref="UserErrorException">It may not, or cannot, be written, or another process works in it.</exception>
    public static OutputFolder Open(string path, FolderKind kind, IReadOnlyDictionary<string, string>? inputs = null, bool shared = false)
    {
        Require(path, kind);
        FolderLock? held = null;
        try
        {
            bool isNew = !Directory.Exists(path);
            Directory.CreateDirectory(path);
            if (!shared) held = FolderLock.Take(path);
            if (kind.Marks.Count == 0) WriteMark(path, new(kind.Name, inputs ?? new Dictionary<string, string>()));
            return new(path, held, isNew);
        }
        catch (Exception e)
        {
            held?.Dispose();
            if (e is IOException or UnauthorizedAccessException) throw AtomicFile.Explain(path, e);
            throw;
        }
    }

    /// <summary>The checks alone: nothing is made or locked.</summary>
    public static void Require(string path, FolderKind kind)
    {
        OutputFile.RequirePath(path);
        if (File.Exists(path)) throw new UserErrorException($"{path} is a file. Expected a folder to write {kind.Name} to.");
        if (!Directory.Exists(path)) return;
        try
        {
            var entries = Directory.EnumerateFileSystemEntries(path).Where(e => !IsRubbish(e)).ToList();
            if (entries.Count == 0) return;
            if (!kind.IsAt(path))
                throw new UserErrorException(
                    $"{path} holds {(FolderKind.Of(path) is { } other ? other.Name : "files that are not RadTex's")}, not "
                        + $"{kind.Name}. Nothing was written; choose a new or empty folder.");
            if (entries.Find(e => OutputFile.LinkAt(e) is not null) is { } link)
                throw new UserErrorException(
                    $"{link} is a symbolic link to {OutputFile.LinkAt(link)}, and nothing is written through links. Move what it "
                        + $"names into {path}, or choose another folder.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw AtomicFile.Explain(path, e); }
    }

    /// <summary>The kind that a folder's mark names; null where it has none.</summary>
    internal static string? KindIn(string folder) => ReadMark(folder)?.Kind;

    /// <summary>
    /// Requires that the folder is still the one that was opened: what is written into one made anew would lack what was written before.
    /// </summary>
    /// <exception cref="UserErrorException">It was taken away.</exception>
    public void RequireThere()
    {
        if (held is { IsThere: false }) throw TakenAway(path);
    }

    /// <summary>Requires that a folder, into which folders are written, is there still.</summary>
    /// <exception cref="UserErrorException">It was taken away.</exception>
    internal static void RequireThere(string path)
    {
        if (!Directory.Exists(path)) throw TakenAway(path);
    }

    /// <summary>Does work in the folder; where that fails because the folder was taken away, the failure says so.</summary>
    internal T Do<T>(Func<T> work)
    {
        try { return work(); }
        catch (Exception e) when (e is IOException or UserErrorException && held is { IsThere: false }) { throw TakenAway(path); }
    }

    private static UserErrorException TakenAway(string path) => new(
        $"{path} was taken away while it was written: what was in it is gone, and nothing was written anew. Put the folder back, or begin again.");

    /// <summary>Lets other processes in. A folder that was made and into which nothing was written goes again.</summary>
    public void Dispose()
    {
        if (isNew && held is not null) RemoveWhereEmpty();
        held?.Dispose();
    }

    private void RemoveWhereEmpty()
    {
        try
        {
            if (Directory.EnumerateFileSystemEntries(path).All(e => Path.GetFileName(e) == FolderLock.FolderName))
                Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { } // what is left is an empty folder
    }

    private static bool IsRubbish(string entry) =>
        Path.GetFileName(entry) is FolderLock.FolderName or FolderLock.JobName
            || (entry.EndsWith(AtomicFile.TemporarySuffix, StringComparison.Ordinal) && File.Exists(entry));

    private static void WriteMark(string folder, FolderMark mark)
    {
        if (ReadMark(folder) is { } found)
        {
            var differences = found.Inputs.Keys.Union(mark.Inputs.Keys)
                .Where(k => found.Inputs.GetValueOrDefault(k) != mark.Inputs.GetValueOrDefault(k))
                .Select(k => $"{k} was {found.Inputs.GetValueOrDefault(k) ?? "absent"}, now {mark.Inputs.GetValueOrDefault(k) ?? "absent"}").ToList();
            if (differences.Count > 0)
                throw new UserErrorException($"{folder} holds {mark.Kind} of other inputs: {string.Join("; ", differences)}. Choose another folder.");
            return;
        }
        JsonFile.Write(Path.Combine(folder, MarkName), mark);
    }

    private static FolderMark? ReadMark(string folder) =>
        JsonFile.ReadIfWhole<FolderMark>(Path.Combine(folder, MarkName), m => m is { Kind: not null, Inputs: not null });

    private sealed record FolderMark(string Kind, IReadOnlyDictionary<string, string> Inputs);
}
