using System.Buffers.Binary;

namespace RadTex.Imaging.Jpeg;

/// <summary>
/// Decodes the JPEG processes of radiographs that libjpeg-turbo's common build does not: sequential DCT of 8 or 12 bits (processes 2 and 4)
/// and lossless of 2 to 16 bits with any predictor (process 14); and grey pictures of 8 bits at a part of their size, which here takes less
/// time than in libvips. One component, one scan, Huffman codes (ITU T.81).
/// </summary>
internal sealed class JpegDecoder
{
    private const int Huffman8 = 0xC0, Huffman12 = 0xC1, Lossless = 0xC3;

    private readonly ushort[]?[] quantisation = new ushort[4][];
    private readonly JpegHuffmanTable?[] dc = new JpegHuffmanTable[4], ac = new JpegHuffmanTable[4];
    private int process, precision, rows, columns, component, quantisationTable, restartInterval;

    private JpegDecoder() { }

    /// <summary>The samples, rows x columns, row by row.</summary>
    /// <param name="stream">From the start-of-image marker on; what follows the scan is not read.</param>
    /// <param name="rows">The height the stream must have.</param>
    /// <param name="columns">The width it must have.</param>
    /// <exception cref="ImageFaultException">Damaged, cut off, of another size, or another process.</exception>
    internal static ushort[] Decode(ReadOnlySpan<byte> stream, int rows, int columns) => new JpegDecoder().DecodeStream(stream, rows, columns);

    /// <summary>
    /// A grey picture of 8 bits at 1/2, 1/4 or 1/8 of its size, sides rounded up, row by row; null for every other kind of JPEG, and for one that is
    /// damaged in any way.
    /// </summary>
    /// <param name="stream">A whole file.</param>
    /// <param name="rows">The height it must have.</param>
    /// <param name="columns">The width it must have.</param>
    /// <param name="shrink">2, 4 or 8.</param>
    internal static byte[]? TryDecodeShrunk(ReadOnlySpan<byte> stream, int rows, int columns, int shrink)
    {
        var decoder = new JpegDecoder();
        try
        {
            int scan = decoder.ReadToScan(stream, rows, columns, out var header);
            if (decoder.process == Lossless || decoder.precision != 8) return null;
            var (steps, dcCodes, acCodes) = decoder.CosineTables(header);
            CheckLength(stream.Length - scan, rows, columns, isLossless: false);
            return new JpegShrunkScan(rows, columns, shrink, steps, dcCodes, acCodes).Decode(stream, scan, decoder.restartInterval);
        }
        catch (ImageFaultException) { return null; }
    }

    private ushort[] DecodeStream(ReadOnlySpan<byte> stream, int expectedRows, int expectedColumns)
    {
        int scan = ReadToScan(stream, expectedRows, expectedColumns, out var header);
        return ReadScan(header, stream, scan);
    }

