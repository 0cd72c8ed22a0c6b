using System.Text.Json.Serialization;

namespace RadTex.Experiments.Reproduction;

/// <summary>What a line of the tables stands for in the claims. Its text in configurations is the member's name in small letters.</summary>
[JsonConverter(typeof(JsonEnumText<RowRole>))]
public enum RowRole
{
    /// <summary>The claims are about the first of these.</summary>
    [JsonStringEnumMemberName("radtex")]
    RadTex,

    /// <summary>An encoder that learnt from labels.</summary>
    Supervised,

    /// <summary>Fresh weights.</summary>
    Random,

    /// <summary>An encoder of a part of the patients (Figure 3).</summary>
    Part,

    /// <summary>Described, in no claim.</summary>
    Ablation,

    /// <summary>An encoder of another objective of pretraining, all else alike (claim E).</summary>
    Objective,

    /// <summary>Another encoder, all else alike (claim F).</summary>
    Encoder,

    /// <summary>The row that looks at no picture, which every sweep adds to those of a configuration.</summary>
    View,
}
