using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>
/// Visual projection, embedding, forward decoder and output bias. The output matrix is the word table (VirTex ties them);
/// it is one parameter, so that an optimiser steps it once.
/// </summary>
public sealed class TextualHead : nn.Module
{
    private readonly OutputBias output;
    private readonly LinearLayer visual_projection;
    private readonly TokenEmbedding embedding;
    private readonly CaptionDecoder transformer;

    /// <summary>A head with fresh weights, float32, on the CPU.</summary>
    /// <param name="configuration">V, D, H, layers and dropout.</param>
    /// <param name="featureWidth">F, the channels of the visual features.</param>
    /// <param name="compute">The type of linear maps, such as bfloat16; null for the parameters'.</param>
    /// <param name="generator">The weights are drawn from it; null: from torch's own, which is the process's.</param>
    public TextualHead(ModelConfiguration configuration, int featureWidth, ScalarType? compute, Generator? generator = null)
        : this(configuration, featureWidth, compute, generator, null) { }

    internal TextualHead(
        ModelConfiguration configuration, int featureWidth, ScalarType? compute, Generator? generator, TokenEmbedding? shared)
        : base(nameof(TextualHead))
    {
        visual_projection = new(featureWidth, configuration.Hidden, compute, generator: generator);
        embedding = shared ?? new(configuration, generator);
        transformer = new(configuration, compute, generator);
        output = new(configuration, generator);
        RegisterComponents();
    }

    internal TokenEmbedding Embedding => embedding;

    /// <summary>The forward direction's layers.</summary>
    public CaptionDecoder Decoder => transformer;

    /// <summary>[V, D].</summary>
    public Parameter OutputWeight => embedding.WordWeight;

    /// <summary>[V].</summary>
    public Parameter OutputBias => output.Bias;

    /// <summary>Tokens and positions [N] to embeddings [N, D].</summary>
    public Tensor Embed(Tensor tokens, Tensor positions) => embedding.forward(tokens, positions);

    /// <summary>Visual features [B, F, h, w] to patches [B, h*w, D], row by row.</summary>
    public Tensor Project(Tensor features)
    {
        using var scope = NewDisposeScope();
        return visual_projection.forward(features.flatten(2).permute(0, 2, 1)).MoveToOuterDisposeScope(); // [B, P, D]
    }
}
