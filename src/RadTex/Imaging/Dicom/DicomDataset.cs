using System.Globalization;
using System.Text;

namespace RadTex.Imaging.Dicom;

/// <summary>
/// The values of one level of elements, read when they are asked for. A value that is absent or no number is null; none is trusted.
/// </summary>
internal sealed class DicomDataset
{
    private const int LongestText = 1024;

    private readonly DicomParser parser;
    private readonly Dictionary<uint, DicomElement> elements;

    internal DicomDataset(DicomParser parser, int start, int end, uint last = uint.MaxValue) =>
        (this.parser, elements) = (parser, parser.Parse(start, end, last));

    internal DicomElement? Find(uint tag) => elements.TryGetValue(tag, out var element) ? element : null;

    /// <summary>The bytes of a value of known length; empty where there is none.</summary>
    internal ReadOnlySpan<byte> Bytes(uint tag) =>
        Find(tag) is { Length: > 0 } element ? parser.Data.AsSpan(element.Offset, element.Length) : [];

    /// <summary>The value at a place of a list of 16-bit integers.</summary>
    internal int? UInt16(uint tag, int index = 0) =>
        Find(tag) is { } element && element.Length >= 2 * index + 2 ? parser.UInt16(element.Offset + 2 * index) : null;

    /// <summary>Whether a 16-bit value is signed: its representation says so, else the pixels' own (<paramref name="likePixels"/>).</summary>
    internal bool IsSigned(uint tag, bool likePixels) => Find(tag)?.Representation switch
    {
        'S' << 8 | 'S' => true,
        'U' << 8 | 'S' => false,
        _ => likePixels,
    };

    /// <summary>A signed or unsigned 16-bit value.</summary>
    internal int? Int16(uint tag, bool signed, int index = 0) => UInt16(tag, index) is { } value ? signed ? (short)value : value : null;

    /// <summary>The texts joined by backslashes, each trimmed; none where there are none or they are too long to be some.</summary>
    internal string[] Texts(uint tag)
    {
        var bytes = Bytes(tag);
        return bytes.Length is 0 or > LongestText ? [] : [.. Encoding.ASCII.GetString(bytes).Split('\\').Select(t => t.Trim(' ', '\0'))];
    }

    /// <summary>The first of the texts; empty where there is none.</summary>
    internal string Text(uint tag) => Texts(tag) is [var first, ..] ? first : "";

    /// <summary>The first of the decimal numbers joined by backslashes.</summary>
    internal double? Decimal(uint tag) => Number(Text(tag));

    /// <summary>The decimal numbers joined by backslashes; null for what is none.</summary>
    internal double?[] Decimals(uint tag) => Array.ConvertAll(Texts(tag), Number);

    /// <summary>The first item of a sequence; null where there is none.</summary>
    internal DicomDataset? FirstItem(uint tag) => Items(tag, 1) is [var first] ? first : null;

    /// <summary>The first items of a sequence.</summary>
    /// <param name="tag">The sequence.</param>
    /// <param name="most">Later ones are not read.</param>
    internal IReadOnlyList<DicomDataset> Items(uint tag, int most)
    {
        if (Find(tag) is not { } sequence) return [];
        int end = sequence.Length == DicomElement.Undefined ? parser.Data.Length : sequence.Offset + sequence.Length;
        var items = new List<DicomDataset>();
        int at = sequence.Offset;
        while (items.Count < most && end - at >= 8 && parser.TagAt(at) == DicomTag.Item)
        {
            var item = parser.HeaderAt(at, end, named: false);
            bool isOpen = item.Length == DicomElement.Undefined;
            items.Add(new(parser, item.Offset, isOpen ? end : item.Offset + item.Length));
            if (isOpen) break; // where it ends is not told: what follows it is not looked for
            at = item.Offset + item.Length;
        }
        return items;
    }

    /// <summary>16-bit words of a value in the file's order of bytes.</summary>
    internal ushort[] Words(uint tag)
    {
        if (Find(tag) is not { Length: > 1 } element) return [];
        var words = new ushort[element.Length / 2];
        for (int i = 0; i < words.Length; i++) words[i] = parser.UInt16(element.Offset + 2 * i);
        return words;
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;

    /// <summary>The parser, for pixel data: fragments and order of bytes.</summary>
    internal DicomParser Parser => parser;
}
