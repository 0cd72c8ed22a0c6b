using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace RadTex.Files;

/// <summary>
/// Files carried together into a network without internet: a ZIP archive whose first entry, <see cref="ManifestName"/>, names every other with size
/// and SHA-256. Any unpacker opens it; <see cref="Verify"/> finds what was changed, added or lost on the way.
/// </summary>
/// <remarks>
/// The hashes find accidents. Against somebody who makes a bundle anew compare the bundle's own SHA-256, carried by another way.
/// </remarks>
public static class FileBundle
{
    /// <summary>The first entry of a bundle, <c>bundle.json</c>.</summary>
    public const string ManifestName = "bundle.json";

    private const int BufferSize = 1 << 16;
    private const long LargestManifest = 16 << 20;

    private sealed record Manifest(int Version, string MadeBy, IReadOnlyList<BundledFile> Files);

    /// <summary>Writes a bundle, durable before it returns.</summary>
    /// <param name="path">The ZIP file.</param>
    /// <param name="sources">Files, and folders with all below them, each with its path in the bundle.</param>
    /// <param name="maker">Who made it, such as "RadTex 0.2.0".</param>
    /// <param name="progress">Counts files.</param>
    /// <param name="cancellation">Stops between two files; nothing is left.</param>
    /// <returns>What is in it.</returns>
    /// <exception cref="UserErrorException">
    /// A source is not there, is a link or no plain file, holds patients' pictures (a prepared dataset, an archive), or two have one name.
    /// </exception>
    public static IReadOnlyList<BundledFile> Write(
        string path, IReadOnlyList<(string Name, string Source)> sources, string maker, IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default)
    {
        (string Name, string File)[] files = [.. sources.SelectMany(s => Expand(s.Name, s.Source))];
        if (files.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new UserErrorException(
                $"Two files would be {twice.Key} in the bundle: {string.Join(" and ", twice.Select(f => f.File))}. Rename one.");
        var listed = new List<BundledFile>();
        foreach (var (name, file) in files)
        {
            cancellation.ThrowIfCancellationRequested();
            listed.Add(new(name, new FileInfo(file).Length, FileHash.Sha256(file)));
            progress?.Report(new("hashing", listed.Count, files.Length, "files"));
        }
        AtomicFile.Write(path, stream =>
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            using (var entry = zip.CreateEntry(ManifestName).Open())
                JsonSerializer.Serialize(entry, new Manifest(1, maker, listed), JsonFormat.Indented);
            for (int i = 0; i < files.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                Copy(zip, listed[i], files[i].File);
                progress?.Report(new("bundling", i + 1, files.Length, "files"));
            }
        });
        return listed;
    }

    /// <summary>Reads a whole bundle and compares it with its manifest. Nothing is unpacked.</summary>
    /// <returns>What is in it.</returns>
    /// <exception cref="UserErrorException">It is no bundle, or a file is missing, added, named twice, of another size or of other
    /// content.</exception>
    public static IReadOnlyList<BundledFile> Verify(string path, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        try
        {
            using var stream = RegularFile.OpenRead(path, BufferSize, FileOptions.SequentialScan);
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
            var entries = zip.Entries.GroupBy(e => e.FullName, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
            if (entries.FirstOrDefault(e => e.Value.Count > 1).Key is { } twice) throw Fault(path, $"names {twice} twice");
            var listed = ReadManifest(path, entries);
            var names = listed.Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
            if (entries.Keys.FirstOrDefault(name => name != ManifestName && !names.Contains(name)) is { } added)
                throw Fault(path, $"holds {added}, which its manifest does not name");
            int done = 0;
            foreach (var file in listed)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!entries.TryGetValue(file.Name, out var found)) throw Fault(path, $"lacks {file.Name}");
                Compare(path, file, found[0]);
                progress?.Report(new("verifying", ++done, listed.Count, "files"));
            }
            return listed;
        }
        catch (InvalidDataException e) { throw Fault(path, $"cannot be read: {e.Message}"); }
    }

    private static IReadOnlyList<BundledFile> ReadManifest(string path, Dictionary<string, List<ZipArchiveEntry>> entries)
    {
        if (!entries.TryGetValue(ManifestName, out var entry)) throw Fault(path, $"has no {ManifestName}");
        if (entry[0].Length > LargestManifest) throw Fault(path, $"has a {ManifestName} of {entry[0].Length:N0} bytes, over {LargestManifest:N0}");
        try
        {
            using var stream = new BoundedStream(entry[0].Open(), LargestManifest);
            var manifest = JsonSerializer.Deserialize<Manifest>(stream, JsonFormat.StrictLine);
            return manifest is { Version: 1 } ? manifest.Files : throw Fault(path, $"has a {ManifestName} of another version");
        }
        catch (JsonException e) { throw Fault(path, $"has a {ManifestName} that cannot be read: {e.Message}"); }
    }

    // An entry's own size is what whoever wrote it says: what comes out is counted.
    private static void Compare(string path, BundledFile file, ZipArchiveEntry entry)
    {
        using var stream = new BoundedStream(entry.Open(), file.Bytes);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        long bytes = 0;
        for (int read; (read = stream.Read(buffer)) > 0; bytes += read) hash.AppendData(buffer, 0, read);
        if (bytes != file.Bytes) throw Fault(path, $"holds {file.Name} in another size than the {file.Bytes:N0} bytes of its manifest");
        var found = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (found != file.Sha256) throw Fault(path, $"holds another {file.Name} (SHA-256 {found}) than its manifest names ({file.Sha256})");
    }

    private static void Copy(ZipArchive zip, BundledFile file, string source)
    {
        using var from = RegularFile.OpenRead(source, BufferSize, FileOptions.SequentialScan);
        var entry = zip.CreateEntry(file.Name, CompressionLevel.Fastest);
        if (!OperatingSystem.IsWindows()) entry.ExternalAttributes = ((int)File.GetUnixFileMode(source) | RegularFileMode) << 16;
        using var to = entry.Open();
        from.CopyTo(to);
    }

    private const int RegularFileMode = 0x8000; // S_IFREG

    private static List<(string Name, string File)> Expand(string name, string source)
    {
        if (OutputFile.LinkAt(source) is { } target)
            throw new UserErrorException($"{source} is a symbolic link to {target}, and links are not followed. Name {target} itself.");
        if (File.Exists(source))
        {
            RegularFile.Require(source);
            return [(name, source)];
        }
        if (!Directory.Exists(source)) throw new UserErrorException($"{source} is neither a file nor a folder.");
        if (FolderKind.Of(source) is { IsClosed: true } kind && kind != FolderKind.Run)
            throw new UserErrorException(
                $"{source} is {kind.Name}, which holds radiographs. Expected a model, an encoder, heads, a vocabulary or a run.");
        return
        [
            .. Directory.EnumerateFileSystemEntries(source).Order(StringComparer.Ordinal)
                .SelectMany(below => Expand($"{name}/{Path.GetFileName(below)}", below)),
        ];
    }

    private static UserErrorException Fault(string path, string what) =>
        new($"{path} {what}. It is not the bundle that was made: carry it over again.");
}
