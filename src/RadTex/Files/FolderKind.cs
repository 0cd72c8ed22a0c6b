using System.Collections.Concurrent;

namespace RadTex.Files;

/// <summary>What a folder is, told by what its files hold, never by its own name.</summary>
/// <param name="Name">With its article, as messages name it.</param>
/// <param name="IsClosed">Whether nothing else may be written into such a folder, or below it.</param>
/// <param name="Marks">Files any of which makes a folder of this kind; none for kinds that bear a <see cref="OutputFolder.MarkName"/>.</param>
public sealed record FolderKind(string Name, bool IsClosed, params IReadOnlyCollection<FolderKind.Mark> Marks)
{
    private const int LookedAt = 1 << 20;

    /// <summary>A file and the words its start must hold; no words where an archive alone uses the name.</summary>
    /// <param name="File">The file's name in the folder.</param>
    /// <param name="Words">All are looked for in its first MiB, as UTF-8.</param>
    public sealed record Mark(string File, params IReadOnlyList<string> Words);

    /// <summary>What the step 'prepare' makes: <c>manifest.json</c> with a short side and splits. Nothing else may be written into it.</summary>
    public static FolderKind Dataset { get; } = new("a prepared dataset", true, new Mark("manifest.json", "\"short_side\"", "\"splits\""));

    /// <summary>A pretraining: a configuration that names a dataset's hash. Nothing else may be written into it.</summary>
    public static FolderKind Run { get; } = new("a run", true, new Mark(RunLayout.Configuration, "\"inputs\"", "\"dataset_hash\""));

    /// <summary>What says that an archive's radiographs are drawn, and from what.</summary>
    internal const string PhantomsFile = "phantoms.json";

    /// <summary>Synthetic radiographs: <c>phantoms.json</c>. Nothing else may be written into it.</summary>
    public static FolderKind Phantoms { get; } = new("a set of phantoms", true, new Mark(PhantomsFile, "\"radiographsByFinding\""));

    private static readonly ConcurrentQueue<Mark> MarksOfArchives = [];

    /// <summary>An archive as its publisher names its files; each archive says which.</summary>
    public static FolderKind Archive { get; } = new("an archive of radiographs", true, MarksOfArchives);

    /// <summary>
    /// Features of radiographs computed once by an encoder: <c>features.json</c>, or <c>features.progress</c> while they are being made.
    /// </summary>
    public static FolderKind Features { get; } = new(
        "an encoder's features", false, new Mark("features.json", "\"image_ids_sha256\""), new Mark("features.progress", "\"image_ids_sha256\""));

    /// <summary>What few labels made of an encoder: <c>metrics.json</c>, or <c>journal.jsonl</c> while it is being made.</summary>
    public static FolderKind Transfer { get; } = new(
        "results of transfer", false, new Mark("journal.jsonl", "\"mode\"", "\"smallest_draw\""), new Mark("metrics.json", "\"smallest_draw\""));

    /// <summary>An image encoder with its card, <c>encoder.json</c>.</summary>
    public static FolderKind Encoder { get; } = new("an encoder", false, new Mark("encoder.json", "\"weights_sha256\""));

    /// <summary>
    /// An encoder with the decoder that writes reports: <c>model.json</c>, or <c>captioner.json</c> where it is exported for ONNX Runtime.
    /// </summary>
    public static FolderKind Model
    {
        get;
    } = new("a model that writes reports", false, new Mark("model.json", "\"vocabulary_sha256\""), new Mark("captioner.json"));

    /// <summary>A dataset looked at: duplicates, leaks, counts. Known by its <c>radtex.json</c>.</summary>
    public static FolderKind Inspection { get; } = new("an inspection", false);

    /// <summary>A model judged on labelled radiographs. Known by its <c>radtex.json</c>.</summary>
    public static FolderKind Evaluation { get; } = new("an evaluation", false);

    /// <summary>A label-efficiency sweep. Known by its <c>radtex.json</c>.</summary>
    public static FolderKind Sweep { get; } = new("a sweep", false);

    /// <summary>The paper's experiments, or a part of them. Known by its <c>radtex.json</c>.</summary>
    public static FolderKind Reproduction { get; } = new("a reproduction", false);

    /// <summary>The quickstart on synthetic radiographs. Known by its <c>radtex.json</c>.</summary>
    public static FolderKind Quickstart { get; } = new("a quickstart", false);

    /// <summary>Policies of labelling compared on labels that are known. Known by its <c>radtex.json</c>.</summary>
    public static FolderKind Simulation { get; } = new("a comparison of policies", false);

    internal static FolderKind ZeroShot { get; } = new("findings told without labels", false);

    private static readonly FolderKind[] All =
    [
        Dataset, Run, Phantoms, Archive, Transfer, Features, Model, Encoder, Inspection, Evaluation, Sweep, Reproduction, Quickstart, Simulation,
        ZeroShot,
    ];

    /// <summary>The kind of a folder; null where it is none of ours and no archive.</summary>
    public static FolderKind? Of(string folder) => Directory.Exists(folder) ? Array.Find(All, kind => kind.IsAt(folder)) : null;

    /// <summary>The innermost folder above a path into which nothing may be written, with its kind; null where there is none.</summary>
    internal static (string Folder, FolderKind Kind)? ClosedAbove(string path)
    {
        for (
            var folder = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))); folder is not null;
            folder = Path.GetDirectoryName(folder))
            if (Array.Find(All, kind => kind.IsClosed && kind.IsAt(folder)) is { } kind) return (folder, kind);
        return null;
    }

    internal static void AddArchive(IEnumerable<Mark> marks)
    {
        foreach (var mark in marks) MarksOfArchives.Enqueue(mark);
    }

    /// <summary>Whether a folder is of this kind.</summary>
    internal bool IsAt(string folder) => Marks.Count == 0
        ? OutputFolder.KindIn(folder) == Name
        : Marks.Any(mark => Path.Combine(folder, mark.File) is var file && File.Exists(file) && (mark.Words.Count == 0 || Holds(file, mark.Words)));

    private static bool Holds(string file, IReadOnlyList<string> words)
    {
        if (RegularFile.Fault(file) is not null) return false;
        try
        {
            using var stream = RegularFile.OpenRead(file);
            var bytes = new byte[Math.Min(LookedAt, stream.Length)];
            int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return words.All(word => bytes.AsSpan(0, read).IndexOf(System.Text.Encoding.UTF8.GetBytes(word)) >= 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return false; }
    }
}
