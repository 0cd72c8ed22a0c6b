using System.Text.Json.Serialization;

namespace RadTex.Learning.Models;

/// <summary>The types that a network computes in. Its text in configurations and answers is the member's name in small letters.</summary>
[JsonConverter(typeof(JsonEnumText<Precision>))]
public enum Precision
{
    /// <summary><see cref="Bf16"/> where the device multiplies it in hardware, else <see cref="Fp32"/>.</summary>
    Auto,

    /// <summary>bfloat16 convolutions and linear maps over float32 weights, norms and loss.</summary>
    Bf16,

    /// <summary>float32 throughout.</summary>
    Fp32,

    /// <summary>float32, of whose numbers a GPU multiplies the first 10 bits.</summary>
    Tf32,

    /// <summary>float64 throughout: golden cases only.</summary>
    Fp64,
}
