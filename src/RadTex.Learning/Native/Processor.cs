using System.Runtime.Intrinsics.X86;

namespace RadTex.Learning.Native;

/// <summary>What this processor can do that decides how to compute.</summary>
internal static class Processor
{
    /// <summary>
    /// Whether it multiplies bfloat16 in hardware (AVX512_BF16 or AMX_BF16). Where it does, bfloat16 about doubles the speed of training;
    /// where it does not, torch converts back and forth, and preset phantom fell from 10 to 1 images/s (one thread, AVX2 only).
    /// </summary>
    public static bool MultipliesBFloat16 { get; } = Detect();

    private static bool Detect()
    {
        const int features = 7, avx512Bf16 = 1 << 5, amxBf16 = 1 << 22;
        if (!X86Base.IsSupported || !Avx512F.IsSupported || X86Base.CpuId(0, 0).Eax < features) return false;
        var (subleaves, _, _, bits) = X86Base.CpuId(features, 0);
        return (bits & amxBf16) != 0 || (subleaves >= 1 && (X86Base.CpuId(features, 1).Eax & avx512Bf16) != 0);
    }
}
