using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>What the layers of the textual head share: VirTex's initial values, and a linear map in a chosen type.</summary>
internal static class Initial
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

    /// <summary>input [.., in], weight [out, in], bias [out] to [.., out] in type <paramref name="compute"/> (null: the weight's).</summary>
    internal static Tensor Linear(Tensor input, Tensor weight, Tensor bias, ScalarType? compute)
    {
        using var scope = NewDisposeScope();
        var type = compute ?? weight.dtype;
        if (input.dim() != 2) return nn.functional.linear(input.to(type), weight.to(type), bias.to(type)).MoveToOuterDisposeScope();
        long rows = input.shape[0];
        var result = nn.functional.linear(WholeRows(input.to(type)), weight.to(type), bias.to(type)); // [rows to 64, out]
        return result.narrow(0, 0, rows).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// [N, D] with rows of zeros added, up to a multiple of 64, where oneDNN multiplies (bfloat16 on a CPU): it compiles a kernel for every
    /// N it meets, and packed captions bring another N with each batch: compiling was a sixth of preset phantom's processor time.
    /// </summary>
    internal static Tensor WholeRows(Tensor rows)
    {
        const long multiple = 64;
        long missing = (multiple - rows.shape[0] % multiple) % multiple;
        return missing == 0 || rows.dtype != ScalarType.BFloat16 || rows.device_type != DeviceType.CPU
            ? rows.alias()
            : nn.functional.pad(rows, [0, 0, 0, missing]);
    }
}
