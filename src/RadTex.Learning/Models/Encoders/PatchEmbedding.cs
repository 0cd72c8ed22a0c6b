using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Models.Encoders;

/// <summary>Patches of a picture as tokens, under timm's name <c>patch_embed.proj</c>: a convolution whose stride is its kernel.</summary>
internal sealed class PatchEmbedding : nn.Module<Tensor, Tensor>
{
    private readonly Projection proj;
    private readonly int patch;

    internal PatchEmbedding(int channels, int width, int patch, Generator? generator) : base(nameof(PatchEmbedding))
    {
        this.patch = patch;
        proj = new(channels, width, patch, generator);
        RegisterComponents();
    }

    /// <summary>[B, C, S, S] to [B, (S/P)², D], row by row. A side is a multiple of P.</summary>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        long B = images.shape[0], C = images.shape[1], height = images.shape[2] / patch, width = images.shape[3] / patch;
        if (images.shape[2] % patch != 0 || images.shape[3] % patch != 0)
            throw new ArgumentException($"images of {images.shape[2]} x {images.shape[3]} are no whole patches of {patch} x {patch}", nameof(images));
        // One product instead of a convolution: nothing overlaps.
        var rows = images.reshape(B, C, height, patch, width, patch).permute(0, 2, 4, 1, 3, 5).reshape(B * height * width, C * patch * patch);
        return proj.forward(rows).view(B, height * width, -1).MoveToOuterDisposeScope();
    }

    /// <summary>The weights of the convolution; LeCun-normal, biases zero.</summary>
    private sealed class Projection : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter weight, bias;

        internal Projection(int channels, int width, int patch, Generator? generator) : base(nameof(Projection))
        {
            weight = nn.Parameter(InitialValues.Normal(Math.Sqrt(1.0 / (channels * patch * patch)), [width, channels, patch, patch], generator));
            bias = nn.Parameter(zeros(width));
            RegisterComponents();
        }

        /// <summary>[N, C * P * P] to [N, D].</summary>
        public override Tensor forward(Tensor rows)
        {
            using var scope = NewDisposeScope();
            return LinearMap.Apply(rows, weight.flatten(1), bias, rows.dtype).MoveToOuterDisposeScope();
        }
    }
}
