using RadTex.Imaging.Transforms;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>What a user says of weights that are imported, where the origin's own is not wanted.</summary>
/// <param name="Channels">
/// 1 or 3; null for the file's own. 1 of 3 sums the first layer over its channels, with their standardisation: what three equal channels give, but
/// for the zeros round the picture that a convolution may see.
/// </param>
/// <param name="ImageSize">Side in pixels; null for the file's or the origin's. A transformer's positions are interpolated to it.</param>
/// <param name="Scaling">How pixels become input; null for the origin's.</param>
/// <param name="Keys">Renames keys first.</param>
/// <param name="Heads">Attention heads of a transformer; null for one each 64 of its width: the weights do not tell.</param>
/// <param name="Force">Whether an encoder of another file is replaced.</param>
public sealed record ImportOptions(
    int? Channels = null, int? ImageSize = null, IntensityScaling? Scaling = null, KeyMap? Keys = null, int? Heads = null, bool Force = false);
