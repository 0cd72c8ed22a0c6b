using System.Runtime.Intrinsics;

namespace RadTex.Imaging.Jpeg;

/// <summary>The scan of a sequential JPEG of one component: blocks of 8 x 8 cosine coefficients (ITU T.81, annexes A and F).</summary>
internal sealed class JpegCosineScan(int rows, int columns, int precision, ushort[] steps, JpegHuffmanTable dc, JpegHuffmanTable ac)
{
    private const int Side = 8, Coefficients = 64;

    /// <summary>The place, row v and column u, of the k-th coefficient.</summary>
    internal static readonly byte[] ZigZag =
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    /// <summary>Row u holds c(u) / 2 cos((2x + 1) u pi / 16) for x = 0 to 7.</summary>
    private static readonly Vector256<float>[] Basis = MakeBasis();

    private readonly float[] block = new float[Coefficients];

    /// <summary>Rows x columns samples, rounded to the nearest and clipped to the precision's range.</summary>
    /// <param name="stream">The whole JPEG.</param>
    /// <param name="at">Where the coded data starts.</param>
    /// <param name="restartBlocks">A restart every so many blocks; 0 for none.</param>
    internal ushort[] Decode(ReadOnlySpan<byte> stream, int at, int restartBlocks)
    {
        var samples = GC.AllocateUninitializedArray<ushort>(rows * columns);
        var bits = new JpegBits(stream, at);
        int previous = 0, done = 0, restarts = 0;
        for (int top = 0; top < rows; top += Side)
        {
            for (int left = 0; left < columns; left += Side, done++)
            {
                if (restartBlocks > 0 && done > 0 && done % restartBlocks == 0)
                {
                    if (bits.Overran) throw CutOff();
                    bits.Restart(restarts++);
                    previous = 0;
                }
                DecodeBlock(ref bits, ref previous);
                Transform(samples, top, left);
            }
            if (bits.Overran) throw CutOff();
        }
        return samples;
    }

    /// <summary>Fills <see cref="block"/> with dequantised coefficients, row v and column u.</summary>
    private void DecodeBlock(ref JpegBits bits, ref int previous)
    {
        Array.Clear(block);
        int category = bits.TakeSymbol(dc);
        if (category > 15) throw JpegDecoder.Damaged("a coefficient of its JPEG has more than 15 bits");
        previous = Math.Clamp(previous + bits.TakeDifference(category), -1 << 20, 1 << 20); // no valid stream gets near
        block[0] = previous * steps[0];
        for (int k = 1; k < Coefficients; k++)
        {
            int symbol = bits.TakeSymbol(ac), run = symbol >> 4, size = symbol & 15;
            if (size == 0)
            {
                if (run != 15) return; // end of block
                k += 15;
                continue;
            }
            k += run;
            if (k >= Coefficients) throw JpegDecoder.Damaged("a block of its JPEG has more than 64 coefficients");
            block[ZigZag[k]] = bits.TakeDifference(size) * steps[k];
        }
    }

    /// <summary>The inverse cosine transform, first along each row of coefficients, then down the columns, eight values at a time.</summary>
    private void Transform(ushort[] samples, int top, int left)
    {
        Span<Vector256<float>> lines = stackalloc Vector256<float>[Side];
        for (int v = 0; v < Side; v++)
        {
            var sum = Vector256<float>.Zero;
            for (int u = 0; u < Side; u++)
                if (block[v * Side + u] is var coefficient and not 0) sum += Basis[u] * coefficient;
            lines[v] = sum;
        }
        float middle = 1 << (precision - 1);
        int most = (1 << precision) - 1, height = Math.Min(Side, rows - top), width = Math.Min(Side, columns - left);
        for (int y = 0; y < height; y++)
        {
            var sum = Vector256.Create(middle + 0.5f);
            for (int v = 0; v < Side; v++) sum += lines[v] * Basis[v][y];
            var to = samples.AsSpan((top + y) * columns + left, width);
            var values = Vector256.ConvertToInt32(
                Vector256.Floor(Vector256.Min(Vector256.Max(sum, Vector256<float>.Zero), Vector256.Create((float)most))));
            for (int x = 0; x < width; x++) to[x] = (ushort)values[x];
        }
    }

    private static Vector256<float>[] MakeBasis()
    {
        var basis = new Vector256<float>[Side];
        for (int u = 0; u < Side; u++)
            for (int x = 0; x < Side; x++)
                basis[u] = basis[u].WithElement(x, (float)(Math.Cos((2 * x + 1) * u * Math.PI / 16) / 2 * (u == 0 ? Math.Sqrt(0.5) : 1)));
        return basis;
    }

    private static ImageFaultException CutOff() => JpegDecoder.Damaged("its JPEG is cut off");
}
