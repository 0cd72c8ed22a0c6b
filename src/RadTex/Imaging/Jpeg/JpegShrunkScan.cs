using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RadTex.Imaging.Jpeg;

/// <summary>
/// The scan of a sequential grey JPEG of 8 bits at 1/2, 1/4 or 1/8 of its size: every pixel is the mean of 2 x 2, 4 x 4 or 8 x 8 of the whole
/// picture's.
/// </summary>
/// <remarks>
/// A mean of pixels is linear in a block's coefficients, so each coefficient is added, times its share of every pixel, as soon as it is
/// read: no block is kept and no transform is made. What remains is taking the codes apart, with the bits in registers.
/// </remarks>
internal sealed unsafe class JpegShrunkScan
{
    // bits that are looked up at once; a run that leads out of every block
    private const int Side = 8, Coefficients = 64, Window = 12, EndOfBlock = 0x80;

    private readonly int rows, columns, pixels;
    private readonly Vector512<float>[] shares = new Vector512<float>[Coefficients]; // of coefficient k in the 1, 4 or 16 pixels of a block
    // value << 16 | run << 8 | bits, where code and value fit into the window; else 0. Codes of no value have 0
    private readonly int[] whole = new int[1 << Window];

    /// <summary>The bits that come next, and the block they belong to.</summary>
    private struct Bits
    {
        internal Vector512<float> Block; // its pixels so far
        internal ulong Next; // the first at the top
        internal int Count; // of them, made-up ones included
        internal int MadeUp; // zeros from a marker on, taken or not
        internal int At; // where the stream goes on
        internal int Position; // k of the next coefficient

