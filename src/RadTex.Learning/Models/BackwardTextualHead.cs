using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>
/// The backward direction's own part: its decoder layers. Projection, embedding and output belong to <see cref="TextualHead"/>
/// and serve both directions.
/// </summary>
public sealed class BackwardTextualHead : nn.Module
{
    private readonly CaptionDecoder transformer;

    /// <summary>Decoder layers with fresh weights, float32, on the CPU.</summary>
    /// <param name="configuration">Layers, widths, heads and dropout.</param>
    /// <param name="compute">The type of linear maps, such as bfloat16; null for the parameters'.</param>
    /// <param name="generator">The weights are drawn from it; null: from torch's own, which is the process's.</param>
    public BackwardTextualHead(ModelConfiguration configuration, ScalarType? compute, Generator? generator = null) : base(nameof(BackwardTextualHead))
    {
        transformer = new(configuration, compute, generator);
        RegisterComponents();
    }

    /// <summary>The layers: they see a caption from its end.</summary>
    public CaptionDecoder Decoder => transformer;
}
