using static TorchSharp.torch;

namespace RadTex.Models;

/// <summary>A way of choosing a caption.</summary>
public interface IDecoding
{
    /// <summary>One caption of each image.</summary>
    /// <param name="model">A model in evaluation mode.</param>
    /// <param name="features">Visual features [B, F, h, w].</param>
    public IReadOnlyList<Caption> Decode(RadTexModel model, Tensor features);
}
