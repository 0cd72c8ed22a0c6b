using RadTex.Learning.Kernels;
using RadTex.Learning.Models.Decoding;
using static TorchSharp.torch;

namespace RadTex.Learning.Models;

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
    private readonly ScalarType? compute;

    /// <summary>A layer with fresh weights, float32, on the CPU.</summary>
    /// <param name="configuration">D, H, the feed-forward width and dropout.</param>
    /// <param name="compute">The type of linear maps, such as bfloat16; null for the parameters'.</param>
    /// <param name="generator">The weights are drawn from it; null: from torch's own, which is the process's.</param>
    public DecoderLayer(ModelConfiguration configuration, ScalarType? compute, Generator? generator = null) : base(nameof(DecoderLayer))
    {
        var (D, H) = (configuration.Hidden, configuration.Heads);
        (dropout, this.compute) = (configuration.Dropout, compute);
        self_attn = new(D, H, dropout, compute, generator);
        multihead_attn = new(D, H, dropout, compute, generator);
        linear1 = new(D, configuration.Feedforward, compute, generator: generator);
        linear2 = new(configuration.Feedforward, D, compute, generator: generator);
        norm1 = new(D);
        norm2 = new(D);
        norm3 = new(D);
        RegisterComponents();
    }

    /// <summary>Packed hidden [N, D] and patches [B, P, D] to hidden [N, D], in the type of the norms.</summary>
    /// <param name="hidden">Packed.</param>
    /// <param name="patches">Of the images.</param>
    /// <param name="batch">The captions.</param>
    /// <param name="causal">Whether a position sees those before it alone, or all of its text.</param>
    public Tensor Forward(Tensor hidden, Tensor patches, CaptionBatch batch, bool causal = true)
    {
        using var scope = NewDisposeScope();
        hidden = Attend(hidden, batch, causal);
        hidden = norm2.forward(hidden.add(Drop(multihead_attn.AttendToPatches(hidden, patches, batch)), Scalars.One));
        return FeedForward(hidden).MoveToOuterDisposeScope();
    }

    /// <summary>What each packed position [N, D] that comes into the layer attends to among the patches, [N, P].</summary>
    internal Tensor PatchWeights(Tensor hidden, Tensor patches, CaptionBatch batch)
    {
        using var scope = NewDisposeScope();
        return multihead_attn.PatchWeights(Attend(hidden, batch, causal: true), patches, batch).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The next position of each row [R, D] to [R, D], from the keys and values that <paramref name="state"/> keeps for layer
    /// <paramref name="index"/>.
    /// </summary>
    internal Tensor Step(Tensor hidden, DecodingState state, int index)
    {
        using var scope = NewDisposeScope();
        hidden = norm1.forward(hidden.add(self_attn.AttendToPast(hidden, state, index), Scalars.One));
        hidden = norm2.forward(hidden.add(multihead_attn.AttendToPatches(hidden, state, index), Scalars.One));
        return FeedForward(hidden).MoveToOuterDisposeScope();
    }

    /// <summary>The patches' keys and values, two of [B, H, P, D/H].</summary>
    internal (Tensor Keys, Tensor Values) ProjectPatches(Tensor patches) => multihead_attn.ProjectPatches(patches);

    private Tensor Attend(Tensor hidden, CaptionBatch batch, bool causal)
    {
        using var scope = NewDisposeScope();
        var attended = causal ? self_attn.AttendCausally(hidden, batch) : self_attn.AttendToAll(hidden, batch);
        return norm1.forward(hidden.add(Drop(attended), Scalars.One)).MoveToOuterDisposeScope();
    }

    private Tensor FeedForward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        long rows = hidden.shape[0];
        // Filled up once for both layers and the GELU between them, for which too oneDNN would compile a kernel for every N.
        var whole = LinearMap.PadRows(compute is { } type ? hidden.to(type) : hidden); // [N to 64, D]
        var inner = Drop(nn.functional.gelu(linear1.forward(whole)));                  // [N to 64, F]
        return norm3.forward(hidden.add(Drop(linear2.forward(inner).narrow(0, 0, rows)), Scalars.One)).MoveToOuterDisposeScope();
    }

    private Tensor Drop(Tensor input) => training ? KeyedDropout.Apply(input, dropout) : input;
}
