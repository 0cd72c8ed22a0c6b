using RadTex.Imaging.Transforms;

namespace RadTex.Learning.Pretraining;

/// <summary>Section <c>image</c> of a configuration: what the encoder sees. The defaults are the paper's (section 2.2).</summary>
/// <param name="Size">Side of the square input in pixels.</param>
/// <param name="Scaling">"max" or "imagenet"; see <see cref="IntensityScaling"/>.</param>
/// <param name="Degrees">Largest random rotation either way, in degrees.</param>
/// <param name="Translate">Largest random shift either way, as a part of each side.</param>
/// <param name="Interpolation">"bilinear" or "nearest".</param>
public sealed record ImageSettings(
    int Size = 256, string Scaling = "max", double Degrees = 20, double Translate = 0.1, string Interpolation = "bilinear");
