using System.ComponentModel.DataAnnotations;
using RadTex.Imaging.Transforms;

namespace RadTex.Learning.Pretraining;

/// <summary>Section <c>image</c> of a configuration: what the encoder sees. The defaults are the paper's (section 2.2).</summary>
/// <param name="Size">Side of the square input in pixels.</param>
/// <param name="Scaling">How pixels become input.</param>
/// <param name="Degrees">Largest random rotation either way, in degrees.</param>
/// <param name="Translate">Largest random shift either way, as a part of each side.</param>
/// <param name="Interpolation">Of the random map.</param>
public sealed record ImageSettings(
    int Size = 256, IntensityScaling Scaling = IntensityScaling.Max, [property: Range(0.0, 180)] double Degrees = 20,
    [property: Range(0.0, 1)] double Translate = 0.1, Interpolation Interpolation = Interpolation.Bilinear);
