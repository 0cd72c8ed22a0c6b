using RadTex.Learning.Kernels;
using static TorchSharp.torch;

namespace RadTex.Learning.Models.Encoders;

/// <summary>Each token attends to all of its picture, by several heads; query, key and value lie one below the other in <c>qkv</c> (timm).</summary>
internal sealed class VisionAttention : nn.Module
{
    private readonly LinearLayer qkv, proj;
    private readonly int width, heads;

    internal VisionAttention(int width, int heads, Generator? generator) : base(nameof(VisionAttention))
    {
        (this.width, this.heads) = (width, heads);
        qkv = new(width, 3 * width, compute: null, zeroBias: true, generator);
        proj = new(width, width, compute: null, zeroBias: true, generator);
        RegisterComponents();
    }

    /// <summary>[B, T, D] to [B, T, D], in type <paramref name="compute"/>.</summary>
    internal Tensor Forward(Tensor tokens, ScalarType compute)
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = Split(tokens, compute);
        var attended = training && HostTensor.Fits(query)
            ? AttentionWeights.Apply(query.matmul(key.transpose(2, 3)), Scale, causal: false, dropout: 0).matmul(value) // [B, H, T, D/H]
            : nn.functional.scaled_dot_product_attention(query, key, value);
        return proj.Apply(attended.permute(0, 2, 1, 3).reshape(tokens.shape), compute).MoveToOuterDisposeScope();
    }

    /// <summary>[B, T, D] to how much each token attends to each, the mean over heads, [B, T, T].</summary>
    internal Tensor Weights(Tensor tokens, ScalarType compute)
    {
        using var scope = NewDisposeScope();
        var (query, key, _) = Split(tokens, compute);
        return query.matmul(key.transpose(2, 3)).to(tokens.dtype).mul(Scalars.Of(Scale)).softmax(3).mean([1L]).MoveToOuterDisposeScope();
    }

    private double Scale => 1 / Math.Sqrt((double)width / heads);

    // Three of [B, H, T, D/H].
    private (Tensor Query, Tensor Key, Tensor Value) Split(Tensor tokens, ScalarType compute)
    {
        var split = qkv.Apply(tokens, compute).view(tokens.shape[0], tokens.shape[1], 3, heads, width / heads).permute(2, 0, 3, 1, 4);
        return (split[0], split[1], split[2]);
    }
}
