using static TorchSharp.torch;

namespace RadTex.Learning.Kernels;

/// <summary>Where the kernels of this folder can work, and on what memory.</summary>
internal static unsafe class HostTensor
{
    /// <summary>Whether a tensor is one that the kernels take: float32 or bfloat16 in this machine's memory.</summary>
    internal static bool Fits(Tensor tensor) =>
        tensor.device_type == TorchSharp.DeviceType.CPU && tensor.dtype is ScalarType.Float32 or ScalarType.BFloat16;

    /// <summary>The address of a dense tensor's first value. It is good as long as the tensor is.</summary>
    internal static nint Address(Tensor tensor)
    {
        if (!tensor.is_contiguous()) throw new ArgumentException("the tensor has gaps or another order than its shape's", nameof(tensor));
        if (tensor.numel() == 0) return 0;
        using var _ = no_grad();
        using var first = tensor.as_strided([1], [1], tensor.storage_offset());
        fixed (byte* start = first.bytes) return (nint)start;
    }
}
