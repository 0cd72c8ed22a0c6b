using System.Runtime.Intrinsics.X86;

namespace RadTex.Native;

/// <summary>What this processor can do that matters to speed.</summary>
public static class Processor
{
    /// <summary>
    /// Whether it multiplies bfloat16 in hardware (AVX512_BF16 or AMX_BF16). Without, bfloat16 is emulated and slower than float32.
    /// </summary>
    public static bool MultipliesBFloat16 { get; } = X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7
        && ((X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0 || (X86Base.CpuId(7, 0).Edx & (1 << 22)) != 0);
}
