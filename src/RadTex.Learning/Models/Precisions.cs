using RadTex.Learning.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>What a <see cref="Precision"/> is called and means on a device.</summary>
public static class Precisions
{
    /// <summary>"auto", "bf16", "fp32", "tf32" or "fp64".</summary>
    public static string Name(this Precision precision) => precision.ToString().ToLowerInvariant();

    /// <summary>The precision of a name.</summary>
    /// <param name="name">As <see cref="Name"/> gives it.</param>
    /// <exception cref="UserErrorException">There is none of that name.</exception>
    public static Precision Parse(string name)
    {
        foreach (var precision in Enum.GetValues<Precision>())
            if (precision.Name() == name) return precision;
        throw new UserErrorException(
            $"Precision '{name}' is not known. Expected {string.Join(", ", Enum.GetValues<Precision>().Select(Name))}.");
    }

    /// <summary>The precision itself, or for <see cref="Precision.Auto"/> the one that is fast on the device.</summary>
    public static Precision On(this Precision precision, Device device) =>
        precision != Precision.Auto ? precision
        : device.type == DeviceType.CUDA || Processor.MultipliesBFloat16 ? Precision.Bf16 : Precision.Fp32;

    /// <summary>The type of convolutions and linear maps on a device.</summary>
    public static ScalarType TypeOn(this Precision precision, Device device) => precision.On(device) switch
    {
        Precision.Bf16 => ScalarType.BFloat16,
        Precision.Fp64 => ScalarType.Float64,
        _ => ScalarType.Float32,
    };
}
