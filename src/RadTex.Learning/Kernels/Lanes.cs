using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RadTex.Learning.Kernels;

/// <summary>
/// Sixteen numbers at a time, in float32 whatever memory holds: a pointer to <see cref="float"/> is float32, one to <see cref="ushort"/> bfloat16
/// (the upper half of a float32).
/// </summary>
internal static unsafe class Lanes
{
    internal const int Count = 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Load<T>(T* source) where T : unmanaged =>
        typeof(T) == typeof(float) ? Vector512.Load((float*)source) : Widen(Vector256.Load((ushort*)source));

    /// <summary>
    /// Those of <paramref name="source"/> where <paramref name="rectified"/>, the output of a ReLU, is not zero, else 0; all of them where that is
    /// null.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> LoadPassed<T>(T* source, T* rectified) where T : unmanaged
    {
        if (rectified is null) return Load(source);
        return typeof(T) == typeof(float)
            ? Vector512.AndNot(Vector512.Load((float*)source), Vector512.Equals(Vector512.Load((float*)rectified), Vector512<float>.Zero))
            : Widen(Vector256.AndNot(Vector256.Load((ushort*)source), Vector256.Equals(Vector256.Load((ushort*)rectified), Vector256<ushort>.Zero)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store<T>(T* target, Vector512<float> values) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) values.Store((float*)target);
        else Narrow(values).Store((ushort*)target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Load1<T>(T* source) where T : unmanaged =>
        typeof(T) == typeof(float) ? *(float*)source : BitConverter.UInt32BitsToSingle((uint)*(ushort*)source << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store1<T>(T* target, float value) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) *(float*)target = value;
        else *(ushort*)target = Narrow(Vector512.Create(value)).ToScalar();
    }

    /// <summary>The greatest of the sixteen; NaN where one is.</summary>
    internal static float Max(Vector512<float> values)
    {
        float greatest = float.NegativeInfinity;
        for (int i = 0; i < Count; i++) greatest = Math.Max(greatest, values[i]);
        return greatest;
    }

    /// <summary>
    /// e^x to about two units in the last place (Cephes' polynomial); 0 where float32 holds it no longer in full, at and under -87.3.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Exp(Vector512<float> x)
    {
        var inRange = Vector512.Min(Vector512.Max(x, Vector512.Create(-87.3f)), Vector512.Create(88.3f));
        var power = Vector512.Floor(Vector512.MultiplyAddEstimate(inRange, Vector512.Create(1.44269504088896341f), Vector512.Create(0.5f)));
        var rest = Vector512.MultiplyAddEstimate(power, Vector512.Create(-0.693359375f), inRange); // ln 2 in two parts
        rest = Vector512.MultiplyAddEstimate(power, Vector512.Create(2.12194440e-4f), rest);
        var y = Vector512.Create(1.9875691500e-4f);
        y = Vector512.MultiplyAddEstimate(y, rest, Vector512.Create(1.3981999507e-3f));
        y = Vector512.MultiplyAddEstimate(y, rest, Vector512.Create(8.3334519073e-3f));
        y = Vector512.MultiplyAddEstimate(y, rest, Vector512.Create(4.1665795894e-2f));
        y = Vector512.MultiplyAddEstimate(y, rest, Vector512.Create(1.6666665459e-1f));
        y = Vector512.MultiplyAddEstimate(y, rest, Vector512.Create(5.0000001201e-1f));
        y = Vector512.MultiplyAddEstimate(y, rest * rest, rest + Vector512<float>.One);
        var scale = ((Vector512.ConvertToInt32(power) + Vector512.Create(127)) << 23).AsSingle();
        // NaN stays NaN
        return Vector512.ConditionalSelect(
            Vector512.LessThanOrEqual(x, Vector512.Create(-87.3f)), Vector512<float>.Zero,
            Vector512.ConditionalSelect(Vector512.Equals(x, x), y * scale, x));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Widen(Vector256<ushort> halves) =>
        (
            (
                Avx512F.IsSupported ? Avx512F.ConvertToVector512UInt32(halves) : Vector512
                    .Create(Vector256.WidenLower(halves), Vector256.WidenUpper(halves))) << 16).AsSingle();

    // To the nearest bfloat16, ties to even; NaN stays one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Narrow(Vector512<float> values)
    {
        var bits = values.AsUInt32();
        var rounded = (bits + Vector512.Create(0x7FFFu) + ((bits >>> 16) & Vector512<uint>.One)) >>> 16;
        var halves = Vector512.ConditionalSelect(Vector512.Equals(values, values).AsUInt32(), rounded, Vector512.Create(0x7FC0u));
        return Avx512F.IsSupported ? Avx512F.ConvertToVector256UInt16(halves) : Vector256.Narrow(halves.GetLower(), halves.GetUpper());
    }
}
