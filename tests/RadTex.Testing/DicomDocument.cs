using System.Buffers.Binary;
using System.Text;

namespace RadTex.Testing;

/// <summary>Writes DICOM files for tests, element by element, explicit or implicit little endian.</summary>
internal sealed class DicomDocument
{
    private readonly SortedDictionary<uint, (string Vr, byte[] Value)> elements = [];
    private readonly Dictionary<uint, DicomDocument> items = [];

    /// <summary>A radiograph of 8 or 16 bits with the elements every one has; further ones are added or replaced by the methods.</summary>
    internal static DicomDocument Radiograph(
        int width, int height, Func<int, int, int> value, int bitsStored = 12, bool signed = false, string photometric = "MONOCHROME2")
    {
        int allocated = bitsStored > 8 ? 16 : 8;
        var pixels = new byte[(width * height * allocated / 8 + 1) & ~1]; // an even number, as the standard has it
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int i = y * width + x, bits = value(x, y);
                if (allocated == 8) pixels[i] = (byte)bits;
                else BinaryPrimitives.WriteUInt16LittleEndian(pixels.AsSpan(2 * i), (ushort)bits);
            }
        }
        return new DicomDocument()
            .Text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.1").Text(0x0008_0018, "UI", "1.2.826.0.1.3680043.2.1125.1")
                .Text(0x0008_0060, "CS", "CR")
            .Text(0x0020_000D, "UI", "1.2.826.0.1.3680043.2.1125.2").Text(0x0020_000E, "UI", "1.2.826.0.1.3680043.2.1125.3")
            .Words(0x0028_0002, "US", 1).Text(0x0028_0004, "CS", photometric).Words(0x0028_0010, "US", height).Words(0x0028_0011, "US", width)
            .Words(0x0028_0100, "US", allocated).Words(0x0028_0101, "US", bitsStored).Words(0x0028_0102, "US", bitsStored - 1)
                .Words(0x0028_0103, "US", signed ? 1 : 0)
            .Bytes(0x7FE0_0010, "OW", pixels);
    }

    internal DicomDocument Text(uint tag, string vr, string text)
    {
        var padded = text.Length % 2 == 0 ? text : text + (vr == "UI" ? '\0' : ' ');
        return Bytes(tag, vr, Encoding.ASCII.GetBytes(padded));
    }

    internal DicomDocument Words(uint tag, string vr, params IEnumerable<int> words) =>
        Bytes(tag, vr, [.. words.SelectMany(w => new[] { (byte)w, (byte)(w >> 8) })]);

    internal DicomDocument Bytes(uint tag, string vr, byte[] value)
    {
        elements[tag] = (vr, value);
        return this;
    }

    internal DicomDocument Without(uint tag)
    {
        elements.Remove(tag);
        return this;
    }

    /// <summary>A sequence of one item, both without a stated length.</summary>
    internal DicomDocument Sequence(uint tag, DicomDocument item)
    {
        items[tag] = item;
        return Bytes(tag, "SQ", []);
    }

    /// <summary>Pixel data in fragments after an empty offset table, under another transfer syntax.</summary>
    internal byte[] Encapsulated(string syntax, params byte[][] fragments)
    {
        byte[] data = [.. Item(0xE000, 0), .. fragments.SelectMany(f => (byte[])[.. Item(0xE000, (uint)f.Length), .. f]), .. Item(0xE0DD, 0)];
        Without(0x7FE0_0010);
        return [.. Head(syntax), .. Body(true), 0xE0, 0x7F, 0x10, 0, (byte)'O', (byte)'B', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, .. data];
    }

    internal byte[] ToBytes(bool isExplicit = true) => [.. Head(isExplicit ? "1.2.840.10008.1.2.1" : "1.2.840.10008.1.2"), .. Body(isExplicit)];

    internal string Write(string path, bool isExplicit = true)
    {
        File.WriteAllBytes(path, ToBytes(isExplicit));
        return path;
    }

    private static byte[] Head(string syntax)
    {
        var meta = new DicomDocument().Bytes(0x0002_0001, "OB", [0, 1]).Text(0x0002_0002, "UI", "1.2.840.10008.5.1.4.1.1.1")
            .Text(0x0002_0003, "UI", "1.2.826.0.1.3680043.2.1125.1").Text(0x0002_0010, "UI", syntax)
                .Text(0x0002_0012, "UI", "1.2.826.0.1.3680043.2.1125").Body(true);
        return [.. new byte[128], .. "DICM"u8, 2, 0, 0, 0, (byte)'U', (byte)'L', 4, 0, .. BitConverter.GetBytes(meta.Length), .. meta];
    }

    private byte[] Body(bool isExplicit)
    {
        using var stream = new MemoryStream();
        foreach (var (tag, (vr, value)) in elements)
        {
            bool undefined = vr == "SQ";
            stream.Write([(byte)(tag >> 16), (byte)(tag >> 24), (byte)tag, (byte)(tag >> 8)]);
            uint length = undefined ? uint.MaxValue : (uint)value.Length;
            if (!isExplicit) stream.Write(BitConverter.GetBytes(length));
            else if (vr is "OB" or "OW" or "SQ" or "UN") stream.Write([(byte)vr[0], (byte)vr[1], 0, 0, .. BitConverter.GetBytes(length)]);
            else stream.Write([(byte)vr[0], (byte)vr[1], .. BitConverter.GetBytes((ushort)length)]);
            stream.Write(
                undefined ? [.. Item(0xE000, uint.MaxValue), .. items[tag].Body(isExplicit), .. Item(0xE00D, 0), .. Item(0xE0DD, 0)] : value);
        }
        return stream.ToArray();
    }

    private static byte[] Item(int element, uint length) => [0xFE, 0xFF, (byte)element, (byte)(element >> 8), .. BitConverter.GetBytes(length)];
}
