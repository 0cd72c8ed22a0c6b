using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace RadTex.Data;

/// <summary>The headers of arrays in NumPy's NPY format, version 1.0; read back is only the flat uint8 array of a prepared dataset.</summary>
internal static partial class NpyHeader
{
    /// <summary>The bytes before the array. Fixed, so that the count can be written in place when it is known.</summary>
    internal const int Length = 128;

    private static ReadOnlySpan<byte> Magic => "NUMPY"u8; // after the byte 0x93

    internal static byte[] Bytes(long count) => Bytes("|u1", $"({count},)");

    /// <summary>The header of any array, C order.</summary>
    /// <param name="type">NumPy's type string, such as "&lt;f4".</param>
    /// <param name="shape">A Python tuple.</param>
    internal static byte[] Bytes(string type, string shape)
    {
        var header = new byte[Length];
        header[0] = 0x93;
        Magic.CopyTo(header.AsSpan(1));
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), Length - 10);
        header.AsSpan(10).Fill((byte)' ');
        Encoding.ASCII.GetBytes($"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}", header.AsSpan(10));
        header[^1] = (byte)'\n';
        return header;
    }

    /// <summary>The number of elements and where they start.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such header.</exception>
    internal static (long Count, int DataOffset) Parse(Stream stream)
    {
        Span<byte> start = stackalloc byte[10];
        if (
            stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || start[0] != 0x93
                || !start[1..6].SequenceEqual(Magic))
            throw new InvalidDataException("it does not start as an NPY file");
        if (start[6] != 1 || start[7] != 0) throw new InvalidDataException($"NPY version {start[6]}.{start[7]} found, 1.0 expected");
        var text = new byte[BinaryPrimitives.ReadUInt16LittleEndian(start[8..])];
        if (stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false) < text.Length) throw new InvalidDataException("its header is cut off");
        var match = Dictionary().Match(Encoding.ASCII.GetString(text));
        if (!match.Success || !long.TryParse(match.Groups[1].ValueSpan, out long count))
            throw new InvalidDataException("its header does not describe a flat uint8 array ('|u1', C order, one dimension)");
        return (count, 10 + text.Length);
    }

    [GeneratedRegex(@"^\{'descr': '\|u1', 'fortran_order': False, 'shape': \((\d{1,18}),\), \} *\n$")]
    private static partial Regex Dictionary();
}
