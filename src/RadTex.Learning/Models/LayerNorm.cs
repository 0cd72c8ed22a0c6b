using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>Layer normalisation over the last axis, in the type of its scale.</summary>
public sealed class LayerNorm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight, bias;
    private readonly double epsilon;

    /// <summary>Scale 1 and bias 0, [width] float32, on the CPU.</summary>
    /// <param name="width">Of the last axis.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public LayerNorm(int width, double epsilon = 1e-5) : base(nameof(LayerNorm))
    {
        this.epsilon = epsilon;
        weight = nn.Parameter(ones(width));
        bias = nn.Parameter(zeros(width));
        RegisterComponents();
    }

    /// <summary>[.., D] to [.., D].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return nn.functional.layer_norm(input.to(weight.dtype), [weight.shape[0]], weight, bias, epsilon).MoveToOuterDisposeScope();
    }
}
