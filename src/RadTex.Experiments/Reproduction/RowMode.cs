using System.Text.Json.Serialization;

namespace RadTex.Experiments.Reproduction;

/// <summary>What is trained downstream. Its text in configurations is "frozen" or "fine-tune".</summary>
[JsonConverter(typeof(JsonEnumText<RowMode>))]
public enum RowMode
{
    /// <summary>A head on the encoder's features.</summary>
    Frozen,

    /// <summary>The whole network.</summary>
    [JsonStringEnumMemberName("fine-tune")]
    FineTune,
}
