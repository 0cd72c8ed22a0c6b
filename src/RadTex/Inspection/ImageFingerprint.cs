using System.Numerics;
using System.Numerics.Tensors;
using RadTex.Data;

namespace RadTex.Inspection;

/// <summary>
/// What a radiograph looks like in 256 bits: the signs of its low cosine frequencies. Copies that were re-encoded, resized, brightened or
/// turned by 2 degrees differ in few bits, different radiographs in about half of them (in a quarter at the least): near fingerprints
/// are candidates, which <see cref="AlignedSimilarity"/> decides.
/// </summary>
/// <param name="Bits0">The signs of the 64 lowest frequencies.</param>
/// <param name="Bits1">Of the next 64.</param>
/// <param name="Bits2">Of the next 64.</param>
/// <param name="Bits3">Of the 64 highest.</param>
/// <remarks>Measured in docs/results/duplicates.md. About 0.2 ms for a radiograph of 256 px.</remarks>
public readonly record struct ImageFingerprint(ulong Bits0, ulong Bits1, ulong Bits2, ulong Bits3)
{
    /// <summary>The number of bits.</summary>
    public const int BitCount = 256;

    /// <summary>The side of the picture it is made of.</summary>
    internal const int Side = 64;

    /// <summary>The part of each edge that is not looked at: turned copies have corners of another grey there.</summary>
    private const int Margin = Side / 8, Inner = Side - 2 * Margin;

    /// <summary>Frequencies (i, j) with i + j from 3 (below: exposure and shading) to 22, the lowest first.</summary>
    private const int LowestSum = 3, FrequencyCount = 23;

    private static readonly (int Row, int Column)[] Frequencies =
    [
        .. from sum in Enumerable.Range(LowestSum, FrequencyCount - LowestSum)
           from row in Enumerable.Range(0, sum + 1)
           select (row, sum - row),
    ];

    private static readonly float[] Cosines = MakeCosines();

    /// <summary>The number of bits in which two differ.</summary>
    public static int Distance(in ImageFingerprint a, in ImageFingerprint b) =>
        BitOperations.PopCount(a.Bits0 ^ b.Bits0) + BitOperations.PopCount(a.Bits1 ^ b.Bits1)
        + BitOperations.PopCount(a.Bits2 ^ b.Bits2) + BitOperations.PopCount(a.Bits3 ^ b.Bits3);

    /// <summary>The fingerprint of height x width bytes, row by row.</summary>
    public static ImageFingerprint Of(ReadOnlySpan<byte> pixels, int height, int width) => Of(ReducedRadiograph.Reduce(pixels, height, width, Side));

    /// <summary>The cosine transform of the inner part, rows first; only the frequencies needed.</summary>
    internal static ImageFingerprint Of(ReadOnlySpan<float> reduced)
    {
        var rows = new float[Inner * FrequencyCount];
        for (int y = 0; y < Inner; y++)
        {
            var line = reduced.Slice((y + Margin) * Side + Margin, Inner);
            for (int f = 0; f < FrequencyCount; f++)
                rows[f * Inner + y] = TensorPrimitives.Dot(line, Cosines.AsSpan(f * Inner, Inner));
        }
        Span<ulong> bits = stackalloc ulong[4];
        for (int i = 0; i < BitCount; i++)
        {
            var (row, column) = Frequencies[i];
            float value = TensorPrimitives.Dot<float>(rows.AsSpan(column * Inner, Inner), Cosines.AsSpan(row * Inner, Inner));
            if (value > 0) bits[i >> 6] |= 1UL << (i & 63);
        }
        return new(bits[0], bits[1], bits[2], bits[3]);
    }

    private static float[] MakeCosines()
    {
        var cosines = new float[FrequencyCount * Inner];
        for (int f = 0; f < FrequencyCount; f++)
            for (int x = 0; x < Inner; x++) cosines[f * Inner + x] = (float)Math.Cos(Math.PI * f * (x + 0.5) / Inner);
        return cosines;
    }
}
