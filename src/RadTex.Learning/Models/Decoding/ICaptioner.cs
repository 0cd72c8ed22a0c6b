using static TorchSharp.torch;

namespace RadTex.Learning.Models.Decoding;

/// <summary>
/// What writes captions token by token: our own model, or the same model in another runtime. Every way of decoding runs over either.
/// </summary>
public interface ICaptioner
{
    /// <summary>Its sizes, its special tokens among them.</summary>
    public ModelConfiguration Configuration { get; }

    /// <summary>Begins one caption of each image.</summary>
    /// <param name="features">Visual features [B, F, h, w].</param>
    /// <param name="rowsPerImage">Most captions an image will have at once.</param>
    /// <param name="longest">Most tokens a caption will be fed.</param>
    public ICaptionSteps Begin(Tensor features, int rowsPerImage, int longest);
}
