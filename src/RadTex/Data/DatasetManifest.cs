using System.Text.Json;
using RadTex.Files;
using RadTex.Imaging;

namespace RadTex.Data;

/// <summary>The manifest of a prepared dataset: <c>manifest.json</c>, described in docs/data-format.md.</summary>
/// <param name="FormatVersion">The version of the folder's format; this program writes and reads <see cref="CurrentFormatVersion"/>.</param>
/// <param name="Software">The program that wrote it, with its version.</param>
/// <param name="Synthetic">True where the radiographs are drawn, not taken of patients.</param>
/// <param name="Hash">The dataset's hash: what <c>sha256sum pixels.npy rejects.csv studies.parquet | sha256sum</c> prints in the folder.</param>
/// <param name="Inputs">A hash of the source's tables, listing and options: equal inputs give an equal dataset.</param>
/// <param name="Source">Where the radiographs came from.</param>
/// <param name="ShortSide">The shorter side of every radiograph, in pixels.</param>
/// <param name="Count">The number of radiographs.</param>
/// <param name="Upscaled">How many of them were smaller than <paramref name="ShortSide"/> and were enlarged.</param>
/// <param name="Splits">Counts by split name.</param>
/// <param name="Labels">The labels in the order of the table's columns.</param>
/// <param name="Text">What was done with report text.</param>
/// <param name="Rejects">How many inputs were left out, by reason.</param>
/// <param name="Files">The other files of the folder.</param>
/// <param name="Intensity">How stored values became grey levels: a name of <see cref="ImageIntensities"/>.</param>
public sealed record DatasetManifest(
    int FormatVersion,
    string Software,
    bool Synthetic,
    string Hash,
    string Inputs,
    SourceRecord Source,
    int ShortSide,
    int Count,
    int Upscaled,
    IReadOnlyDictionary<string, SplitCounts> Splits,
    IReadOnlyList<LabelCounts> Labels,
    TextCounts Text,
    IReadOnlyDictionary<string, int> Rejects,
    IReadOnlyDictionary<string, FileRecord> Files,
    string Intensity = "display")
{
    /// <summary>The format version this program writes, and the only one it reads.</summary>
    public const int CurrentFormatVersion = 1;

    private const long LargestBytes = 16 << 20;

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="UserErrorException">The file is absent, no manifest, or of another format version.</exception>
    public static DatasetManifest Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw new UserErrorException($"{path} does not exist. Expected the manifest of a prepared dataset.");
        if (file.Length > LargestBytes)
            throw new UserErrorException(
                $"{path} has {file.Length:N0} bytes. Expected a manifest of at most {LargestBytes:N0}. Prepare the dataset again.");
        try
        {
            using var document = JsonDocument.Parse(RegularFile.ReadAllBytes(path), JsonFormat.Tree);
            int version = document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("format_version", out var field) && field.TryGetInt32(out int number) ? number : 0;
            if (version != CurrentFormatVersion)
                throw new UserErrorException(
                    $"{path} has format version {version}. Expected {CurrentFormatVersion}. Prepare the dataset again with this program.");
            return document.Deserialize<DatasetManifest>(JsonFormat.StrictIndented)!;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new UserErrorException($"{path} is no manifest of a prepared dataset: {e.Message} Prepare the dataset again.", e);
        }
    }

    internal void Write(string path) => AtomicFile.WriteAllText(path, JsonSerializer.Serialize(this, JsonFormat.StrictIndented) + "\n");
}
