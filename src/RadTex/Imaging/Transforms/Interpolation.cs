using System.Text.Json.Serialization;

namespace RadTex.Imaging.Transforms;

/// <summary>How a value between pixels is taken. Its text in configurations is "bilinear" or "nearest".</summary>
[JsonConverter(typeof(JsonEnumText<Interpolation>))]
public enum Interpolation
{
    /// <summary>Weighted mean of the four nearest pixels; beyond the edge they count as 0.</summary>
    Bilinear,

    /// <summary>The nearest pixel, as torchvision's RandomAffine by default and the co-authors' code.</summary>
    Nearest,
}
