using System.Text.Json.Serialization;

namespace RadTex.Imaging.Transforms;

/// <summary>How pixels become an encoder's input; the names are those of an encoder's card.</summary>
[JsonConverter(typeof(JsonEnumText<IntensityScaling>))]
public enum IntensityScaling
{
    /// <summary>
    /// "max": divided by the largest value inside the crop, so in [0, 1]; an all-black crop stays 0 (the paper's co-authors' code).
    /// </summary>
    Max,

    /// <summary>"imagenet": as <see cref="Max"/>, then three equal channels standardised with ImageNet's channel means and deviations.</summary>
    [JsonStringEnumMemberName("imagenet")]
    ImageNet,

    /// <summary>
    /// "imagenet255": bytes divided by 255 whatever the image's largest value, then three equal channels standardised with ImageNet's channel means
    /// and deviations: what torchvision's ToTensor and Normalize give, and what VirTex was trained with. One channel is standardised with the means
    /// of the three, 0.449 and 0.226.
    /// </summary>
    [JsonStringEnumMemberName("imagenet255")]
    ImageNet255,

    /// <summary>
    /// "plusminus1024": bytes 0 to 255 as -1024 to 1024, without division by the image's largest value (torchxrayvision's <c>normalize</c>).
    /// </summary>
    [JsonStringEnumMemberName("plusminus1024")]
    PlusMinus1024,
}
