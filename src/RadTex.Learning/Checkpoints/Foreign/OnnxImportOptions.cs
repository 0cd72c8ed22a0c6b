using RadTex.Imaging.Transforms;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>What a user says of a graph that is imported: a graph does not know its input.</summary>
/// <param name="ImageSize">Side S in pixels.</param>
/// <param name="Scaling">How pixels become input; null where <paramref name="Standardisation"/> says.</param>
/// <param name="Standardisation">The same for what no <see cref="IntensityScaling"/> is.</param>
/// <param name="Features">The output, or a tensor inside, that is taken; null for the only one that will do.</param>
/// <param name="Force">Whether an encoder of another file is replaced.</param>
public sealed record OnnxImportOptions(
    int ImageSize, IntensityScaling? Scaling = null, ChannelStandardisation? Standardisation = null, string? Features = null, bool Force = false);
