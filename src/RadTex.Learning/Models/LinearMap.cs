using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>A linear map in a chosen type, at sizes that oneDNN has compiled before.</summary>
internal static class LinearMap
{
    /// <summary>input [.., in], weight [out, in], bias [out] to [.., out] in type <paramref name="compute"/> (null: the weight's).</summary>
    internal static Tensor Apply(Tensor input, Tensor weight, Tensor bias, ScalarType? compute)
    {
        using var scope = NewDisposeScope();
        var type = compute ?? weight.dtype;
        if (input.dim() != 2) return nn.functional.linear(input.to(type), weight.to(type), bias.to(type)).MoveToOuterDisposeScope();
        long rows = input.shape[0];
        var result = nn.functional.linear(PadRows(input.to(type)), weight.to(type), bias.to(type)); // [rows to 64, out]
        return result.narrow(0, 0, rows).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// [N, D] with rows of zeros added, up to a multiple of 64, where oneDNN multiplies (bfloat16 on a CPU): it compiles a kernel for every
    /// N it meets, and packed captions bring another N with each batch: compiling was a sixth of preset phantom's processor time.
    /// </summary>
    internal static Tensor PadRows(Tensor rows)
    {
        const long multiple = 64;
        long missing = (multiple - rows.shape[0] % multiple) % multiple;
        return missing == 0 || rows.dtype != ScalarType.BFloat16 || rows.device_type != DeviceType.CPU
            ? rows.alias()
            : nn.functional.pad(rows, [0, 0, 0, missing]);
    }
}
