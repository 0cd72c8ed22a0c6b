using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Models;

/// <summary>The decoder layers of one direction.</summary>
public sealed class CaptionDecoder : nn.Module
{
    private readonly ModuleList<DecoderLayer> layers;

    public CaptionDecoder(ModelConfiguration configuration, ScalarType? compute) : base(nameof(CaptionDecoder))
    {
        layers = new([.. Enumerable.Range(0, configuration.Layers).Select(_ => new DecoderLayer(configuration, compute))]);
        RegisterComponents();
    }

    /// <summary>Packed embeddings [N, D] and patches [B, P, D] to hidden states [N, D].</summary>
    public Tensor Forward(Tensor embedded, Tensor patches, CaptionBatch batch)
    {
        using var scope = NewDisposeScope();
        foreach (var layer in layers) embedded = layer.Forward(embedded, patches, batch);
        return embedded.MoveToOuterDisposeScope();
    }
}
