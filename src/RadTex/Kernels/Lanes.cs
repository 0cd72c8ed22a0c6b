using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RadTex.Kernels;

/// <summary>
/// Sixteen numbers at a time, in float32 whatever memory holds: a pointer to <see cref="float"/> is float32, one to <see cref="ushort"/> bfloat16 (the upper
/// half of a float32).
/// </summary>
internal static unsafe class Lanes
{
    internal const int Count = 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vector256<float> Low, Vector256<float> High) Load<T>(T* source) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return (Vector256.Load((float*)source), Vector256.Load((float*)source + 8));
        var (low, high) = Vector256.Widen(Vector256.Load((ushort*)source));
        return ((low << 16).AsSingle(), (high << 16).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store<T>(T* target, Vector256<float> low, Vector256<float> high) where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            low.Store((float*)target);
            high.Store((float*)target + 8);
        }
        else Vector256.Narrow(Round(low), Round(high)).Store((ushort*)target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Load1<T>(T* source) where T : unmanaged =>
        typeof(T) == typeof(float) ? *(float*)source : BitConverter.UInt32BitsToSingle((uint)*(ushort*)source << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store1<T>(T* target, float value) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) *(float*)target = value;
        else *(ushort*)target = (ushort)Round(Vector256.Create(value)).ToScalar();
    }

    /// <summary>e^x to about two units in the last place (Cephes' polynomial); 0 where float32 holds it no longer in full, at and under -87.3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Exp(Vector256<float> x)
    {
        var inRange = Vector256.Min(Vector256.Max(x, Vector256.Create(-87.3f)), Vector256.Create(88.3f));
        var power = Vector256.Floor(Vector256.MultiplyAddEstimate(inRange, Vector256.Create(1.44269504088896341f), Vector256.Create(0.5f)));
        var rest = Vector256.MultiplyAddEstimate(power, Vector256.Create(-0.693359375f), inRange); // ln 2 in two parts
        rest = Vector256.MultiplyAddEstimate(power, Vector256.Create(2.12194440e-4f), rest);
        var y = Vector256.Create(1.9875691500e-4f);
        y = Vector256.MultiplyAddEstimate(y, rest, Vector256.Create(1.3981999507e-3f));
        y = Vector256.MultiplyAddEstimate(y, rest, Vector256.Create(8.3334519073e-3f));
        y = Vector256.MultiplyAddEstimate(y, rest, Vector256.Create(4.1665795894e-2f));
        y = Vector256.MultiplyAddEstimate(y, rest, Vector256.Create(1.6666665459e-1f));
        y = Vector256.MultiplyAddEstimate(y, rest, Vector256.Create(5.0000001201e-1f));
        y = Vector256.MultiplyAddEstimate(y, rest * rest, rest + Vector256<float>.One);
        var scale = ((Vector256.ConvertToInt32(power) + Vector256.Create(127)) << 23).AsSingle();
        return Vector256.ConditionalSelect(Vector256.LessThanOrEqual(x, Vector256.Create(-87.3f)), Vector256<float>.Zero, Vector256.ConditionalSelect(Vector256.Equals(x, x), y * scale, x)); // NaN stays NaN
    }

    // To the nearest bfloat16, ties to even, in the lower half of each uint; NaN stays one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Round(Vector256<float> values)
    {
        var bits = values.AsUInt32();
        var rounded = (bits + Vector256.Create(0x7FFFu) + ((bits >>> 16) & Vector256<uint>.One)) >>> 16;
        return Vector256.ConditionalSelect(Vector256.Equals(values, values).AsUInt32(), rounded, Vector256.Create(0x7FC0u));
    }
}
