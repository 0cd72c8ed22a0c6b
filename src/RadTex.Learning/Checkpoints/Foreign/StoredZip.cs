using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using RadTex.Files;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>
/// The entries of a zip file that stores them as they are, as torch.save does, found in the mapped file. Compressed and overlapping
/// entries are refused: no more can come out of the file than is in it.
/// </summary>
/// <remarks>.NET's ZipArchive tells neither an entry's place nor its method, so it can check neither. Source: PKWARE's APPNOTE, 4.3 and
/// 4.5.3.</remarks>
internal static class StoredZip
{
    private const int EndBytes = 22, End64Bytes = 56, Locator64Bytes = 20, CentralBytes = 46, LocalBytes = 30, MostEntries = 200_000;
    private const uint EndMark = 0x06054B50, End64Mark = 0x06064B50, Locator64Mark = 0x07064B50, CentralMark = 0x02014B50, LocalMark = 0x04034B50;

    internal sealed record Entry(string Name, long Offset, long Length, uint Crc32);

    /// <exception cref="PickleRefusedException">The zip is cut off, or holds what is not read; the message names it.</exception>
    internal static Dictionary<string, Entry> Read(MappedFile file)
    {
        var (count, at, bytes) = Directory(file);
        if (count > MostEntries) throw new PickleRefusedException($"{count:N0} entries in its zip; at most {MostEntries:N0} are read");
        long end = at + bytes;
        var entries = new Dictionary<string, Entry>(StringComparer.Ordinal);
        for (long i = 0; i < count; i++)
        {
            var head = Span(file, at, CentralBytes, end);
            if (BinaryPrimitives.ReadUInt32LittleEndian(head) != CentralMark) throw new PickleRefusedException("a zip directory that is damaged");
            int flags = U16(head, 8), method = U16(head, 10), nameLength = U16(head, 28), extraLength = U16(head, 30), commentLength = U16(head, 32);
            uint crc = BinaryPrimitives.ReadUInt32LittleEndian(head[16..]);
            long packed = U32(head, 20), length = U32(head, 24), local = U32(head, 42);
            var rest = Span(file, at + CentralBytes, nameLength + extraLength, end);
            var name = Encoding.UTF8.GetString(rest[..nameLength]);
            Widen(rest[nameLength..], ref length, ref packed, ref local);
            if ((flags & 1) != 0) throw new PickleRefusedException($"the encrypted entry {PickleNames.Printable(name)}");
            if (name.Contains("/code/", StringComparison.Ordinal)) throw new PickleRefusedException("a TorchScript program, not weights");
            if (method != 0 || packed != length)
                throw new PickleRefusedException(
                    $"the compressed entry {PickleNames.Printable(name)} ({packed:N0} bytes that would become {length:N0}); torch "
                        + "stores them as they are");
            var localHead = Span(file, local, LocalBytes, file.Length);
            if (BinaryPrimitives.ReadUInt32LittleEndian(localHead) != LocalMark)
                throw new PickleRefusedException($"the zip entry {PickleNames.Printable(name)}, which is not where the directory says");
            long start = local + LocalBytes + U16(localHead, 26) + U16(localHead, 28);
            if (length < 0 || start > file.Length - length)
                throw new PickleRefusedException($"the zip entry {PickleNames.Printable(name)}, which reaches beyond the file's end");
            if (!entries.TryAdd(name, new(name, start, length, crc)))
                throw new PickleRefusedException($"two zip entries named {PickleNames.Printable(name)}");
            at += CentralBytes + nameLength + extraLength + commentLength;
        }
        Entry? before = null;
        foreach (var entry in entries.Values.Where(e => e.Length > 0).OrderBy(e => e.Offset))
        {
            if (before is not null && entry.Offset < before.Offset + before.Length)
                throw new PickleRefusedException(
                    $"the overlapping zip entries {PickleNames.Printable(before.Name)} and {PickleNames.Printable(entry.Name)}");
            before = entry;
        }
        return entries;
    }

    /// <exception cref="PickleRefusedException">The entry's check sum is not its own.</exception>
    internal static void Check(MappedFile file, Entry entry)
    {
        var crc = new Crc32();
        for (long done = 0; done < entry.Length;)
        {
            int part = (int)Math.Min(1 << 24, entry.Length - done);
            crc.Append(file.Span(entry.Offset + done, part));
            done += part;
        }
        if (crc.GetCurrentHashAsUInt32() != entry.Crc32)
            throw new PickleRefusedException($"the damaged entry {PickleNames.Printable(entry.Name)}: its check sum differs");
    }

    private static (long Count, long Offset, long Bytes) Directory(MappedFile file)
    {
        // The end record is last but for a comment of at most 65,535 bytes.
        int tailLength = (int)Math.Min(file.Length, EndBytes + ushort.MaxValue);
        var tail = file.Span(file.Length - tailLength, tailLength);
        for (int i = tail.Length - EndBytes; i >= 0; i--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail[i..]) != EndMark || i + EndBytes + U16(tail, i + 20) != tail.Length) continue;
            long count = U16(tail, i + 10), bytes = U32(tail, i + 12), offset = U32(tail, i + 16);
            long endAt = file.Length - tailLength + i;
            if (count == ushort.MaxValue || bytes == uint.MaxValue || offset == uint.MaxValue)
            {
                var locator = Span(file, endAt - Locator64Bytes, Locator64Bytes, file.Length);
                if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != Locator64Mark)
                    throw new PickleRefusedException("a zip directory that is damaged");
                var end64 = Span(file, BinaryPrimitives.ReadInt64LittleEndian(locator[8..]), End64Bytes, file.Length);
                if (BinaryPrimitives.ReadUInt32LittleEndian(end64) != End64Mark) throw new PickleRefusedException("a zip directory that is damaged");
                count = BinaryPrimitives.ReadInt64LittleEndian(end64[32..]);
                bytes = BinaryPrimitives.ReadInt64LittleEndian(end64[40..]);
                offset = BinaryPrimitives.ReadInt64LittleEndian(end64[48..]);
            }
            if (count < 0 || bytes < 0 || offset < 0 || offset > file.Length - bytes || count > bytes / CentralBytes)
                throw new PickleRefusedException("a zip directory that reaches beyond the file");
            return (count, offset, bytes);
        }
        throw new PickleRefusedException("no zip directory at its end: it is cut off");
    }

    /// <summary>Sizes of 4 GiB and more stand in the zip64 extra field, in this order, where the 32-bit ones are all ones.</summary>
    private static void Widen(ReadOnlySpan<byte> extra, ref long length, ref long packed, ref long local)
    {
        while (extra.Length >= 4)
        {
            int id = U16(extra, 0), size = U16(extra, 2);
            if (size > extra.Length - 4) return;
            var field = extra.Slice(4, size);
            if (id == 1)
            {
                Take(ref field, ref length);
                Take(ref field, ref packed);
                Take(ref field, ref local);
                return;
            }
            extra = extra[(4 + size)..];
        }
    }

    private static void Take(ref ReadOnlySpan<byte> field, ref long value)
    {
        if (value != uint.MaxValue || field.Length < 8) return;
        value = BinaryPrimitives.ReadInt64LittleEndian(field);
        field = field[8..];
    }

    private static ReadOnlySpan<byte> Span(MappedFile file, long offset, int length, long end) =>
        offset >= 0 && offset <= end - length
            ? file.Span(offset, length)
            : throw new PickleRefusedException("a zip directory that reaches beyond the file: it is cut off or damaged");

    private static int U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static long U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
