using System.Buffers.Binary;
using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>A safetensors dtype that torch here has no type for, read into the least type that holds every value.</summary>
/// <param name="Read">Values and shape to a tensor outside any dispose scope; the text says where, for an error.</param>
internal sealed record WidenedType(WidenedType.Reader Read)
{
    internal delegate Tensor Reader(ReadOnlySpan<byte> bytes, long[] shape, string where);
}

internal static class WidenedTypes
{
    private static readonly Dictionary<string, WidenedType> Types = new()
    {
        ["U16"] = new((bytes, shape, _) => Fill<int>(bytes, 2, shape, ScalarType.Int32, b => BinaryPrimitives.ReadUInt16LittleEndian(b))),
        ["U32"] = new((bytes, shape, _) => Fill<long>(bytes, 4, shape, ScalarType.Int64, b => BinaryPrimitives.ReadUInt32LittleEndian(b))),
        ["U64"] = new(
            (bytes, shape, where) => Fill(bytes, 8, shape, ScalarType.Int64, b => Signed(BinaryPrimitives.ReadUInt64LittleEndian(b), where))),
        ["F8_E4M3"] = new((bytes, shape, _) => Fill(bytes, 1, shape, ScalarType.Float32, b => E4M3(b[0]))),
        ["F8_E5M2"] = new(
            (bytes, shape, _) => Fill(bytes, 1, shape, ScalarType.Float32, b => (float)BitConverter.UInt16BitsToHalf((ushort)(b[0] << 8)))),
    };

    private delegate T ValueOf<T>(ReadOnlySpan<byte> bytes);

    internal static WidenedType? Find(string name) => Types.GetValueOrDefault(name);

    private static Tensor Fill<T>(ReadOnlySpan<byte> bytes, int size, long[] shape, ScalarType type, ValueOf<T> value) where T : unmanaged
    {
        var values = new T[bytes.Length / size];
        for (int i = 0; i < values.Length; i++) values[i] = value(bytes.Slice(i * size, size));
        var filled = empty(shape, dtype: type).DetachFromDisposeScope();
        if (values.Length > 0) System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(filled.bytes);
        return filled;
    }

    private static long Signed(ulong value, string where) =>
        value <= long.MaxValue ? (long)value : throw new UserErrorException($"{where} holds {value}, which int64 cannot. Save it in another type.");

    // Sign, four bits of exponent (bias 7), three of mantissa; no infinity, and all ones is NaN (OCP 8-bit floating point, E4M3).
    private static float E4M3(byte bits)
    {
        int exponent = bits >> 3 & 15, mantissa = bits & 7;
        float magnitude = exponent == 15 && mantissa == 7 ? float.NaN
            : exponent == 0 ? MathF.ScaleB(mantissa, -9) : MathF.ScaleB(8 + mantissa, exponent - 10);
        return (bits & 0x80) == 0 ? magnitude : -magnitude;
    }
}
