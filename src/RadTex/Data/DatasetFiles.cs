using System.Security.Cryptography;
using System.Text;
using RadTex.Files;

namespace RadTex.Data;

/// <summary>The files of a prepared dataset and their hashes.</summary>
public static class DatasetFiles
{
    /// <summary>What the folder is and how it was made, as JSON: <see cref="DatasetManifest"/>.</summary>
    public const string Manifest = "manifest.json";

    /// <summary>All pixels one radiograph after the other, row by row: a flat uint8 array in NumPy's format.</summary>
    public const string Pixels = "pixels.npy";

    /// <summary>The rows, one a radiograph, with their texts and labels, as Parquet: <see cref="PreparedRadiograph"/>.</summary>
    public const string Studies = "studies.parquet";

    /// <summary>The inputs that were left out, each with its reason, as CSV.</summary>
    public const string Rejects = "rejects.csv";

    /// <summary>The file of boxes, which only datasets of sources with boxes have.</summary>
    public const string Boxes = "boxes.csv";

    /// <summary>The files every dataset has besides its manifest.</summary>
    public static IReadOnlyList<string> Required { get; } = [Pixels, Rejects, Studies];

    /// <summary>The files a dataset's hash covers, in the order it takes them: those it has, by name.</summary>
    public static IEnumerable<string> Hashed(IReadOnlyDictionary<string, FileRecord> files) =>
        files.ContainsKey(Boxes) ? Required.Prepend(Boxes) : Required;

    /// <summary>The dataset's hash: SHA-256 over lines of the form <c>sha256sum</c> prints, one a file.</summary>
    public static string CombinedHash(IReadOnlyDictionary<string, FileRecord> files)
    {
        var lines = new StringBuilder();
        foreach (var name in Hashed(files)) lines.Append(files[name].Sha256).Append("  ").Append(name).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString())));
    }

    /// <summary>The length and SHA-256 of files of a folder, one by one as they are asked for; the progress is one bar over all of them.</summary>
    internal static IEnumerable<(string Name, FileRecord Record)> DescribeAll(
        string folder, IReadOnlyList<string> names, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        long total = names.Sum(name => new FileInfo(Path.Combine(folder, name)).Length), before = 0;
        foreach (var name in names)
        {
            long start = before;
            void Tell(long done) => progress?.Report(new("hashing", Mebibytes(start + done), Mebibytes(total), "MiB"));
            var record = Describe(Path.Combine(folder, name), Tell, cancellation);
            before += record.Bytes;
            yield return (name, record);
        }
    }

    // Rounded up, so that a small dataset has a bar that fills.
    private static long Mebibytes(long bytes) => (bytes + (1 << 20) - 1) >> 20;

    /// <summary>The length and SHA-256 of a file; <paramref name="progress"/> gets the bytes read so far.</summary>
    internal static FileRecord Describe(string path, Action<long>? progress = null, CancellationToken cancellation = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stream = RegularFile.OpenRead(path, 1, FileOptions.SequentialScan);
        var buffer = new byte[1 << 20];
        long total = 0;
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
            progress?.Invoke(total += read);
        }
        return new FileRecord(stream.Length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
