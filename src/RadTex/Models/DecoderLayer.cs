using static TorchSharp.torch;

namespace RadTex.Models;

/// <summary>
/// A transformer decoder layer with the norms after the sums (torch's TransformerDecoderLayer, norm_first false, exact GELU):
/// causal self-attention, attention to the patches, feed-forward.
/// </summary>
public sealed class DecoderLayer : nn.Module
{
    private readonly MultiHeadAttention self_attn, multihead_attn;
    private readonly LinearLayer linear1, linear2;
    private readonly LayerNorm norm1, norm2, norm3;
    private readonly double dropout;

    public DecoderLayer(ModelConfiguration configuration, ScalarType? compute) : base(nameof(DecoderLayer))
    {
        var (D, H) = (configuration.Hidden, configuration.Heads);
        dropout = configuration.Dropout;
        self_attn = new(D, H, dropout, compute);
        multihead_attn = new(D, H, dropout, compute);
        linear1 = new(D, configuration.Feedforward, compute);
        linear2 = new(configuration.Feedforward, D, compute);
        norm1 = new(D);
        norm2 = new(D);
        norm3 = new(D);
        RegisterComponents();
    }

    /// <summary>Packed hidden [N, D] and patches [B, P, D] to hidden [N, D], in the type of the norms.</summary>
    public Tensor Forward(Tensor hidden, Tensor patches, CaptionBatch batch)
    {
        using var scope = NewDisposeScope();
        hidden = norm1.forward(hidden + Drop(self_attn.AttendCausally(hidden, batch)));
        hidden = norm2.forward(hidden + Drop(multihead_attn.AttendToPatches(hidden, patches, batch)));
        var inner = Drop(nn.functional.gelu(linear1.forward(hidden))); // [N, F]
        hidden = norm3.forward(hidden + Drop(linear2.forward(inner)));
        return hidden.MoveToOuterDisposeScope();
    }

    private Tensor Drop(Tensor input) => training && dropout > 0 ? nn.functional.dropout(input, dropout, training: true) : input;
}
