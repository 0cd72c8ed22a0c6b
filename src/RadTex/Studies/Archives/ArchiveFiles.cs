namespace RadTex.Studies.Archives;

/// <summary>The files an archive is known by, found in its root folder.</summary>
internal static class ArchiveFiles
{
    /// <summary>
    /// The table of the greatest name that fits a pattern such as <c>mimic-cxr-*-split.csv</c>, plain before gzipped; null where there is none.
    /// </summary>
    internal static string? Find(string root, string pattern) =>
        !Directory.Exists(root) ? null : Directory.EnumerateFiles(root, pattern + "*")
            .Where(f => f.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || f.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(f => Path.GetFileName(f).Replace(".csv.gz", ".csv", StringComparison.OrdinalIgnoreCase), StringComparer.Ordinal)
            .ThenBy(f => f.Length).FirstOrDefault();

    /// <summary>The table an archive cannot be read without.</summary>
    /// <param name="root">The archive's folder.</param>
    /// <param name="pattern">The table's name.</param>
    /// <param name="source">Where the archive is to be had, for the message.</param>
    /// <exception cref="UserErrorException">It is absent; the message says where to get it.</exception>
    internal static string Require(string root, string pattern, string source)
    {
        if (!Directory.Exists(root)) throw new UserErrorException($"{root} is no folder. Expected the root of {source}; check the path.");
        return Find(root, pattern) ?? throw new UserErrorException(
            $"{root} has no {pattern} (or {pattern}.gz). Expected the root folder of {source}; check the path, or fetch that file there.");
    }

    /// <summary>
    /// Where each picture lies, relative to the root, by file name or, without their endings, by id; of equal names the first in alphabetical order.
    /// </summary>
    internal static Dictionary<string, string> FindPictures(string root, bool byId = false)
    {
        var pictures = new Dictionary<string, string>();
        foreach (var path in PictureFolder.List(root).Pictures)
            pictures.TryAdd(byId ? Path.GetFileNameWithoutExtension(path) : Path.GetFileName(path), path);
        return pictures;
    }
}
