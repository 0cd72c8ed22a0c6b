using System.Buffers.Binary;

namespace RadTex.Imaging.Dicom;

/// <summary>
/// Walks the elements of a data set that is in memory. Nothing is copied and nothing believed: a length may not lead out of the bytes at
/// hand, sequences nest to a fixed depth, and the number of elements is bounded.
/// </summary>
internal sealed class DicomParser(byte[] data, bool isExplicit, bool isBigEndian)
{
    /// <summary>How deep sequences nest; those of radiographs do so two or three times.</summary>
    internal const int MostNested = 16;

    /// <summary>How many elements a file may have, those of sequences without a length included.</summary>
    internal const int MostElements = 200_000;

    private const ushort Unknown = 'U' << 8 | 'N', SequenceOfItems = 'S' << 8 | 'Q';

    private int seen;

    internal byte[] Data => data;

    internal bool IsExplicit => isExplicit;

    internal bool IsBigEndian => isBigEndian;

    /// <summary>
    /// The elements from <paramref name="at"/> to the pixel data, or to the end of the item or of the file; the first of a tag counts. None after
    /// <paramref name="last"/> is looked at.
    /// </summary>
    internal Dictionary<uint, DicomElement> Parse(int at, int end, uint last = uint.MaxValue)
    {
        var elements = new Dictionary<uint, DicomElement>();
        while (end - at >= 8)
        {
            uint tag = TagAt(at);
            if (tag == DicomTag.ItemEnd || tag > last) break;
            var element = HeaderAt(at, end, isExplicit);
            elements.TryAdd(tag, element);
            if (tag == DicomTag.PixelData) break;
            at = EndOf(tag, element, end, isExplicit, 0);
        }
        return elements;
    }

    internal uint TagAt(int at) => (uint)UInt16(at) << 16 | UInt16(at + 2);

    internal ushort UInt16(int at) =>
        isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(at)) : BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(at));

    internal uint UInt32(int at) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(at)) : BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(at));

    /// <summary>The element whose tag stands at <paramref name="at"/>.</summary>
    internal DicomElement HeaderAt(int at, int end, bool named)
    {
        if (++seen > MostElements) throw Damaged($"more than {MostElements:N0} elements");
        uint tag = TagAt(at);
        uint length;
        ushort representation = 0;
        int start = at + 8;
        if (named && tag >> 16 != 0xFFFE)
        {
            representation = (ushort)(data[at + 4] << 8 | data[at + 5]);
            if (!char.IsAsciiLetterUpper((char)data[at + 4]) || !char.IsAsciiLetterUpper((char)data[at + 5]))
                throw Damaged($"no value representation at element {DicomTag.Text(tag)}");
            if (HasLongLength(representation))
            {
                if (end - at < 12) throw CutOff(tag);
                length = UInt32(at + 8);
                start = at + 12;
            }
            else length = UInt16(at + 6);
        }
        else length = UInt32(at + 4);
        if (length == uint.MaxValue) return new DicomElement(representation, start, DicomElement.Undefined);
        return length <= (uint)(end - start) ? new DicomElement(representation, start, (int)length) : throw CutOff(tag);
    }

    /// <summary>Where the next element starts.</summary>
    private int EndOf(uint tag, DicomElement element, int end, bool named, int depth)
    {
        if (element.Length != DicomElement.Undefined) return element.Offset + element.Length;
        if (named && element.Representation is not (SequenceOfItems or Unknown)) throw Damaged($"element {DicomTag.Text(tag)} has no length");
        if (depth == MostNested) throw Damaged($"sequences nest more than {MostNested} deep");
        // A sequence of unknown representation is written as implicit (CP-246).
        bool itemsNamed = named && element.Representation != Unknown;
        for (int at = element.Offset; end - at >= 8;)
        {
            uint itemTag = TagAt(at);
            var item = HeaderAt(at, end, named: false);
            if (itemTag == DicomTag.SequenceEnd) return item.Offset;
            if (itemTag != DicomTag.Item) throw Damaged($"no item in sequence {DicomTag.Text(tag)}");
            at = item.Length == DicomElement.Undefined ? EndOfItem(item.Offset, end, itemsNamed, depth + 1) : item.Offset + item.Length;
        }
        throw CutOff(tag);
    }

    private int EndOfItem(int at, int end, bool named, int depth)
    {
        while (end - at >= 8)
        {
            uint tag = TagAt(at);
            if (tag == DicomTag.ItemEnd) return at + 8;
            at = EndOf(tag, HeaderAt(at, end, named), end, named, depth);
        }
        throw CutOff(DicomTag.Item);
    }

    /// <summary>Representations with a length of four bytes (PS3.5, table 7.1-1).</summary>
    private static bool HasLongLength(ushort representation) => (char)(representation >> 8) switch
    {
        'O' => true, // OB OD OF OL OV OW
        'S' => (representation & 0xFF) is 'Q' or 'V',
        'U' => (representation & 0xFF) is 'C' or 'N' or 'R' or 'T' or 'V',
        _ => false,
    };

    private static ImageFaultException CutOff(uint tag) => Damaged($"cut off or damaged at element {DicomTag.Text(tag)}");

    private static ImageFaultException Damaged(string what) => new(ImageFault.Unreadable, $"damaged DICOM: {what}");
}
