using System.Buffers.Binary;
using System.IO.Compression;

namespace RadTex.Studies.Tables;

/// <summary>
/// A gzip file that is read to its true end or refused: .NET's own stream takes a file that was cut off for one that ends there, and half a
/// table would pass for a whole one. The last four bytes of a gzip file hold its unpacked length.
/// </summary>
internal sealed class WholeGzipStream : Stream
{
    private readonly GZipStream unpacked;
    private readonly uint expectedLength;
    private ulong length;

    /// <param name="file">A seekable stream at its start; disposed with this one.</param>
    internal WholeGzipStream(Stream file)
    {
        Span<byte> trailer = stackalloc byte[4];
        file.Seek(Math.Max(0, file.Length - trailer.Length), SeekOrigin.Begin);
        file.ReadAtLeast(trailer, trailer.Length, throwOnEndOfStream: false);
        expectedLength = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        file.Position = 0;
        unpacked = new GZipStream(file, CompressionMode.Decompress);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="InvalidDataException">The file is damaged, or its end is missing.</exception>
    public override int Read(Span<byte> buffer)
    {
        int read = unpacked.Read(buffer);
        length += (ulong)read;
        if (read == 0 && buffer.Length > 0 && (uint)length != expectedLength)
            throw new InvalidDataException("the gzip file is cut off (or made of several parts: unpack it and give the plain file).");
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) unpacked.Dispose();
        base.Dispose(disposing);
    }
}
