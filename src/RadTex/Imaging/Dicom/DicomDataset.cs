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

    internal DicomDataset(DicomParser parser, int start, int end) => (this.parser, elements) = (parser, parser.Parse(start, end));

    internal DicomElement? Find(uint tag) => elements.TryGetValue(tag, out var element) ? element : null;

    /// <summary>The bytes of a value of known length; empty where there is none.</summary>
    internal ReadOnlySpan<byte> Bytes(uint tag) =>
        Find(tag) is { Length: > 0 } element ? parser.Data.AsSpan(element.Offset, element.Length) : [];

    /// <summary>The value at a place of a list of 16-bit integers.</summary>
    internal int? UInt16(uint tag, int place = 0) =>
        Find(tag) is { } element && element.Length >= 2 * place + 2 ? parser.UInt16(element.Offset + 2 * place) : null;

    /// <summary>Whether a 16-bit value is signed: its representation says so, else the pixels' own (<paramref name="likePixels"/>).</summary>
    internal bool IsSigned(uint tag, bool likePixels) => Find(tag)?.Representation switch
    {
        'S' << 8 | 'S' => true,
        'U' << 8 | 'S' => false,
        _ => likePixels,
    };

    /// <summary>A signed or unsigned 16-bit value.</summary>
    internal int? Int16(uint tag, bool signed, int place = 0) => UInt16(tag, place) is { } value ? signed ? (short)value : value : null;

    /// <summary>The first of the texts joined by backslashes, trimmed; empty where there is none or it is too long to be one.</summary>
    internal string Text(uint tag)
    {
        var bytes = Bytes(tag);
        if (bytes.Length is 0 or > LongestText) return "";
        int end = bytes.IndexOf((byte)'\\');
        return Encoding.ASCII.GetString(end < 0 ? bytes : bytes[..end]).Trim(' ', '\0');
    }

    /// <summary>The first of the decimal numbers joined by backslashes.</summary>
    internal double? Decimal(uint tag) =>
        double.TryParse(Text(tag), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;

    /// <summary>The first item of a sequence; null where there is none.</summary>
    internal DicomDataset? FirstItem(uint tag)
    {
        if (Find(tag) is not { } sequence) return null;
        int end = sequence.Length == DicomElement.Undefined ? parser.Data.Length : sequence.Offset + sequence.Length;
        if (end - sequence.Offset < 8 || parser.TagAt(sequence.Offset) != DicomTag.Item) return null;
        var item = parser.HeaderAt(sequence.Offset, end, named: false);
        return new DicomDataset(parser, item.Offset, item.Length == DicomElement.Undefined ? end : item.Offset + item.Length);
    }

    /// <summary>16-bit words of a value in the file's order of bytes.</summary>
    internal ushort[] Words(uint tag)
    {
        if (Find(tag) is not { Length: > 1 } element) return [];
        var words = new ushort[element.Length / 2];
        for (int i = 0; i < words.Length; i++) words[i] = parser.UInt16(element.Offset + 2 * i);
        return words;
    }

    /// <summary>The parser, for pixel data: fragments and order of bytes.</summary>
    internal DicomParser Parser => parser;
}
