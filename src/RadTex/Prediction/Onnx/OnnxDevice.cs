using Microsoft.ML.OnnxRuntime;

namespace RadTex.Prediction.Onnx;

/// <summary>Where ONNX Runtime computes: "cpu", "cuda" or "cuda:i".</summary>
internal static class OnnxDevice
{
    internal const string Cpu = "cpu";

    private const string Cuda = "cuda", Provider = "CUDAExecutionProvider";

    /// <summary>The number of a CUDA device; null for the processors.</summary>
    /// <exception cref="UserErrorException">It is no device.</exception>
    internal static int? Index(string device)
    {
        if (device == Cpu) return null;
        if (device == Cuda) return 0;
        return device.StartsWith($"{Cuda}:", StringComparison.Ordinal)
            && PlainNumber.TryParse(device[(Cuda.Length + 1)..], out int index) && index >= 0
            ? index
            : throw Refusal($"The device '{device}' is none (expected cpu, cuda or cuda:i).");
    }

    /// <summary>Lets a session compute on a device.</summary>
    /// <exception cref="UserErrorException">This build has no CUDA, or the machine no such device.</exception>
    internal static void Append(SessionOptions options, string device)
    {
        if (Index(device) is not { } index) return;
        if (!OrtEnv.Instance().GetAvailableProviders().Contains(Provider))
            throw Refusal(
                $"The device is {device}, and this build's ONNX Runtime has processors alone (expected cpu, or a build with the property "
                    + "RadTexOnnxRuntime=cuda).");
        try
        {
            using var cuda = new OrtCUDAProviderOptions();
            // Without TF32, whose ten bits would miss what a model's self-test was written down to.
            cuda.UpdateOptions(new() { ["device_id"] = FormattableString.Invariant($"{index}"), ["use_tf32"] = "0" });
            options.AppendExecutionProvider_CUDA(cuda);
        }
        catch (OnnxRuntimeException e)
        {
            throw Refusal($"The device {device} cannot be used: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static UserErrorException Refusal(string message, Exception? inner = null) =>
        inner is null ? new(message) { Setting = "device" } : new(message, inner) { Setting = "device" };
}
