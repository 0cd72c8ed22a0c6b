using System.Buffers.Binary;
using System.Text;
using RadTex.Learning.Training;

namespace RadTex.Learning.Tests.Training;

public sealed class TensorBoardWriterTests
{
    // RFC 3720, appendix B.4, and the customary check value.
    [Fact]
    public void Crc32C_agrees_with_known_vectors()
    {
        TensorBoardWriter.Crc32C("123456789"u8).ShouldBe(0xE3069283u);
        TensorBoardWriter.Crc32C(new byte[32]).ShouldBe(0x8A9136AAu);
        TensorBoardWriter.Crc32C([.. Enumerable.Repeat((byte)0xFF, 32)]).ShouldBe(0x62A8AB43u);
        TensorBoardWriter.Crc32C([.. Enumerable.Range(0, 32).Select(i => (byte)i)]).ShouldBe(0x46DD794Eu);
        TensorBoardWriter.Crc32C([]).ShouldBe(0u);
    }

    [Fact]
    public void Records_hold_version_then_scalars()
    {
        var stream = new MemoryStream();
        using (var writer = new TensorBoardWriter(stream, 1.5)) writer.Write(2.25, 300, [("train/loss", 0.5f), ("v", -1f)]);
        var bytes = stream.ToArray();
        var records = new List<byte[]>();
        for (int at = 0; at < bytes.Length;)
        {
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
            BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)).ShouldBe(Mask(SlowCrc(bytes.AsSpan(at, 8))));
            var data = bytes[(at + 12)..(at + 12 + length)];
            BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)).ShouldBe(Mask(SlowCrc(data)));
            records.Add(data);
            at += 16 + length;
        }
        records.Count.ShouldBe(2);
        records[0].ShouldBe([0x09, .. BitConverter.GetBytes(1.5), 0x1A, 13, .. Encoding.ASCII.GetBytes("brain.Event:2")]);
        byte[] first = [0x0A, 10, .. Encoding.ASCII.GetBytes("train/loss"), 0x15, .. BitConverter.GetBytes(0.5f)];
        byte[] second = [0x0A, 1, (byte)'v', 0x15, .. BitConverter.GetBytes(-1f)];
        byte[] summary = [0x0A, (byte)first.Length, .. first, 0x0A, (byte)second.Length, .. second];
        records[1].ShouldBe([0x09, .. BitConverter.GetBytes(2.25), 0x10, 0xAC, 0x02, 0x2A, (byte)summary.Length, .. summary]); // 300 = AC 02
    }

    private static uint Mask(uint crc) => ((crc >> 15) | (crc << 17)) + 0xa282ead8u;

    private static uint SlowCrc(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in data)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78u : crc >> 1;
        }
        return ~crc;
    }
}
