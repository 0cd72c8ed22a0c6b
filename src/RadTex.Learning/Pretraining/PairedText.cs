using System.Text.Json.Serialization;

namespace RadTex.Learning.Pretraining;

/// <summary>Which text a radiograph is paired with.</summary>
[JsonConverter(typeof(JsonEnumText<PairedText>))]
public enum PairedText
{
    /// <summary>A sentence of its report, drawn anew each time (ConVIRT).</summary>
    Sentence,

    /// <summary>All of it.</summary>
    Report,
}