        internal void Drop(int length)
        {
            Next <<= length;
            Count -= length;
        }
    }

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
            int position = JpegCosineScan.ZigZag[k];
            for (int y = 0; y < pixels; y++)
                for (int x = 0; x < pixels; x++)
                    share[y * pixels + x] = (float)(steps[k] * Mean(position / Side, y, shrink) * Mean(position % Side, x, shrink));
            shares[k] = Vector512.Create<float>(share);
        }
        for (int window = 0; window < whole.Length; window++)
        {
            var (symbol, length) = ac.Find(window << (16 - Window), orElse: 0);
            int size = symbol & 15;
            if (length == 0 || length + size > Window) continue;
            if (size == 0)
            {
                whole[window] = (symbol == 0xF0 ? 15 : EndOfBlock) << 8 | length;
                continue;
            }
            int bits = (window >> (Window - length - size)) & ((1 << size) - 1);
            whole[window] = Signed(bits, size) << 16 | symbol >> 4 << 8 | (length + size); // the eighth bit and the seventh stay 0
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
        // else every one lies across two cache lines
        var aligned = (Vector512<float>*)NativeMemory.AlignedAlloc((nuint)(Coefficients * sizeof(Vector512<float>)), (nuint)sizeof(Vector512<float>));
        try
        {
            shares.CopyTo(new Span<Vector512<float>>(aligned, Coefficients));
            fixed (int* codes = whole)
                DecodeBlocks(stream, at, restartBlocks, aligned, codes, picture, width);
        }
        finally { NativeMemory.AlignedFree(aligned); }
        return picture;
    }

    private void DecodeBlocks(
        ReadOnlySpan<byte> stream, int at, int restartBlocks, Vector512<float>* share, int* codes, Span<byte> picture, int width)
    {
        int height = picture.Length / width;
        var bits = new Bits { At = at };
        int previous = 0, done = 0, restarts = 0;
        int* level = stackalloc int[Vector512<int>.Count];
        fixed (byte* start = stream)
            for (int top = 0; top < height; top += pixels)
            {
                for (int left = 0; left < width; left += pixels, done++)
                {
                    if (restartBlocks > 0 && done > 0 && done % restartBlocks == 0)
                    {
                        CheckEnd(stream, bits, 0xD0 + (restarts++ & 7));
                        (bits, previous) = (new Bits { At = bits.At + 2 }, 0);
                    }
                    if (bits.Count < 32) Fill(stream, ref bits);
                    var (category, length) = dc.Find((int)(bits.Next >> 48));
                    if (category > 11) throw JpegDecoder.Damaged("a coefficient of its JPEG has more than 11 bits");
                    bits.Drop(length);
                    // no valid stream gets near
                    previous = Math.Clamp(previous + (category == 0 ? 0 : Signed((int)(bits.Next >> (64 - category)), category)), -1 << 20, 1 << 20);
                    bits.Drop(category);
                    bits.Block = Vector512.FusedMultiplyAdd(share[0], Vector512.Create((float)previous), Vector512.Create(128.5f));
                    bits.Position = 1;
                    while (!TakeCoefficients(&bits, start, stream.Length - sizeof(ulong), codes, share)) TakeOne(stream, ref bits, share);
                    // cut down: a half was added
                    var levels = Vector512.ConvertToInt32(Vector512.Min(Vector512.Max(bits.Block, Vector512<float>.Zero), Vector512.Create(255f)));
                    levels.Store(level);
                    int high = Math.Min(pixels, height - top), wide = Math.Min(pixels, width - left);
                    for (int y = 0; y < high; y++)
                        for (int x = 0; x < wide; x++) picture[(top + y) * width + left + x] = (byte)level[y * pixels + x];
                }
                if (bits.MadeUp > bits.Count) throw JpegDecoder.Damaged("its JPEG is cut off");
            }
        while (bits.At + 1 < stream.Length && stream[bits.At] == 0xFF && stream[bits.At + 1] == 0xFF) bits.At++; // fill bytes
        CheckEnd(stream, bits, 0xD9);
    }

    /// <summary>
    /// Adds the coefficients of a block; true at its end, false at what is left to <see cref="TakeOne"/>: a long code, or bytes near a marker or the
    /// end.
    /// </summary>
    /// <remarks>Nine tenths of the time is spent here. It calls nothing, so that everything stays in registers.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TakeCoefficients(Bits* state, byte* stream, int last, int* codes, Vector512<float>* share)
    {
        ulong bits = state->Next;
        int count = state->Count, at = state->At, k = state->Position;
        var block = state->Block;
        bool ends = true;
        while (k < Coefficients)
        {
            if (count < 32)
            {
                // Eight bytes at once, unless one of them may belong to a marker.
                ulong next = at <= last ? BinaryPrimitives.ReverseEndianness(*(ulong*)(stream + at)) : ulong.MaxValue;
                if (((~next - 0x0101010101010101) & next & 0x8080808080808080) != 0)
                {
                    ends = false;
                    break;
                }
                bits |= next >> count; // bits beyond those counted are the stream's own, and come again
                at += (63 - count) >> 3;
                count |= 56; // whole bytes more
            }
            int entry = codes[bits >> (64 - Window)];
            if (entry == 0)
            {
                ends = false;
                break;
            }
            k += (entry >> 8) & 255;
            bits <<= entry; // its lowest six bits are the length
            count -= entry & 63;
            if (k >= Coefficients) break;
            block = Vector512.FusedMultiplyAdd(Vector512.Create((float)(entry >> 16)), share[k], block);
            k++;
        }
        (state->Next, state->Count, state->At, state->Position, state->Block) = (bits, count, at, k, block);
        return ends;
    }

    /// <summary>
    /// Takes the next coefficient the careful way. The end of a block, and a run out of it, move <see cref="Bits.Position"/> out of the block.
    /// </summary>
    private void TakeOne(ReadOnlySpan<byte> stream, ref Bits bits, Vector512<float>* share)
    {
        if (bits.Count < 32) Fill(stream, ref bits);
        var (symbol, length) = ac.Find((int)(bits.Next >> 48));
        bits.Drop(length);
        int size = symbol & 15;
        if (size == 0)
        {
            bits.Position += symbol == 0xF0 ? 16 : EndOfBlock;
            return;
        }
        bits.Position += symbol >> 4;
        if (bits.Position < Coefficients) bits.Block += share[bits.Position] * (float)Signed((int)(bits.Next >> (64 - size)), size);
        bits.Drop(size);
        bits.Position++;
    }

    private static void CheckEnd(ReadOnlySpan<byte> stream, in Bits bits, int marker)
    {
        if (bits.Count - bits.MadeUp is < 0 or >= 8) throw JpegDecoder.Damaged("its JPEG has more or fewer codes than pixels");
        if (stream.Length - bits.At < 2 || stream[bits.At] != 0xFF || stream[bits.At + 1] != marker)
            throw JpegDecoder.Damaged("a marker is missing in its JPEG");
    }

    /// <summary>Byte by byte: past stuffed zeros, and with zeros from a marker on.</summary>
    private static void Fill(ReadOnlySpan<byte> stream, ref Bits bits)
    {
        while (bits.Count <= 56)
        {
            ulong next = 0;
            if (bits.At < stream.Length && (stream[bits.At] != 0xFF || (bits.At + 1 < stream.Length && stream[bits.At + 1] == 0)))
            {
                next = stream[bits.At];
                bits.At += next == 0xFF ? 2 : 1;
            }
            else bits.MadeUp += 8;
            bits.Next |= next << (56 - bits.Count);
            bits.Count += 8;
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
}
