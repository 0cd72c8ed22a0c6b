using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace RadTex.Imaging.Jpeg;

/// <summary>
/// The scan of a sequential grey JPEG of 8 bits at 1/2, 1/4 or 1/8 of its size: every pixel is the mean of 2 x 2, 4 x 4 or 8 x 8 of the whole picture's.
/// </summary>
/// <remarks>
/// A mean of pixels is linear in a block's coefficients, so each coefficient is added, times its share of every pixel, as soon as it is
/// read: no block is kept and no transform is made. What remains is taking the codes apart, with the bits in registers.
/// </remarks>
internal sealed class JpegShrunkScan
{
    private const int Side = 8, Coefficients = 64, Window = 10; // bits that are looked up at once

    private readonly int rows, columns, pixels;
    private readonly Vector512<float>[] shares = new Vector512<float>[Coefficients]; // of coefficient k in the 1, 4 or 16 pixels of a block
    private readonly int[] whole = new int[1 << Window]; // value << 16 | run << 8 | bits, where code and value fit into the window; else 0
    private readonly JpegHuffmanTable dc, ac;

    /// <param name="rows">Of the whole picture.</param>
    /// <param name="columns">Of the whole picture.</param>
    /// <param name="shrink">2, 4 or 8.</param>
    /// <param name="steps">The quantisation, in zigzag order.</param>
    /// <param name="dc">Codes of the first coefficients.</param>
    /// <param name="ac">Codes of the others.</param>
    internal JpegShrunkScan(int rows, int columns, int shrink, ushort[] steps, JpegHuffmanTable dc, JpegHuffmanTable ac)
    {
        (this.rows, this.columns, pixels, this.dc, this.ac) = (rows, columns, Side / shrink, dc, ac);
        Span<float> share = stackalloc float[16];
        for (int k = 0; k < Coefficients; k++)
        {
            int place = JpegCosineScan.ZigZag[k];
            for (int y = 0; y < pixels; y++)
                for (int x = 0; x < pixels; x++) share[y * pixels + x] = (float)(steps[k] * Mean(place / Side, y, shrink) * Mean(place % Side, x, shrink));
            shares[k] = Vector512.Create<float>(share);
        }
        for (int window = 0; window < whole.Length; window++)
        {
            var (symbol, length) = ac.Find(window << (16 - Window), orElse: 0);
            int size = symbol & 15;
            if (length == 0 || size == 0 || length + size > Window) continue;
            int bits = (window >> (Window - length - size)) & ((1 << size) - 1);
            whole[window] = Signed(bits, size) << 16 | symbol >> 4 << 8 | (length + size);
        }
    }

