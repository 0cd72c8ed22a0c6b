using System.Text.Json.Serialization;

namespace RadTex.Learning.Pretraining;

/// <summary>In which directions captions are predicted.</summary>
[JsonConverter(typeof(JsonEnumText<CaptionDirections>))]
public enum CaptionDirections
{
    /// <summary>Forward and backward, by a decoder each.</summary>
    Both,

    /// <summary>The ablation without the backward direction: its decoder is there and not trained.</summary>
    Forward,
}
