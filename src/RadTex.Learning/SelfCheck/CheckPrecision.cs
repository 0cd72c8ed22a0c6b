namespace RadTex.Learning.SelfCheck;

/// <summary>In which type a golden case is rebuilt.</summary>
public enum CheckPrecision
{
    /// <summary>float64 throughout.</summary>
    Fp64,

    /// <summary>float32 throughout.</summary>
    Fp32,

    /// <summary>bfloat16 convolutions and linear maps over float32 weights, norms and loss.</summary>
    Bf16,
}