    /// <summary>The shrunken picture, row by row; its sides are rounded up.</summary>
    /// <param name="stream">The whole JPEG.</param>
    /// <param name="at">Where the coded data starts.</param>
    /// <param name="restartBlocks">A restart every so many blocks; 0 for none.</param>
    /// <exception cref="ImageFaultException">Damaged, cut off, or followed by something other than the end of the picture.</exception>
    internal byte[] Decode(ReadOnlySpan<byte> stream, int at, int restartBlocks)
    {
        int shrink = Side / pixels, height = (rows + shrink - 1) / shrink, width = (columns + shrink - 1) / shrink;
        var picture = new byte[height * width];
        ulong bits = 0; // the next ones, the first at the top
        int count = 0, madeUp = 0, previous = 0, done = 0, restarts = 0;
        for (int top = 0; top < height; top += pixels)
        {
            for (int left = 0; left < width; left += pixels, done++)
            {
                if (restartBlocks > 0 && done > 0 && done % restartBlocks == 0)
                {
                    CheckEnd(stream, at, count - madeUp, 0xD0 + (restarts++ & 7));
                    (bits, count, madeUp, previous, at) = (0, 0, 0, 0, at + 2);
                }
                if (count < 32) Fill(stream, ref at, ref bits, ref count, ref madeUp);
                var (category, length) = dc.Find((int)(bits >> 48));
                if (category > 11) throw JpegDecoder.Damaged("a coefficient of its JPEG has more than 11 bits");
                bits <<= length;
                previous = Math.Clamp(previous + (category == 0 ? 0 : Signed((int)(bits >> (64 - category)), category)), -1 << 20, 1 << 20); // no valid stream gets near
                bits <<= category;
                count -= length + category;
                var block = Vector512.Create(128.5f) + shares[0] * (float)previous;
                for (int k = 1; k < Coefficients; k++)
                {
                    if (count < 32)
                    {
                        // Eight bytes at once, unless one of them may belong to a marker.
                        ulong next = at + 8 <= stream.Length ? BinaryPrimitives.ReadUInt64BigEndian(stream[at..]) : ulong.MaxValue;
                        if (((~next - 0x0101010101010101) & next & 0x8080808080808080) == 0)
                        {
                            bits |= next >> count; // bits beyond those counted are the stream's own, and come again
                            at += (63 - count) >> 3;
                            count += (63 - count) & ~7;
                        }
                        else Fill(stream, ref at, ref bits, ref count, ref madeUp);
                    }
                    int entry = whole[(int)(bits >> (64 - Window))];
                    if (entry != 0)
                    {
                        k += (entry >> 8) & 15;
                        bits <<= entry & 255;
                        count -= entry & 255;
                        if (k >= Coefficients) throw TooMany();
                        block = Vector512.FusedMultiplyAdd(Vector512.Create((float)(entry >> 16)), shares[k], block);
                        continue;
                    }
                    (int symbol, length) = ac.Find((int)(bits >> 48));
                    int size = symbol & 15;
                    bits <<= length;
                    if (size == 0)
                    {
                        count -= length;
                        if (symbol != 0xF0) break; // end of block
                        k += 15;
                        continue;
                    }
                    k += symbol >> 4;
                    if (k >= Coefficients) throw TooMany();
                    int value = Signed((int)(bits >> (64 - size)), size);
                    bits <<= size;
                    count -= length + size;
                    block = Vector512.FusedMultiplyAdd(Vector512.Create((float)value), shares[k], block);
                }
                var levels = Vector512.ConvertToInt32(Vector512.Min(Vector512.Max(block, Vector512<float>.Zero), Vector512.Create(255f))); // cut down: a half was added
                for (int y = 0; y < Math.Min(pixels, height - top); y++)
                    for (int x = 0; x < Math.Min(pixels, width - left); x++) picture[(top + y) * width + left + x] = (byte)levels[y * pixels + x];
            }
            if (madeUp > count) throw JpegDecoder.Damaged("its JPEG is cut off");
        }
        while (at + 1 < stream.Length && stream[at] == 0xFF && stream[at + 1] == 0xFF) at++; // fill bytes
        CheckEnd(stream, at, count - madeUp, 0xD9);
        return picture;
    }

    private static void CheckEnd(ReadOnlySpan<byte> stream, int at, int left, int marker)
    {
        if (left is < 0 or >= 8) throw JpegDecoder.Damaged("its JPEG has more or fewer codes than pixels");
        if (stream.Length - at < 2 || stream[at] != 0xFF || stream[at + 1] != marker) throw JpegDecoder.Damaged("a marker is missing in its JPEG");
    }

    /// <summary>Byte by byte: past stuffed zeros, and with zeros from a marker on.</summary>
    private static void Fill(ReadOnlySpan<byte> stream, ref int at, ref ulong bits, ref int count, ref int madeUp)
    {
        while (count <= 56)
        {
            ulong next = 0;
            if (at < stream.Length && (stream[at] != 0xFF || (at + 1 < stream.Length && stream[at + 1] == 0)))
            {
                next = stream[at];
                at += next == 0xFF ? 2 : 1;
            }
            else madeUp += 8;
            bits |= next << (56 - count);
            count += 8;
        }
    }

    private static int Signed(int bits, int size) => bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits; // ITU T.81, F.2.2.1

    /// <summary>The mean of c(u) / 2 cos((2x + 1) u pi / 16) over the pixels x that become one.</summary>
    private static double Mean(int u, int pixel, int shrink)
    {
        double sum = 0;
        for (int x = pixel * shrink; x < (pixel + 1) * shrink; x++) sum += Math.Cos((2 * x + 1) * u * Math.PI / 16);
        return sum / shrink / 2 * (u == 0 ? Math.Sqrt(0.5) : 1);
    }

    private static ImageFaultException TooMany() => JpegDecoder.Damaged("a block of its JPEG has more than 64 coefficients");
}
