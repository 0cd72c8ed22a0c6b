using System.Text.Json;
using System.Text.Json.Serialization;
using RadTex.Files;

namespace RadTex.Phantoms;

/// <summary><c>phantoms.json</c>: what a folder of phantoms follows from, and whether it is whole.</summary>
/// <param name="Synthetic">Always true: no patient is behind any of it.</param>
/// <param name="FormatVersion">Raised when the same options would give other bytes.</param>
/// <param name="IsComplete">False while the set is being written.</param>
/// <param name="Options">The options of the set.</param>
/// <param name="Patients">Patients in the set; 0 while incomplete.</param>
/// <param name="Studies">Studies in the set; 0 while incomplete.</param>
/// <param name="Radiographs">Radiographs in the set; 0 while incomplete.</param>
/// <param name="ReportsWithoutFindings">Reports that have no Findings section.</param>
/// <param name="RadiographsByFinding">How many radiographs show each finding.</param>
/// <param name="RadiographsBySplit">How many radiographs lie in train, validate and test.</param>
public sealed record PhantomManifest(
    bool Synthetic,
    int FormatVersion,
    bool IsComplete,
    PhantomOptions Options,
    int Patients,
    int Studies,
    int Radiographs,
    int ReportsWithoutFindings,
    IReadOnlyDictionary<string, int> RadiographsByFinding,
    IReadOnlyDictionary<string, int> RadiographsBySplit)
{
    /// <summary>The manifest's name in a folder of phantoms, <c>phantoms.json</c>.</summary>
    public const string FileName = FolderKind.PhantomsFile;

    /// <summary>The <see cref="FormatVersion"/> this program writes and reads.</summary>
    public const int CurrentFormatVersion = 1;

    internal static PhantomManifest Begin(PhantomOptions options) =>
        new(true, CurrentFormatVersion, false, options, 0, 0, 0, 0, new Dictionary<string, int>(), new Dictionary<string, int>());

    /// <summary>Reads the manifest of a folder; null where the folder has none.</summary>
    /// <exception cref="UserErrorException">The file is there but is no manifest.</exception>
    public static PhantomManifest? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            if (new FileInfo(path).Length > 1 << 16) throw new JsonException("larger than 64 KiB");
            return JsonSerializer.Deserialize(RegularFile.ReadAllBytes(path), PhantomJson.Default.PhantomManifest)
                ?? throw new JsonException("empty");
        }
        catch (JsonException e)
        {
            throw new UserErrorException(
                $"{path} is no manifest of phantoms ({e.Message.ReplaceLineEndings(" ")}). Choose another folder, or delete this one.", e);
        }
    }

    internal void Write(string folder) =>
        AtomicFile.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, PhantomJson.Default.PhantomManifest) + "\n");
}

[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(PhantomManifest))]
internal sealed partial class PhantomJson : JsonSerializerContext;
