using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>
/// Texts as vectors: token embedding and encoder layers, then the largest value of each channel over a text's positions (ConVIRT). The embedding has
/// the names of a captioning model's, so that one can begin with the other's.
/// </summary>
public sealed class TextEncoder : nn.Module
{
    private readonly TokenEmbedding embedding;
    private readonly ModuleList<TextEncoderLayer> transformer;

    /// <summary>An embedding and as many layers as the configuration says, with fresh weights, float32, on the CPU.</summary>
    /// <param name="configuration">V, D, H, layers and dropout.</param>
    /// <param name="compute">The type of linear maps, such as bfloat16; null for the parameters'.</param>
    /// <param name="generator">The weights are drawn from it; null: from torch's own, which is the process's.</param>
    public TextEncoder(ModelConfiguration configuration, ScalarType? compute, Generator? generator = null)
        : this(configuration, compute, generator, null) { }

    internal TextEncoder(ModelConfiguration configuration, ScalarType? compute, Generator? generator, TokenEmbedding? shared)
        : base(nameof(TextEncoder))
    {
        embedding = shared ?? new(configuration, generator);
        transformer = new([.. Enumerable.Range(0, configuration.Layers).Select(_ => new TextEncoderLayer(configuration, compute, generator))]);
        RegisterComponents();
    }

    internal TokenEmbedding Embedding => embedding;

    /// <summary>Whole texts (<see cref="CaptionBatch.PackWhole"/>) to [B, D], in the parameters' type.</summary>
    public Tensor Forward(CaptionBatch texts)
    {
        using var scope = NewDisposeScope();
        var hidden = embedding.forward(texts.ForwardTokens, texts.Positions); // [N, D]
        foreach (var layer in transformer) hidden = layer.Forward(hidden, texts);
        var padded = texts.Pad(hidden);                                       // [B, T, D]
        if (!texts.IsDense) padded = padded.masked_fill(texts.Missing().unsqueeze(2), Scalars.Of(double.NegativeInfinity));
        return padded.amax([1L]).MoveToOuterDisposeScope();
    }
}
