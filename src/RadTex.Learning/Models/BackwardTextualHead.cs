using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>
/// The backward direction's own part: its decoder layers. Projection, embedding and output belong to <see cref="TextualHead"/>
/// and serve both directions.
/// </summary>
public sealed class BackwardTextualHead : nn.Module
{
    private readonly CaptionDecoder transformer;

    public BackwardTextualHead(ModelConfiguration configuration, ScalarType? compute, Generator? generator = null) : base(nameof(BackwardTextualHead))
    {
        transformer = new(configuration, compute, generator);
        RegisterComponents();
    }

    public CaptionDecoder Decoder => transformer;
}
