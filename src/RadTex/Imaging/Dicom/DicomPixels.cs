using System.Buffers.Binary;
using NetVips;
using RadTex.Imaging.Jpeg;

namespace RadTex.Imaging.Dicom;

/// <summary>The stored values of an image, from whatever coding, as words of <see cref="DicomImageHeader.BitsAllocated"/> bits.</summary>
internal static class DicomPixels
{
    private const int RunLengthHeaderBytes = 64;

    /// <summary>Rows x columns words, row by row from the top left.</summary>
    /// <exception cref="ImageFaultException">The pixel data is damaged or too short for the size the header states.</exception>
    internal static ushort[] Read(DicomFile file, DicomImageHeader header)
    {
        var data = file.Dataset;
        var element = data.Find(DicomTag.PixelData)!.Value;
        bool encapsulated = element.Length == DicomElement.Undefined;
        if (encapsulated == (file.Syntax.Coding == PixelCoding.Native))
            throw Damaged($"pixel data {(encapsulated ? "in fragments" : "without fragments")} in {file.Syntax.Name}");
        if (!encapsulated) return Native(data, element, header);
        var stream = Fragments(data.Parser, element.Offset);
        return file.Syntax.Coding switch
        {
            PixelCoding.RunLength => RunLength(stream.Span, header),
            PixelCoding.JpegBaseline => Baseline(stream, header),
            PixelCoding.Jpeg => JpegDecoder.Decode(stream.Span, header.Rows, header.Columns),
            _ => throw new ArgumentOutOfRangeException(nameof(file), file.Syntax.Coding, "no decoder"),
        };
    }

    private static ushort[] Native(DicomDataset data, DicomElement element, DicomImageHeader header)
    {
        var bytes = data.Parser.Data.AsSpan(element.Offset, element.Length);
        long needed = (long)header.PixelCount * (header.BitsAllocated / 8);
        if (bytes.Length < needed)
            throw Damaged($"{bytes.Length:N0} bytes of pixels; {header.Columns} x {header.Rows} of {header.BitsAllocated} bits are {needed:N0}");
        var words = GC.AllocateUninitializedArray<ushort>(header.PixelCount);
        bool swapped = data.Parser.IsBigEndian;
        if (header.BitsAllocated == 16)
        {
            var source = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ushort>(bytes[..(int)needed]);
            if (swapped) BinaryPrimitives.ReverseEndianness(source, words);
            else source.CopyTo(words);
        }
        else if (swapped && element.Representation == ('O' << 8 | 'W'))
        {
            // Bytes written as big-endian words change places two by two.
            for (int i = 0; i < words.Length; i++)
                words[i] = (i ^ 1) < bytes.Length ? bytes[i ^ 1] : throw Damaged("an odd number of bytes in words");
        }
        else for (int i = 0; i < words.Length; i++) words[i] = bytes[i];
        return words;
    }

    /// <summary>The one frame's stream: all fragments after the offset table, joined (PS3.5, A.4).</summary>
    private static ReadOnlyMemory<byte> Fragments(DicomParser parser, int at)
    {
        var parts = new List<(int Offset, int Length)>();
        while (true)
        {
            if (parser.Data.Length - at < 8) throw Damaged("its last fragment is cut off");
            uint tag = parser.TagAt(at);
            var item = parser.HeaderAt(at, parser.Data.Length, named: false);
            if (tag == DicomTag.SequenceEnd) break;
            if (tag != DicomTag.Item || item.Length == DicomElement.Undefined) throw Damaged("no fragment where one should start");
            parts.Add((item.Offset, item.Length));
            at = item.Offset + item.Length;
        }
        if (parts.Count < 2) throw Damaged("no fragment of pixels");
        if (parts.Count == 2) return parser.Data.AsMemory(parts[1].Offset, parts[1].Length);
        var joined = new byte[parts.Skip(1).Sum(p => p.Length)];
        int filled = 0;
        foreach (var (offset, length) in parts.Skip(1))
        {
            parser.Data.AsSpan(offset, length).CopyTo(joined.AsSpan(filled));
            filled += length;
        }
        return joined;
    }

    /// <summary>PackBits, a segment a byte of the words, the highest byte first (PS3.5, annex G).</summary>
    private static ushort[] RunLength(ReadOnlySpan<byte> stream, DicomImageHeader header)
    {
        int segments = header.BitsAllocated / 8;
        if (stream.Length < RunLengthHeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(stream) != segments)
            throw Damaged($"no run-length header of {segments} segments");
        // Two bytes make at most 128.
        if (header.PixelCount > 64L * stream.Length)
            throw Damaged($"{stream.Length:N0} bytes of runs are too few for {header.Columns} x {header.Rows} pixels");
        var words = new ushort[header.PixelCount];
        for (int segment = 0; segment < segments; segment++)
        {
            uint start = BinaryPrimitives.ReadUInt32LittleEndian(stream[(4 + 4 * segment)..]);
            uint end = segment + 1 < segments ? BinaryPrimitives.ReadUInt32LittleEndian(stream[(8 + 4 * segment)..]) : (uint)stream.Length;
            if (start < RunLengthHeaderBytes || end < start || end > stream.Length) throw Damaged("a run-length segment leads out of its fragment");
            Unpack(stream[(int)start..(int)end], words);
        }
        return words;
    }

    /// <summary>Shifts each word up a byte and puts the next unpacked one below.</summary>
    private static void Unpack(ReadOnlySpan<byte> packed, ushort[] words)
    {
        int at = 0, filled = 0;
        while (filled < words.Length)
        {
            if (packed.Length - at < 2) throw Damaged("a run-length segment ends early");
            int head = (sbyte)packed[at++];
            if (head == -128) continue;
            int count = Math.Min(head >= 0 ? head + 1 : 1 - head, words.Length - filled);
            if (head >= 0)
            {
                if (packed.Length - at < count) throw Damaged("a run-length segment ends early");
                for (int i = 0; i < count; i++) words[filled + i] = (ushort)(words[filled + i] << 8 | packed[at + i]);
                at += head + 1;
            }
            else
            {
                for (int i = 0; i < count; i++) words[filled + i] = (ushort)(words[filled + i] << 8 | packed[at]);
                at++;
            }
            filled += count;
        }
    }

    private static ushort[] Baseline(ReadOnlyMemory<byte> stream, DicomImageHeader header)
    {
        if (!stream.Span.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) throw Damaged("its pixel data is no JPEG");
        JpegDecoder.CheckLength(stream.Length, header.Rows, header.Columns, isLossless: false);
        using var image = Image.JpegloadBuffer(stream.ToArray(), failOn: Enums.FailOn.Warning);
        if (image.Width != header.Columns || image.Height != header.Rows || image.Bands != 1)
            throw Damaged(
                $"its JPEG has {image.Width} x {image.Height} pixels of {image.Bands} channels; the header says "
                    + $"{header.Columns} x {header.Rows} of one");
        var bytes = image.WriteToMemory<byte>();
        var words = GC.AllocateUninitializedArray<ushort>(bytes.Length);
        for (int i = 0; i < words.Length; i++) words[i] = bytes[i];
        return words;
    }

    internal static ImageFaultException Damaged(string what) => new(ImageFault.Unreadable, $"damaged DICOM: {what}");
}
