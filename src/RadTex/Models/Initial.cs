using static TorchSharp.torch;

namespace RadTex.Models;

/// <summary>What the layers of the textual head share: VirTex's initial values, and a linear map in a chosen type.</summary>
internal static class Initial
{
    /// <summary>Standard deviation of every matrix and embedding of the textual head.</summary>
    internal const double Deviation = 0.02;

    /// <summary>torch's default bias of a linear layer: uniform in ±1/sqrt(in).</summary>
    internal static Tensor UniformBias(int inWidth, int outWidth)
    {
        double bound = 1 / Math.Sqrt(inWidth);
        return rand(outWidth) * (2 * bound) - bound;
    }

    /// <summary>input [.., in], weight [out, in], bias [out] to [.., out] in type <paramref name="compute"/> (null: the weight's).</summary>
    internal static Tensor Linear(Tensor input, Tensor weight, Tensor bias, ScalarType? compute)
    {
        using var scope = NewDisposeScope();
        var type = compute ?? weight.dtype;
        return nn.functional.linear(input.to(type), weight.to(type), bias.to(type)).MoveToOuterDisposeScope();
    }
}
