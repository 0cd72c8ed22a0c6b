using System.Buffers.Binary;

namespace RadTex.Inspection;

/// <summary>The radiographs of one dataset that a model learnt from or was chosen on, as hashes of eight bytes.</summary>
/// <param name="Purpose">"pretraining", "labels" or "recalibration".</param>
/// <param name="DatasetHash">Of the dataset, or of the table; salts the patients' hashes.</param>
/// <param name="Domain">Within what its patients' ids mean one person.</param>
/// <param name="Pictures">How many pictures.</param>
/// <param name="Patients">How many patients.</param>
/// <param name="PictureHashes">Eight bytes each, ascending, at most <see cref="MostHashes"/> (of more pictures the smallest hashes).</param>
/// <param name="PatientHashes">The same of patients; empty where they were left out.</param>
public sealed record SeenPart(
    string Purpose, string DatasetHash, PatientDomain Domain, int Pictures, int Patients, byte[] PictureHashes, byte[] PatientHashes)
{
    /// <summary>Of pictures and of patients each: 32 MB.</summary>
    public const int MostHashes = 4_000_000;

    internal const int HashBytes = 8;

    /// <summary>The part of all rows given; the hashes follow from the pixels and ids alone.</summary>
    internal static SeenPart Of(string purpose, string datasetHash, PatientDomain domain, IEnumerable<ulong> pictures, IEnumerable<string> patients)
    {
        ulong[] pictureHashes = [.. pictures.Distinct()],
            patientHashes = [.. patients.Distinct(StringComparer.Ordinal).Select(p => SeenRadiographs.PatientHash(datasetHash, p)).Distinct()];
        return new(purpose, datasetHash, domain, pictureHashes.Length, patientHashes.Length, Pack(pictureHashes), Pack(patientHashes));
    }

    /// <summary>This and another part of the same dataset and purpose.</summary>
    internal SeenPart With(SeenPart other)
    {
        HashSet<ulong> pictures = Unpack(PictureHashes), patients = Unpack(PatientHashes);
        pictures.UnionWith(Unpack(other.PictureHashes));
        patients.UnionWith(Unpack(other.PatientHashes));
        return this with
        {
            Pictures = Math.Max(Math.Max(Pictures, other.Pictures), pictures.Count),
            Patients = Math.Max(Math.Max(Patients, other.Patients), patients.Count),
            PictureHashes = Pack([.. pictures]),
            PatientHashes = Pack([.. patients]),
        };
    }

    internal static HashSet<ulong> Unpack(byte[] bytes)
    {
        var values = new HashSet<ulong>(bytes.Length / HashBytes);
        for (int i = 0; i + HashBytes <= bytes.Length; i += HashBytes) values.Add(BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(i)));
        return values;
    }

    private static byte[] Pack(ulong[] hashes)
    {
        Array.Sort(hashes);
        int count = Math.Min(hashes.Length, MostHashes);
        var bytes = new byte[count * HashBytes];
        for (int i = 0; i < count; i++) BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * HashBytes), hashes[i]);
        return bytes;
    }
}
