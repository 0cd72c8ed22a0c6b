using RadTex.Learning.Kernels;
using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>
/// A transformer encoder layer with the norms after the sums (torch's TransformerEncoderLayer, norm_first false, exact GELU): each position attends
/// to all of its text.
/// </summary>
public sealed class TextEncoderLayer : nn.Module
{
    private readonly MultiHeadAttention self_attn;
    private readonly LinearLayer linear1, linear2;
    private readonly LayerNorm norm1, norm2;
    private readonly double dropout;
    private readonly ScalarType? compute;

    /// <summary>A layer with fresh weights, float32, on the CPU.</summary>
    /// <param name="configuration">D, H, the feed-forward width and dropout.</param>
    /// <param name="compute">The type of linear maps, such as bfloat16; null for the parameters'.</param>
    /// <param name="generator">The weights are drawn from it; null: from torch's own, which is the process's.</param>
    public TextEncoderLayer(ModelConfiguration configuration, ScalarType? compute, Generator? generator = null) : base(nameof(TextEncoderLayer))
    {
        int D = configuration.Hidden;
        (dropout, this.compute) = (configuration.Dropout, compute);
        self_attn = new(D, configuration.Heads, dropout, compute, generator);
        linear1 = new(D, configuration.Feedforward, compute, generator: generator);
        linear2 = new(configuration.Feedforward, D, compute, generator: generator);
        norm1 = new(D);
        norm2 = new(D);
        RegisterComponents();
    }

    /// <summary>Packed hidden [N, D] to hidden [N, D], in the type of the norms.</summary>
    public Tensor Forward(Tensor hidden, CaptionBatch batch)
    {
        using var scope = NewDisposeScope();
        hidden = norm1.forward(hidden.add(Drop(self_attn.AttendToAll(hidden, batch)), Scalars.One));
        long rows = hidden.shape[0];
        var whole = LinearMap.PadRows(compute is { } type ? hidden.to(type) : hidden);                  // [N to 64, D]
        var inner = Drop(nn.functional.gelu(linear1.forward(whole)));                                   // [N to 64, F]
        return norm2.forward(hidden.add(Drop(linear2.forward(inner).narrow(0, 0, rows)), Scalars.One)).MoveToOuterDisposeScope();
    }

    private Tensor Drop(Tensor input) => training ? KeyedDropout.Apply(input, dropout) : input;
}
