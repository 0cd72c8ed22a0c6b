using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RadTex.Studies;

/// <summary>Splits by patient: a stable hash of the patient's id, so that a patient stays where it is when others come or go.</summary>
public static class PatientSplits
{
    /// <summary>The split of a patient. The same patient, seed and fractions give the same split in every program and on every machine.</summary>
    public static Split Assign(string patientId, int seed, SplitFractions fractions)
    {
        double position = UnitHash(patientId, seed);
        return position < fractions.Train ? Split.Train : position < fractions.Train + fractions.Validate ? Split.Validate : Split.Test;
    }

    /// <summary>The part of training that becomes validation where an archive has no validation split of its own.</summary>
    internal static Split CarveValidation(string patientId, int seed, SplitFractions fractions) =>
        UnitHash(patientId, seed) < fractions.Validate / (fractions.Train + fractions.Validate) ? Split.Validate : Split.Train;

    /// <summary>The number of patients that are in more than one split.</summary>
    internal static int Shared(IEnumerable<(string PatientId, Split Split)> radiographs)
    {
        var first = new Dictionary<string, Split>();
        var shared = new HashSet<string>();
        foreach (var (patient, split) in radiographs)
            if (!first.TryAdd(patient, split) && first[patient] != split) shared.Add(patient);
        return shared.Count;
    }

    /// <summary>A number in [0, 1): the first 53 bits of SHA-256 over "seed newline patient".</summary>
    private static double UnitHash(string patientId, int seed) => UnitHash($"{seed}", patientId);

    /// <summary>The same for any key in place of the seed.</summary>
    internal static double UnitHash(string key, string patientId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{key}\n{patientId}"), hash);
        return (BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) * (1.0 / (1UL << 53));
    }
}
