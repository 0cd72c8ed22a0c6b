using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace RadTex.Learning.Training;

/// <summary>
/// Scalars in TensorBoard's event format: TFRecords (length, its masked CRC-32C, data, its masked CRC-32C) of the protocol buffer
/// <c>Event</c> (tensorboard/compat/proto/event.proto), whose few fields are written here by hand.
/// </summary>
internal sealed class TensorBoardWriter : IDisposable
{
    private readonly Stream stream;

    /// <param name="stream">Written to and disposed here.</param>
    /// <param name="unixSeconds">The time of the first record, which names the format's version.</param>
    internal TensorBoardWriter(Stream stream, double unixSeconds)
    {
        this.stream = stream;
        var version = new MemoryStream();
        Double(version, 1, unixSeconds);
        Bytes(version, 3, "brain.Event:2"u8); // Event.file_version
        Record(version);
    }

    /// <summary>One event with a scalar a tag.</summary>
    internal void Write(double unixSeconds, long step, IReadOnlyList<(string Tag, float Value)> scalars)
    {
        var summary = new MemoryStream();
        foreach (var (tag, value) in scalars)
        {
            var entry = new MemoryStream();
            Bytes(entry, 1, Encoding.UTF8.GetBytes(tag));    // Summary.Value.tag
            Float(entry, 2, value);                          // Summary.Value.simple_value
            Bytes(summary, 1, Content(entry));               // Summary.value
        }
        var record = new MemoryStream();
        Double(record, 1, unixSeconds);                      // Event.wall_time
        Varint(record, 2 << 3);
        Varint(record, (ulong)step);                         // Event.step
        Bytes(record, 5, Content(summary));                  // Event.summary
        Record(record);
    }

    public void Dispose() => stream.Dispose();

    /// <summary>CRC-32C (Castagnoli).</summary>
    internal static uint Crc32C(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        foreach (byte value in data) crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    /// <summary>The rotation and offset that TFRecord puts on a checksum, so that checksums of data with checksums stay sound.</summary>
    internal static uint Masked(uint crc) => unchecked(BitOperations.RotateRight(crc, 15) + 0xa282ead8);

    private void Record(MemoryStream record)
    {
        var data = Content(record);
        Span<byte> header = stackalloc byte[12], footer = stackalloc byte[4];
        BinaryPrimitives.WriteInt64LittleEndian(header, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Masked(Crc32C(header[..8])));
        BinaryPrimitives.WriteUInt32LittleEndian(footer, Masked(Crc32C(data)));
        stream.Write(header);
        stream.Write(data);
        stream.Write(footer);
        stream.Flush();
    }

    private static ReadOnlySpan<byte> Content(MemoryStream buffer) => buffer.GetBuffer().AsSpan(0, (int)buffer.Length);

    private static void Varint(MemoryStream to, ulong value)
    {
        for (; value >= 0x80; value >>= 7) to.WriteByte((byte)(value | 0x80));
        to.WriteByte((byte)value);
    }

    private static void Double(MemoryStream to, int field, double value)
    {
        Varint(to, (ulong)(field << 3 | 1)); // wire type 1: eight bytes
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        to.Write(bytes);
    }

    private static void Float(MemoryStream to, int field, float value)
    {
        Varint(to, (ulong)(field << 3 | 5)); // wire type 5: four bytes
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        to.Write(bytes);
    }

    private static void Bytes(MemoryStream to, int field, ReadOnlySpan<byte> content)
    {
        Varint(to, (ulong)(field << 3 | 2)); // wire type 2: length and bytes
        Varint(to, (ulong)content.Length);
        to.Write(content);
    }
}
