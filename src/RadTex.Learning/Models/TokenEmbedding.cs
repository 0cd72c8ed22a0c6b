using RadTex.Learning.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>
/// Learned token plus learned position embedding, then layer norm (epsilon 1e-8) and dropout (section 2.1, VirTex embedding.py).
/// VirTex also zeroes padded positions; here captions are packed and hold none.
/// </summary>
public sealed class TokenEmbedding : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly EmbeddingTable words, positions;
    private readonly LayerNorm layer_norm;
    private readonly double dropout;

    /// <summary>Tables [V, D] and [longest caption, D] with fresh weights, float32, on the CPU; the padding token's row is zero.</summary>
    /// <param name="configuration">V, D, the longest caption and dropout.</param>
    /// <param name="generator">The values are drawn from it; null: from torch's own, which is the process's.</param>
    public TokenEmbedding(ModelConfiguration configuration, Generator? generator = null) : base(nameof(TokenEmbedding))
    {
        words = new(configuration.VocabularySize, configuration.Hidden, configuration.PaddingToken, generator);
        positions = new(configuration.MaxTokens, configuration.Hidden, paddingRow: null, generator);
        layer_norm = new(configuration.Hidden, epsilon: 1e-8);
        dropout = configuration.Dropout;
        RegisterComponents();
    }

    /// <summary>The word table [V, D]; it is the output layer's matrix too.</summary>
    public Parameter WordWeight => words.Weight;

    /// <summary>Tokens [N] and their positions [N], both int64, to embeddings [N, D].</summary>
    public override Tensor forward(Tensor tokens, Tensor tokenPositions)
    {
        using var scope = NewDisposeScope();
        var sum = words.forward(tokens).add(positions.forward(tokenPositions), Scalars.One);
        var normed = layer_norm.forward(sum);
        return (training ? KeyedDropout.Apply(normed, dropout) : normed).MoveToOuterDisposeScope();
    }
}
