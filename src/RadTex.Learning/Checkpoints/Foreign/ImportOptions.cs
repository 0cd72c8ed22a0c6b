using RadTex.Imaging.Transforms;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>What is asked of an import beside its file.</summary>
/// <param name="Channels">
/// 1 or 3; null for the file's own. 1 of 3 sums the first convolution over its channels, with their standardisation: what three equal channels give,
/// but for the zeros round the picture.
/// </param>
/// <param name="ImageSize">Side in pixels; null for the origin's.</param>
/// <param name="Scaling">How pixels become input; null for the origin's.</param>
/// <param name="Keys">Renames keys first; null for none.</param>
/// <param name="Force">Whether an encoder of another file is replaced.</param>
public sealed record ImportOptions(
    int? Channels = null, int? ImageSize = null, IntensityScaling? Scaling = null, KeyMap? Keys = null, bool Force = false);
