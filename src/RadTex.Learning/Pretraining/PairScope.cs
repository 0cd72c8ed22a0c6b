using System.Text.Json.Serialization;

namespace RadTex.Learning.Pretraining;

/// <summary>Among which radiographs and texts a pair is to be told.</summary>
[JsonConverter(typeof(JsonEnumText<PairScope>))]
public enum PairScope
{
    /// <summary>Those of its part of the batch.</summary>
    Part,

    /// <summary>Those of the whole batch, of all processes; each part is computed twice.</summary>
    Batch,
}