    /// <summary>Reads everything before the coded data; returns where that starts.</summary>
    private int ReadToScan(ReadOnlySpan<byte> stream, int expectedRows, int expectedColumns, out ReadOnlySpan<byte> header)
    {
        if (!stream.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8])) throw Damaged("its pixel data is no JPEG");
        for (int at = 2; ;)
        {
            while (at + 1 < stream.Length && stream[at] == 0xFF && stream[at + 1] == 0xFF) at++; // fill bytes
            if (stream.Length - at < 4 || stream[at] != 0xFF) throw Damaged("no marker where one should stand in its JPEG");
            int marker = stream[at + 1], length = BinaryPrimitives.ReadUInt16BigEndian(stream[(at + 2)..]);
            if (length < 2 || length > stream.Length - at - 2) throw Damaged("a segment of its JPEG leads out of it");
            var segment = stream.Slice(at + 4, length - 2);
            at += 2 + length;
            switch (marker)
            {
                case 0xDB: ReadQuantisation(segment); break;
                case 0xC4: ReadHuffman(segment); break;
                case 0xDD: restartInterval = segment.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(segment) : throw Short(); break;
                case Huffman8 or Huffman12 or Lossless: ReadFrame(marker, segment, expectedRows, expectedColumns); break;
                case 0xDA:
                    header = segment;
                    CheckScan(segment);
                    return at;
                case 0xDC or (>= 0xC0 and <= 0xCF and not 0xC8): throw Unsupported($"process {marker - 0xC0}");
                case 0xFE or (>= 0xE0 and <= 0xEF): break; // comments, application data
                default: throw Damaged("an unknown marker in its JPEG");
            }
        }
    }

    private void ReadQuantisation(ReadOnlySpan<byte> segment)
    {
        while (segment.Length > 0)
        {
            int wide = segment[0] >> 4, table = segment[0] & 15, bytes = wide == 0 ? 64 : 128;
            if (wide > 1 || table > 3 || segment.Length < 1 + bytes) throw Short();
            var values = quantisation[table] = new ushort[64];
            for (int i = 0; i < 64; i++) values[i] = wide == 0 ? segment[1 + i] : BinaryPrimitives.ReadUInt16BigEndian(segment[(1 + 2 * i)..]);
            segment = segment[(1 + bytes)..];
        }
    }

    private void ReadHuffman(ReadOnlySpan<byte> segment)
    {
        while (segment.Length > 0)
        {
            if (segment.Length < 17) throw Short();
            int kind = segment[0] >> 4, table = segment[0] & 15, total = 0;
            foreach (byte count in segment.Slice(1, 16)) total += count;
            if (kind > 1 || table > 3 || total > 256 || segment.Length < 17 + total) throw Short();
            // categories, 16 in lossless ones only
            if (kind == 0 && segment.Slice(17, total).ContainsAnyExceptInRange((byte)0, (byte)16)) throw Short();
            (kind == 0 ? dc : ac)[table] = new JpegHuffmanTable(segment.Slice(1, 16), segment.Slice(17, total));
            segment = segment[(17 + total)..];
        }
    }

    private void ReadFrame(int marker, ReadOnlySpan<byte> segment, int expectedRows, int expectedColumns)
    {
        if (process != 0) throw Damaged("its JPEG has two frames");
        if (segment.Length < 6) throw Short();
        (process, precision) = (marker, segment[0]);
        (rows, columns) = (BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), BinaryPrimitives.ReadUInt16BigEndian(segment[3..]));
        if (rows != expectedRows || columns != expectedColumns)
            throw Damaged($"its JPEG has {columns} x {rows} pixels; the header says {expectedColumns} x {expectedRows}");
        if (segment[5] != 1) throw Unsupported($"{segment[5]} components");
        if (segment.Length < 9) throw Short();
        bool known = process switch { Huffman8 => precision == 8, Huffman12 => precision is 8 or 12, _ => precision is >= 2 and <= 16 };
        if (!known) throw Unsupported($"{precision} bits in process {marker - Huffman8}");
        (component, quantisationTable) = (segment[6], segment[8]);
    }

    private void CheckScan(ReadOnlySpan<byte> segment)
    {
        if (process == 0) throw Damaged("its JPEG has a scan before its frame");
        if (segment.Length < 6) throw Short();
        if (segment[0] != 1 || segment[1] != component) throw Unsupported("a scan of several components");
    }

    private JpegHuffmanTable DcCodes(ReadOnlySpan<byte> segment) =>
        segment[2] >> 4 is <= 3 and int table && dc[table] is { } codes ? codes : throw Damaged("its JPEG lacks a Huffman table");

    private (ushort[] Steps, JpegHuffmanTable Dc, JpegHuffmanTable Ac) CosineTables(ReadOnlySpan<byte> segment)
    {
        int acTable = segment[2] & 15;
        if (acTable > 3 || ac[acTable] is not { } acCodes || quantisationTable > 3 || quantisation[quantisationTable] is not { } steps)
            throw Damaged("its JPEG lacks a table");
        if (segment[3] != 0 || segment[4] != 63 || segment[5] != 0) throw Unsupported("a partial scan");
        return (steps, DcCodes(segment), acCodes);
    }

    private ushort[] ReadScan(ReadOnlySpan<byte> segment, ReadOnlySpan<byte> stream, int at)
    {
        if (process == Lossless)
        {
            var codes = DcCodes(segment);
            int predictor = segment[3], shift = segment[5] & 15;
            if (predictor is < 1 or > 7 || shift >= precision) throw Unsupported($"predictor {predictor}");
            if (restartInterval % columns != 0) throw Unsupported("restarts within a row");
            CheckLength(stream.Length - at, rows, columns, isLossless: true);
            return new JpegLosslessScan(rows, columns, predictor, precision, shift, codes).Decode(stream, at, restartInterval / columns);
        }
        var (steps, dcCodes, acCodes) = CosineTables(segment);
        CheckLength(stream.Length - at, rows, columns, isLossless: false);
        return new JpegCosineScan(rows, columns, precision, steps, dcCodes, acCodes).Decode(stream, at, restartInterval);
    }

    /// <summary>Whether so few bytes can hold so many pixels; asked before the samples are allocated.</summary>
    internal static void CheckLength(int bytes, int rows, int columns, bool isLossless)
    {
        // Without loss a sample is a code of a bit or more, else a block of 64 is two such codes or more.
        bool fits = isLossless ? (long)rows * columns <= 8L * bytes : (long)((rows + 7) / 8) * ((columns + 7) / 8) <= 4L * bytes;
        if (!fits) throw Damaged($"{bytes:N0} bytes of JPEG are too few for {columns} x {rows} pixels");
    }

    internal static ImageFaultException Damaged(string what) => new(ImageFault.Unreadable, $"damaged: {what}");

    private static ImageFaultException Short() => Damaged("a segment of its JPEG is too short or wrong");

    private static ImageFaultException Unsupported(string what) => new(ImageFault.UnsupportedDicom, $"its JPEG has {what}, which is not read");
}
