using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace RadTex.Learning.Kernels;

/// <summary>Which values fall: a hash of a value's place under a key of 64 bits, against a threshold.</summary>
internal sealed class DropoutMask
{
    private readonly uint key, secondKey, threshold;
    private readonly float kept;

    /// <summary>A mask with a key from <see cref="StepGenerator"/>: its seed makes it again.</summary>
    internal DropoutMask(double p) : this(p, DrawKey()) { }

    internal DropoutMask(double p, ulong key)
    {
        (this.key, secondKey) = ((uint)key, (uint)(key >> 32));
        threshold = (uint)Math.Round(p * 4294967296.0);
        kept = (float)(1 / (1 - p));
    }

    /// <summary>0 or 1 / (1 - p) for each of the sixteen values from <paramref name="first"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector512<float> Factors(uint first)
    {
        var indices = Vector512.Create(first) + Vector512.Create(0u, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        // Two rounds of a 32-bit mixer (multipliers and shifts of "lowbias32"), the second key between them.
        var x = indices + Vector512.Create(key);
        x = (x ^ (x >>> 16)) * Vector512.Create(0x7FEB352Du);
        x = (x ^ (x >>> 15)) * Vector512.Create(0x846CA68Bu);
        x ^= (x >>> 16) ^ Vector512.Create(secondKey);
        x = (x ^ (x >>> 15)) * Vector512.Create(0x9E3779B1u);
        x ^= x >>> 16;
        return Vector512.ConditionalSelect(
            Vector512.GreaterThanOrEqual(x, Vector512.Create(threshold)).AsSingle(), Vector512.Create(kept), Vector512<float>.Zero);
    }

    private static ulong DrawKey()
    {
        using var scope = NewDisposeScope();
        return (ulong)randint(long.MaxValue, [1], dtype: ScalarType.Int64, generator: StepGenerator.Current).item<long>();
    }
}
