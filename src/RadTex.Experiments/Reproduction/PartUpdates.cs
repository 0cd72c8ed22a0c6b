using System.Text.Json.Serialization;

namespace RadTex.Experiments.Reproduction;

/// <summary>How long a pretraining trains. Its text in configurations is "as-epochs", "as-whole" or "as-slowest".</summary>
[JsonConverter(typeof(JsonEnumText<PartUpdates>))]
public enum PartUpdates
{
    /// <summary>Its own epochs: a part of the patients makes fewer updates than the whole.</summary>
    [JsonStringEnumMemberName("as-epochs")]
    AsEpochs,

    /// <summary>As many updates as the whole set, and so more epochs.</summary>
    [JsonStringEnumMemberName("as-whole")]
    AsWhole,

    /// <summary>As long as the slowest pretraining of the configuration takes for its epochs, by the seconds an update that the configuration
    /// states, and so more updates.</summary>
    [JsonStringEnumMemberName("as-slowest")]
    AsSlowest,
}
