using static TorchSharp.torch;

namespace RadTex.Learning.Models.Decoding;

/// <summary>A way of choosing a caption.</summary>
public interface IDecoding
{
    /// <summary>One caption of each image.</summary>
    /// <param name="captioner">In evaluation mode.</param>
    /// <param name="features">Visual features [B, F, h, w].</param>
    public IReadOnlyList<Caption> Decode(ICaptioner captioner, Tensor features);
}
