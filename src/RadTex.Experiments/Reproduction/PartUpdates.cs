using System.Text.Json.Serialization;

namespace RadTex.Experiments.Reproduction;

/// <summary>How long a part of the patients is trained on. Its text in configurations is "as-epochs" or "as-whole".</summary>
[JsonConverter(typeof(JsonEnumText<PartUpdates>))]
public enum PartUpdates
{
    /// <summary>As many epochs as the whole set, and so fewer updates.</summary>
    [JsonStringEnumMemberName("as-epochs")]
    AsEpochs,

    /// <summary>As many updates as the whole set, and so more epochs.</summary>
    [JsonStringEnumMemberName("as-whole")]
    AsWhole,
}
