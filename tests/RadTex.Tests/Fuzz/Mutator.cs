using System.Buffers.Binary;

namespace RadTex.Tests.Fuzz;

/// <summary>
/// Damages files in the ways that break parsers: flipped bits, extreme numbers, lost, doubled and foreign stretches, cuts. Seeded: trial n is always
/// the same.
/// </summary>
internal static class Mutator
{
    private static readonly uint[] Extremes =
        [0, 1, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF];

    internal static byte[] Mutate(IReadOnlyList<byte[]> seeds, long seed, out int which)
    {
        var random = new Random(HashCode(seed));
        which = random.Next(seeds.Count);
        var bytes = new List<byte>(seeds[which]);
        for (int rounds = 1 + random.Next(4); rounds > 0; rounds--) Once(bytes, seeds, random);
        return [.. bytes];
    }

    private static void Once(List<byte> bytes, IReadOnlyList<byte[]> seeds, Random random)
    {
        if (bytes.Count < 8) return;
        int at = random.Next(bytes.Count - 4), length = Math.Min(1 << random.Next(10), bytes.Count - at);
        switch (random.Next(9))
        {
            case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: bytes[at] = (byte)random.Next(256); break;
            case 2: case 3: Write(bytes, at, Extremes[random.Next(Extremes.Length)], random.Next(2) == 0 ? 2 : 4, random.Next(2) == 0); break;
            case 4: bytes.RemoveRange(at, length); break;
            case 5: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
            case 6: bytes.RemoveRange(at, bytes.Count - at); break;
            case 7: // a stretch of another file
                var other = seeds[random.Next(seeds.Count)];
                int from = random.Next(other.Length), taken = Math.Min(length, other.Length - from);
                bytes.RemoveRange(at, Math.Min(taken, bytes.Count - at));
                bytes.InsertRange(at, other.Skip(from).Take(taken));
                break;
            default: Write(bytes, at, (uint)random.Next(1 << random.Next(1, 31)), 2, random.Next(2) == 0); break;
        }
    }

    private static void Write(List<byte> bytes, int at, uint value, int size, bool bigEndian)
    {
        Span<byte> four = stackalloc byte[4];
        if (bigEndian) BinaryPrimitives.WriteUInt32BigEndian(four, size == 2 ? value << 16 : value);
        else BinaryPrimitives.WriteUInt32LittleEndian(four, value);
        for (int i = 0; i < size; i++) bytes[at + i] = four[i];
    }

    /// <summary>Spreads neighbouring seeds far apart (splitmix64).</summary>
    private static int HashCode(long seed)
    {
        ulong z = (ulong)seed + 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return (int)(z ^ (z >> 31));
    }
}
