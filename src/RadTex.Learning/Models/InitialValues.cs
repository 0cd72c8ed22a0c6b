using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>Values that weights begin with: VirTex's, and torch's own where VirTex keeps those.</summary>
internal static class InitialValues
{
    /// <summary>Standard deviation of every matrix and embedding of the textual head.</summary>
    internal const double Deviation = 0.02;

    /// <summary>torch's default bias of a linear layer: uniform in ±1/sqrt(in), from torch's generator or the one given.</summary>
    internal static Tensor UniformBias(int inWidth, int outWidth, Generator? generator = null)
    {
        using var scope = NewDisposeScope();
        double bound = 1 / Math.Sqrt(inWidth);
        return rand([outWidth], generator: generator).mul_(Scalars.Of(2 * bound)).sub_(Scalars.Of(bound)).MoveToOuterDisposeScope();
    }

    /// <summary>Values ~ N(0, <paramref name="deviation"/>) from torch's generator or the one given, float32.</summary>
    internal static Tensor Normal(double deviation, long[] shape, Generator? generator = null)
    {
        using var scope = NewDisposeScope();
        return randn(shape, generator: generator).mul_(Scalars.Of(deviation)).MoveToOuterDisposeScope();
    }
}
