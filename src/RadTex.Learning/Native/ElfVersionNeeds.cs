using System.Buffers.Binary;
using System.Text;

namespace RadTex.Learning.Native;

/// <summary>
/// Reads which symbol versions a 64-bit little-endian ELF file asks of its libraries, and can mark one of them weak.
/// A weak version that the host lacks is a warning of the loader's instead of an error (LSB core, "Symbol Versioning").
/// </summary>
internal static class ElfVersionNeeds
{
    private const uint SectionTypeVersionNeeds = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort FlagWeak = 2;                        // VER_FLG_WEAK

    /// <summary>
    /// The file offset of the <c>vna_flags</c> field of version <paramref name="name"/>, and whether it is weak already;
    /// null when the file does not ask for that version.
    /// </summary>
    /// <exception cref="InvalidDataException">The bytes are no well-formed 64-bit little-endian ELF file.</exception>
    internal static (int FlagsOffset, bool IsWeak)? Find(ReadOnlySpan<byte> elf, string name)
    {
        if (elf.Length < 64 || !elf[..4].SequenceEqual("\u007fELF"u8) || elf[4] != 2 || elf[5] != 1)
            throw new InvalidDataException("not a 64-bit little-endian ELF file");
        int sections = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(elf[0x28..]));
        int entrySize = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3A..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3C..]);
        for (int i = 0; i < count; i++)
        {
            var header = Slice(elf, sections + i * entrySize, 64);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != SectionTypeVersionNeeds) continue;
            int start = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[0x18..]));
            int link = checked((int)BinaryPrimitives.ReadUInt32LittleEndian(header[0x28..]));
            int libraries = checked((int)BinaryPrimitives.ReadUInt32LittleEndian(header[0x2C..]));
            var stringHeader = Slice(elf, sections + link * entrySize, 64);
            int strings = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(stringHeader[0x18..]));
            return Search(elf, start, libraries, strings, name);
        }
        return null;
    }

    internal static void MarkWeak(Span<byte> elf, int flagsOffset) =>
        BinaryPrimitives.WriteUInt16LittleEndian(
            elf[flagsOffset..], (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(elf[flagsOffset..]) | FlagWeak));

    // Verneed: version 2, count 2, file 4, aux 4, next 4. Vernaux: hash 4, flags 2, other 2, name 4, next 4.
    private static (int, bool)? Search(ReadOnlySpan<byte> elf, int need, int libraries, int strings, string name)
    {
        for (int i = 0; i < libraries; i++)
        {
            var library = Slice(elf, need, 16);
            int versions = BinaryPrimitives.ReadUInt16LittleEndian(library[2..]);
            int version = need + checked((int)BinaryPrimitives.ReadUInt32LittleEndian(library[8..]));
            for (int j = 0; j < versions; j++)
            {
                var entry = Slice(elf, version, 16);
                int text = strings + checked((int)BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]));
                if (TextAt(elf, text) == name)
                    return (version + 4, (BinaryPrimitives.ReadUInt16LittleEndian(entry[4..]) & FlagWeak) != 0);
                version += checked((int)BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]));
            }
            need += checked((int)BinaryPrimitives.ReadUInt32LittleEndian(library[12..]));
        }
        return null;
    }

    private static string TextAt(ReadOnlySpan<byte> elf, int offset)
    {
        var tail = Slice(elf, offset, 1).Length == 0 ? default : elf[offset..];
        int end = tail.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? tail : tail[..end]);
    }

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> elf, int offset, int length) =>
        offset < 0 || offset > elf.Length - length
            ? throw new InvalidDataException("a section lies outside the file")
            : elf.Slice(offset, length);
}
