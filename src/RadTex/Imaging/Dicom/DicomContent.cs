using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace RadTex.Imaging.Dicom;

/// <summary>Elements to be written as DICOM, explicit little endian: what RadTex makes itself, such as synthetic radiographs and reports.</summary>
/// <remarks>Values are padded to even lengths, elements sorted, sequences and their items of stated length. Not thread-safe.</remarks>
public sealed class DicomContent
{
    private const int LongestShortForm = 65_534;
    private const string ImplementationClass = "2.25.284513086541907351287113320981260171553", ImplementationName = "RADTEX";

    private readonly SortedDictionary<uint, (string Representation, byte[] Value)> elements = [];

    /// <summary>Adds text, or several joined by backslashes; replaces what the tag had.</summary>
    /// <param name="tag">Group in the upper half.</param>
    /// <param name="representation">Such as LO; UI is padded with a zero byte, the others with a space.</param>
    /// <param name="values">ASCII, or UTF-8 where the content states ISO_IR 192.</param>
    public DicomContent Text(uint tag, string representation, params IReadOnlyList<string> values)
    {
        var text = Encoding.UTF8.GetBytes(string.Join('\\', values));
        return Set(tag, representation, text.Length % 2 == 0 ? text : [.. text, (byte)(representation == "UI" ? 0 : ' ')]);
    }

    /// <summary>Adds 16-bit numbers (US).</summary>
    public DicomContent Words(uint tag, params IReadOnlyList<ushort> values)
    {
        var bytes = new byte[2 * values.Count];
        for (int i = 0; i < values.Count; i++) BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), values[i]);
        return Set(tag, "US", bytes);
    }

    /// <summary>Adds a number as decimal text (DS), of at most 16 characters.</summary>
    public DicomContent Number(uint tag, double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        for (int digits = 12; text.Length > 16; digits--) text = value.ToString($"G{digits}", CultureInfo.InvariantCulture);
        return Text(tag, "DS", text);
    }

    /// <summary>Adds bytes, such as pixels (OW, or OB for 8 bits).</summary>
    public DicomContent Bytes(uint tag, string representation, ReadOnlySpan<byte> value) =>
        Set(tag, representation, value.Length % 2 == 0 ? value.ToArray() : [.. value, 0]);

    /// <summary>Adds a sequence (SQ).</summary>
    public DicomContent Sequence(uint tag, params IReadOnlyList<DicomContent> items)
    {
        using var stream = new MemoryStream();
        Span<byte> head = stackalloc byte[8];
        foreach (var item in items)
        {
            var bytes = item.ToBytes();
            WriteTag(head, DicomTag.Item);
            BinaryPrimitives.WriteInt32LittleEndian(head[4..], bytes.Length);
            stream.Write(head);
            stream.Write(bytes);
        }
        return Set(tag, "SQ", stream.ToArray());
    }

    /// <summary>The elements without a file's head: what an item of a sequence holds.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        Write(stream);
        return stream.ToArray();
    }

    /// <summary>A file: preamble, meta information, then the elements.</summary>
    /// <exception cref="InvalidOperationException">SOP class or instance is missing.</exception>
    public byte[] ToFile()
    {
        var meta = new DicomContent().Bytes(DicomTag.MetaVersion, "OB", [0, 1]).Text(DicomTag.MetaClass, "UI", Required(DicomTag.SopClass))
            .Text(DicomTag.MetaInstance, "UI", Required(DicomTag.SopInstance)).Text(DicomTag.TransferSyntax, "UI", "1.2.840.10008.1.2.1")
            .Text(DicomTag.MetaImplementation, "UI", ImplementationClass).Text(DicomTag.MetaImplementationName, "SH", ImplementationName).ToBytes();
        using var stream = new MemoryStream();
        stream.Write(new byte[128]);
        stream.Write("DICM"u8);
        stream.Write([0x02, 0, 0, 0, (byte)'U', (byte)'L', 4, 0]); // (0002,0000), the length of what follows of the group
        stream.Write(BitConverter.GetBytes(meta.Length));
        stream.Write(meta);
        Write(stream);
        return stream.ToArray();
    }

    /// <summary>A unique identifier that follows from texts: UUID-derived (PS3.5, B.2), the same for the same texts.</summary>
    public static string UidOf(params IReadOnlyList<string> texts)
    {
        var hash = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', texts)));
        hash[6] = (byte)(hash[6] & 0x0F | 0x80); // version 8, of one's own making (RFC 9562)
        hash[8] = (byte)(hash[8] & 0x3F | 0x80);
        return "2.25." + BinaryPrimitives.ReadUInt128BigEndian(hash).ToString(CultureInfo.InvariantCulture);
    }

    private string Required(uint tag) => elements.TryGetValue(tag, out var found) ? Encoding.ASCII.GetString(found.Value).TrimEnd('\0')
        : throw new InvalidOperationException($"{DicomTag.Text(tag)} is missing");

    private DicomContent Set(uint tag, string representation, byte[] value)
    {
        elements[tag] = (representation, value);
        return this;
    }

    private void Write(Stream stream)
    {
        Span<byte> head = stackalloc byte[12];
        foreach (var (tag, (representation, value)) in elements)
        {
            WriteTag(head, tag);
            Encoding.ASCII.GetBytes(representation, head[4..]);
            bool isLong = representation is "OB" or "OW" or "SQ" or "UT" or "UN";
            if (isLong)
            {
                head[6] = head[7] = 0;
                BinaryPrimitives.WriteInt32LittleEndian(head[8..], value.Length);
            }
            else
            {
                if (value.Length > LongestShortForm)
                    throw new InvalidOperationException(
                        $"{DicomTag.Text(tag)} has {value.Length:N0} bytes; {representation} holds {LongestShortForm:N0}");
                BinaryPrimitives.WriteUInt16LittleEndian(head[6..], (ushort)value.Length);
            }
            stream.Write(head[..(isLong ? 12 : 8)]);
            stream.Write(value);
        }
    }

    private static void WriteTag(Span<byte> head, uint tag)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(head, (ushort)(tag >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(head[2..], (ushort)tag);
    }
}
