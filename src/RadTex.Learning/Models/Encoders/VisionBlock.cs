using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Models.Encoders;

/// <summary>A block of a vision transformer with the norms before the branches, and timm's state names.</summary>
internal sealed class VisionBlock : nn.Module
{
    private const int Expansion = 4;

    private readonly LayerNorm norm1, norm2;
    private readonly VisionAttention attn;
    private readonly FeedForward mlp;
    private readonly BranchScale? ls1, ls2;

    internal VisionBlock(int width, VisionShape shape, double epsilon, Generator? generator) : base(nameof(VisionBlock))
    {
        norm1 = new(width, epsilon);
        attn = new(width, shape.Heads, generator);
        norm2 = new(width, epsilon);
        mlp = new(width, Expansion * width, generator);
        if (shape.HasLayerScale) (ls1, ls2) = (new(width), new(width));
        RegisterComponents();
    }

    /// <summary>Tokens [B, T, D] to [B, T, D], in the parameters' type; products in <paramref name="compute"/>.</summary>
    internal Tensor Forward(Tensor tokens, ScalarType compute)
    {
        using var scope = NewDisposeScope();
        tokens = tokens.add(Scaled(attn.Forward(norm1.forward(tokens), compute), ls1), Scalars.One);
        return tokens.add(Scaled(mlp.Forward(norm2.forward(tokens), compute), ls2), Scalars.One).MoveToOuterDisposeScope();
    }

    /// <summary>How much each token of [B, T, D] attends to each, the mean over heads: [B, T, T] in the parameters' type.</summary>
    internal Tensor Weights(Tensor tokens, ScalarType compute)
    {
        using var scope = NewDisposeScope();
        return attn.Weights(norm1.forward(tokens), compute).to(tokens.dtype).MoveToOuterDisposeScope();
    }

    internal void OpenBranches()
    {
        ls1?.Open();
        ls2?.Open();
    }

    private static Tensor Scaled(Tensor branch, BranchScale? scale) => scale?.forward(branch) ?? branch;

    private sealed class FeedForward : nn.Module
    {
        private readonly LinearLayer fc1, fc2;

        internal FeedForward(int width, int inner, Generator? generator) : base(nameof(FeedForward))
        {
            fc1 = new(width, inner, compute: null, zeroBias: true, generator);
            fc2 = new(inner, width, compute: null, zeroBias: true, generator);
            RegisterComponents();
        }

        internal Tensor Forward(Tensor tokens, ScalarType compute) => fc2.Apply(nn.functional.gelu(fc1.Apply(tokens, compute)), compute);
    }

    /// <summary>LayerScale (Touvron et al. 2021): a learned factor a channel, which begins as almost nothing.</summary>
    private sealed class BranchScale : nn.Module<Tensor, Tensor>
    {
        private const double First = 1e-5;

        private readonly Parameter gamma;

        internal BranchScale(int width) : base(nameof(BranchScale))
        {
            gamma = nn.Parameter(full(width, Scalars.Of(First)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor branch) => branch * gamma;

        internal void Open()
        {
            using var _ = no_grad();
            gamma.fill_(Scalars.One);
        }
    }
}
