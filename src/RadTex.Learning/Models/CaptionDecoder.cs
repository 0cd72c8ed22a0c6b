using RadTex.Learning.Models.Decoding;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>The decoder layers of one direction.</summary>
public sealed class CaptionDecoder : nn.Module
{
    private readonly ModuleList<DecoderLayer> layers;

    /// <summary>As many layers as the configuration says, with fresh weights, float32, on the CPU.</summary>
    /// <param name="configuration">Layers, widths, heads and dropout.</param>
    /// <param name="compute">The type of linear maps, such as bfloat16; null for the parameters'.</param>
    /// <param name="generator">The weights are drawn from it; null: from torch's own, which is the process's.</param>
    public CaptionDecoder(ModelConfiguration configuration, ScalarType? compute, Generator? generator = null) : base(nameof(CaptionDecoder))
    {
        layers = new([.. Enumerable.Range(0, configuration.Layers).Select(_ => new DecoderLayer(configuration, compute, generator))]);
        RegisterComponents();
    }

    /// <summary>Packed embeddings [N, D] and patches [B, P, D] to hidden states [N, D].</summary>
    /// <param name="embedded">Packed.</param>
    /// <param name="patches">Of the images.</param>
    /// <param name="batch">The captions.</param>
    /// <param name="causal">Whether a position sees those before it alone, or all of its text.</param>
    public Tensor Forward(Tensor embedded, Tensor patches, CaptionBatch batch, bool causal = true)
    {
        using var scope = NewDisposeScope();
        foreach (var layer in layers) embedded = layer.Forward(embedded, patches, batch, causal);
        return embedded.MoveToOuterDisposeScope();
    }

    /// <summary>What each packed position [N, D] attends to among the patches [B, P, D], the mean over layers and heads: [N, P].</summary>
    internal Tensor PatchWeights(Tensor embedded, Tensor patches, CaptionBatch batch)
    {
        using var scope = NewDisposeScope();
        var sum = embedded.new_zeros(embedded.shape[0], patches.shape[1]);
        foreach (var layer in layers)
        {
            sum.add_(layer.PatchWeights(embedded, patches, batch), Scalars.One);
            embedded = layer.Forward(embedded, patches, batch);
        }
        return sum.div_(Scalars.Of((long)layers.Count)).MoveToOuterDisposeScope();
    }

    /// <summary>The state before the first token of B images, one row each.</summary>
    /// <param name="patches">[B, P, D].</param>
    /// <param name="rowsPerImage">Most rows an image will have.</param>
    /// <param name="longest">Most tokens a row will be fed.</param>
    internal DecodingState Begin(Tensor patches, int rowsPerImage, int longest) =>
        new([.. layers.Select(layer => layer.ProjectPatches(patches))], rowsPerImage, longest);

    /// <summary>The embedding of each row's next token [R, D] to its hidden state [R, D].</summary>
    internal Tensor Step(Tensor embedded, DecodingState state)
    {
        using var scope = NewDisposeScope();
        for (int i = 0; i < layers.Count; i++) embedded = layers[i].Step(embedded, state, i);
        state.Advance();
        return embedded.MoveToOuterDisposeScope();
    }
}
