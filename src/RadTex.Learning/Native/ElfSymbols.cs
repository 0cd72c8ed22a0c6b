using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using System.Text;

namespace RadTex.Learning.Native;

/// <summary>Where functions that a library keeps to itself lie, from its full symbol table (<c>.symtab</c>).</summary>
internal static unsafe class ElfSymbols
{
    private const int SectionTypeSymbols = 2; // SHT_SYMTAB

    /// <summary>The address of a symbol relative to where the library is loaded; null where the file has no such symbol.</summary>
    /// <exception cref="InvalidDataException">The file is no well-formed 64-bit little-endian ELF file.</exception>
    internal static long? Find(string path, string name)
    {
        using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        using var view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try { return Find(start, new FileInfo(path).Length, name); }
        finally { view.SafeMemoryMappedViewHandle.ReleasePointer(); }
    }

    private static long? Find(byte* elf, long length, string name)
    {
        if (length < 64 || !new ReadOnlySpan<byte>(elf, 6).SequenceEqual("\u007fELF\u0002\u0001"u8))
            throw new InvalidDataException("not a 64-bit little-endian ELF file");
        long sections = *(long*)(elf + 0x28);
        int size = *(ushort*)(elf + 0x3A), count = *(ushort*)(elf + 0x3C);
        byte* Header(int i) => sections >= 0 && size >= 64 && i < count && sections <= length - (long)size * count
            ? elf + sections + (long)i * size : throw new InvalidDataException("the section table lies outside the file");
        for (int i = 0; i < count; i++)
        {
            byte* header = Header(i);
            if (*(int*)(header + 4) != SectionTypeSymbols) continue;
            var symbols = Bytes(elf, length, header);
            var texts = Bytes(elf, length, Header(*(int*)(header + 0x28)));
            byte[] sought = [0, .. Encoding.ASCII.GetBytes(name), 0];
            int at = texts.IndexOf(sought);
            if (at < 0) return null;
            foreach (ref readonly var symbol in MemoryMarshal.Cast<byte, Symbol>(symbols[..(symbols.Length / sizeof(Symbol) * sizeof(Symbol))]))
                if (symbol.Name == at + 1) return symbol.Value;
        }
        return null;
    }

    private static ReadOnlySpan<byte> Bytes(byte* elf, long length, byte* header)
    {
        long offset = *(long*)(header + 0x18), size = *(long*)(header + 0x20);
        return offset >= 0 && size is >= 0 and <= int.MaxValue && offset <= length - size
            ? new(elf + offset, (int)size) : throw new InvalidDataException("a section lies outside the file");
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Symbol // Elf64_Sym
    {
        public readonly int Name;
        private readonly int kind;
        public readonly long Value;
        private readonly long size;
    }
}
