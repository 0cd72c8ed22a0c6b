using System.Collections.Concurrent;

namespace RadTex.Studies.Archives;

/// <summary>
/// A folder that untrusted tables name files in: no name leads out of it, be it by <c>..</c>, by an absolute path or by a symbolic link.
/// </summary>
public sealed class SourceFolder
{
    private readonly string realRoot;
    private readonly ConcurrentDictionary<string, bool> realFolders = new();

    /// <summary>A folder that is there.</summary>
    /// <exception cref="UserErrorException">The folder does not exist.</exception>
    public SourceFolder(string path)
    {
        if (!Directory.Exists(path))
            throw new UserErrorException($"{path} is no folder. Expected the folder that holds the data; check the path.");
        Path = path;
        realRoot = Real(System.IO.Path.GetFullPath(path));
    }

    /// <summary>The folder as it was given.</summary>
    public string Path { get; }

    /// <summary>The full path of a file named relative to the folder (an absolute path inside it will do); null when it would lie outside.</summary>
    public string? Resolve(string relative)
    {
        if (relative.Length == 0 || relative.Contains('\0')) return null;
        var full = System.IO.Path.GetFullPath(relative, System.IO.Path.GetFullPath(Path));
        if (!Contains(System.IO.Path.GetFullPath(Path), full) && !Contains(realRoot, full)) return null;
        var parent = System.IO.Path.GetDirectoryName(full)!;
        if (!realFolders.GetOrAdd(parent, folder => IsInside(Real(folder)))) return null;
        var link = new FileInfo(full);
        return link.LinkTarget is null || IsInside(Real(full)) ? full : null;
    }

    /// <summary>A file's path relative to the folder with every link followed; null when it lies outside.</summary>
    internal string? RealPath(string relative) => Resolve(relative) is { } full ? System.IO.Path.GetRelativePath(realRoot, Real(full)) : null;

    private bool IsInside(string real) => real == realRoot || Contains(realRoot, real);

    private static bool Contains(string root, string path) =>
        path.StartsWith(
            System.IO.Path.EndsInDirectorySeparator(root) ? root : root + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>The path with every symbolic link followed, part by part; parts that do not exist stay as they are.</summary>
    private static string Real(string full)
    {
        for (int followed = 0; followed < 40; followed++) // as many as Linux follows
        {
            var link = FirstLink(full);
            if (link is null) return full;
            var (linkPath, target, after) = link.Value;
            full = System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(linkPath)!, target, after));
        }
        return "";
    }

    private static (string LinkPath, string Target, string After)? FirstLink(string full)
    {
        for (int end = full.IndexOf('/', 1); ; end = full.IndexOf('/', end + 1))
        {
            var linkPath = end < 0 ? full : full[..end];
            if (new FileInfo(linkPath).LinkTarget is { } target) return (linkPath, target, end < 0 ? "" : full[(end + 1)..]);
            if (end < 0) return null;
        }
    }
}
