using System.IO.Hashing;
using System.Text;

namespace RadTex.Learning.SelfCheck;

/// <summary>The closed formula from which every weight of a golden case comes: splitmix64 over the name's CRC-32 and the index.</summary>
internal static class GoldenFill
{
    /// <summary>float32(scale · √3 · u) for the first <paramref name="count"/> indices, u uniform in [-1, 1): standard deviation = scale.</summary>
    internal static float[] Values(string name, double scale, long count)
    {
        ulong seed = (ulong)Crc32.HashToUInt32(Encoding.UTF8.GetBytes(name)) << 32;
        double factor = scale * Math.Sqrt(3);
        var values = new float[count];
        Parallel.For(0, (int)((count + BlockSize - 1) / BlockSize), block =>
        {
            long end = Math.Min(count, (block + 1L) * BlockSize);
            for (long i = (long)block * BlockSize; i < end; i++) values[i] = (float)(factor * ((Mix(seed + (ulong)i) >> 40) / 8388608.0 - 1));
        });
        return values;
    }

    private const int BlockSize = 1 << 20;

    // Steele, Lea and Flood 2014.
    private static ulong Mix(ulong input)
    {
        ulong z = unchecked(input + 0x9E3779B97F4A7C15UL);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return z ^ (z >> 31);
    }
}
