using RadTex.Files;

namespace RadTex.Studies.Archives;

/// <summary>
/// The pictures of a folder and of all below it; the one rule of what counts as one: a regular file whose name ends in .jpg, .jpeg, .png, .tif,
/// .tiff, .dcm or .dicom, in any case, and does not begin with a dot. A link is followed where it stays in the folder. What has a picture's name, or
/// is a linked folder, and is not taken is told with a reason.
/// </summary>
/// <param name="Pictures">Paths relative to the folder, in the order of their names.</param>
/// <param name="LeftOut">Paths relative to the folder, and why they are not taken, in the same order.</param>
/// <param name="Doubles">Those of the pictures that are links to another of them, and that one.</param>
internal sealed record PictureFolder(
    IReadOnlyList<string> Pictures, IReadOnlyList<(string Path, string Reason)> LeftOut, IReadOnlyDictionary<string, string> Doubles)
{
    /// <summary>Deeper than people nest folders, and a bound for what is no archive.</summary>
    private const int MostDepth = 32;

    private static readonly string[] Endings = [".jpg", ".jpeg", ".png", ".tif", ".tiff", ".dcm", ".dicom"];

    private static readonly EnumerationOptions Entries = new() { AttributesToSkip = FileAttributes.Hidden, IgnoreInaccessible = false };

    /// <summary>Lists a folder; it may hold none.</summary>
    /// <exception cref="UserErrorException">The folder does not exist or cannot be opened.</exception>
    public static PictureFolder List(string folder)
    {
        var root = new SourceFolder(folder);
        var pictures = new List<string>();
        var leftOut = new List<(string Path, string Reason)>();
        var links = new Dictionary<string, string>();
        Walk("", 0);
        pictures.Sort(StringComparer.Ordinal);
        leftOut.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        var listed = links.Count > 0 ? pictures.ToHashSet(StringComparer.Ordinal) : [];
        return new(pictures, leftOut, links.Where(l => l.Value != l.Key && listed.Contains(l.Value)).ToDictionary());

        void Walk(string within, int depth)
        {
            FileSystemInfo[] entries;
            try { entries = new DirectoryInfo(Path.Combine(folder, within)).GetFileSystemInfos("*", Entries); }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (within.Length == 0)
                    throw new UserErrorException($"{folder} cannot be opened: {e.Message} Mend its permissions, or choose another folder.", e);
                leftOut.Add((within, "a folder that cannot be opened"));
                return;
            }
            foreach (var entry in entries)
            {
                var path = Path.Combine(within, entry.Name);
                bool isLink = (entry.Attributes & FileAttributes.ReparsePoint) != 0;
                if (entry is DirectoryInfo)
                {
                    if (isLink)
                        leftOut.Add(
                            (
                                path,
                                root.Resolve(path) is null
                                    ? "a link that leads out of the folder"
                                    : "a link to a folder, whose pictures are listed where they lie"));
                    else if (depth >= MostDepth) leftOut.Add((path, $"a folder more than {MostDepth} deep"));
                    else Walk(path, depth + 1);
                }
                else if (!IsPicture(path)) continue;
                else if (Fault(root, path, isLink) is { } fault) leftOut.Add((path, fault));
                else
                {
                    pictures.Add(path);
                    if (isLink) links.Add(path, root.RealPath(path)!);
                }
            }
        }
    }

    /// <summary>The same of a folder that must hold a picture.</summary>
    /// <exception cref="UserErrorException">It holds none; the message says what was left out.</exception>
    public static PictureFolder Require(string folder)
    {
        var found = List(folder);
        if (found.Pictures.Count > 0) return found;
        var but = found.LeftOut.Count > 0
            ? $" {found.LeftOut.Count:N0} left out; the first: {found.LeftOut[0].Path}: {found.LeftOut[0].Reason}."
            : "";
        throw new UserErrorException($"{folder} holds no JPEG, PNG, TIFF or DICOM picture.{but} Expected such files in it or in its subfolders.");
    }

    /// <summary>Whether a file's name is a picture's.</summary>
    public static bool IsPicture(string path) => Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private static string? Fault(SourceFolder root, string path, bool isLink)
    {
        var full = root.Resolve(path);
        if (full is null) return "a link that leads out of the folder";
        if (isLink && File.ResolveLinkTarget(full, returnFinalTarget: true) is not { Exists: true }) return "a link to nothing";
        return RegularFile.Fault(full);
    }
}
