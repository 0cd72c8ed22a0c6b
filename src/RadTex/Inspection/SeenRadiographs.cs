using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RadTex.Data;
using RadTex.Files;
using RadTex.Studies;

namespace RadTex.Inspection;

/// <summary>
/// What a model has seen: hashes of the pictures and patients it was pretrained, trained and recalibrated on, kept with it, so that no figure
/// is made on them. <c>seen.json</c> beside an encoder or heads; in the metadata of an exported model.
/// </summary>
/// <remarks>
/// A picture is known again where its prepared 8-bit pixels are equal to the byte, a patient where the id is equal and belongs to the same
/// archive. No picture can be made from its hash. Whoever holds a list of possible ids can test which of them are there (docs/evaluate.md).
/// </remarks>
/// <param name="IsComplete">Whether all it has seen is here; false for imported weights.</param>
/// <param name="Parts">One a dataset and purpose.</param>
public sealed record SeenRadiographs(bool IsComplete, IReadOnlyList<SeenPart> Parts)
{
    /// <summary>The file's name beside an encoder or heads, <c>seen.json</c>.</summary>
    public const string FileName = "seen.json";

    /// <summary>The purpose of what an encoder was pretrained on.</summary>
    public const string Pretraining = "pretraining";

    /// <summary>The purpose of what heads, or a fine-tuned network, learnt labels from.</summary>
    public const string Labels = "labels";

    /// <summary>The purpose of what heads were recalibrated on.</summary>
    public const string Recalibration = "recalibration";

    private const long LargestFile = 512L << 20;

    /// <summary>Of random weights.</summary>
    public static SeenRadiographs Nothing { get; } = new(true, []);

    /// <summary>Of imported weights, and of models made before this was kept.</summary>
    public static SeenRadiographs Unknown { get; } = new(false, []);

    /// <summary>Some rows of a dataset.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="indices">Its rows that were seen.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="withPictures">Whether pictures are hashed too, which reads all their pixels.</param>
    public static SeenRadiographs Of(PreparedDataset dataset, IReadOnlyList<int> indices, string purpose, bool withPictures = true) =>
        new(true, [SeenPart.Of(
            purpose, dataset.Hash, PatientDomain.Of(dataset.Manifest), withPictures ? PictureHashes(dataset, indices) : [],
            indices.Select(i => dataset[i].PatientId))]);

    /// <summary>The hash of a picture's prepared 8-bit pixels.</summary>
    public static ulong PictureHash(ReadOnlySpan<byte> pixels, int height, int width)
    {
        Span<byte> size = stackalloc byte[8], hash = stackalloc byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteInt32LittleEndian(size, height);
        BinaryPrimitives.WriteInt32LittleEndian(size[4..], width);
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(size);
        sha.AppendData(pixels);
        sha.GetHashAndReset(hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    /// <summary>The hashes of pictures of a dataset, in the order asked for.</summary>
    public static ulong[] PictureHashes(PreparedDataset dataset, IReadOnlyList<int> indices)
    {
        var hashes = new ulong[indices.Count];
        Parallel.For(0, hashes.Length, i =>
            hashes[i] = PictureHash(dataset.Pixels(indices[i]), dataset[indices[i]].Height, dataset[indices[i]].Width));
        return hashes;
    }

    /// <summary>All a pretraining learns from or watches: it never opens the test split.</summary>
    internal static SeenRadiographs OfPretraining(PreparedDataset dataset, bool withPictures = true) =>
        Of(dataset, [.. dataset.Radiographs.Where(r => r.Split != Split.Test).Select(r => r.Index)], Pretraining, withPictures);

    /// <summary>This and what another model, or another part of the same, has seen.</summary>
    public SeenRadiographs With(SeenRadiographs other) => new(
        IsComplete && other.IsComplete,
        [.. Parts.Concat(other.Parts).GroupBy(p => (p.Purpose, p.DatasetHash)).Select(g => g.Aggregate((a, b) => a.With(b)))]);

    /// <summary>The same without patients: what can leave a hospital whose ids can be guessed.</summary>
    public SeenRadiographs WithoutPatients() => this with { Parts = [.. Parts.Select(p => p with { PatientHashes = [] })] };

    /// <summary>What of a test was seen.</summary>
    /// <param name="domain">Within what the test's patient ids mean one person; null where they are others' ids for certain.</param>
    /// <param name="patients">The test's patients, one a picture; null where one is not known.</param>
    /// <param name="pictures">The test's pictures.</param>
    public SeenOverlap Overlap(PatientDomain? domain, IReadOnlyList<string?> patients, IReadOnlyList<ulong> pictures)
    {
        string[] known = [.. patients.OfType<string>().Distinct(StringComparer.Ordinal)];
        var (seenPictures, seenPatients, purposes) =
            (new HashSet<ulong>(), new HashSet<string>(StringComparer.Ordinal), new SortedSet<string>(StringComparer.Ordinal));
        foreach (var part in Parts)
        {
            var hashes = SeenPart.Unpack(part.PictureHashes);
            ulong[] samePictures = [.. pictures.Where(hashes.Contains)];
            string[] samePatients = [];
            if (domain is not null && domain.SharesIdsWith(part.Domain) && part.PatientHashes.Length > 0)
            {
                var ids = SeenPart.Unpack(part.PatientHashes);
                samePatients = [.. known.Where(patient => ids.Contains(PatientHash(part.DatasetHash, patient)))];
            }
            seenPictures.UnionWith(samePictures);
            seenPatients.UnionWith(samePatients);
            if (samePictures.Length + samePatients.Length > 0) purposes.Add(part.Purpose);
        }
        return new(seenPictures.Count, seenPatients.Count, pictures.Distinct().Count(), known.Length, [.. purposes]);
    }

    /// <summary>Writes <see cref="FileName"/> into a folder.</summary>
    public void Write(string folder) => AtomicFile.WriteAllText(Path.Combine(folder, FileName), ToJson() + "\n");

    /// <summary>Reads <see cref="FileName"/> of a folder; <see cref="Unknown"/> where there is none.</summary>
    /// <exception cref="UserErrorException">The file is damaged.</exception>
    public static SeenRadiographs Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return Unknown;
        if (new FileInfo(path).Length > LargestFile) throw new UserErrorException(
            $"{path} is larger than {LargestFile:N0} bytes. Is it another file?");
        return Parse(RegularFile.ReadAllText(path), path);
    }

    internal string ToJson() => JsonSerializer.Serialize(this, JsonFormat.StrictLine);

    /// <exception cref="UserErrorException">The text is damaged.</exception>
    internal static SeenRadiographs Parse(string json, string path)
    {
        try
        {
            var seen = JsonSerializer.Deserialize<SeenRadiographs>(json, JsonFormat.StrictLine) ?? throw new JsonException("it is null");
            if (seen.Parts.Any(p => (p.PictureHashes.Length | p.PatientHashes.Length) % SeenPart.HashBytes != 0))
                throw new JsonException("a list of hashes is cut off");
            return seen;
        }
        catch (JsonException e) { throw new UserErrorException($"{path} does not tell what the model has seen: {e.Message} Copy it again.", e); }
    }

    internal static ulong PatientHash(string salt, string patient) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{salt}\0{patient}")));
}
