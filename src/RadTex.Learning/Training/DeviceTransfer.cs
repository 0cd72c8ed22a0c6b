using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Training;

/// <summary>A batch's way to a GPU: page-locked while it waits, so that its copy runs beside the computing. Not run on a GPU.</summary>
internal static class DeviceTransfer
{
    /// <summary>The batch as it should wait for <paramref name="device"/>; takes <paramref name="host"/> over.</summary>
    internal static Tensor Staged(Tensor host, Device device)
    {
        if (device.type != DeviceType.CUDA) return host;
        using (host) return host.pin_memory();
    }

    /// <summary>The batch on the device; itself where it lies there. Work queued after it waits for the copy, this thread does not.</summary>
    internal static Tensor To(Tensor staged, Device device) => staged.to(device, non_blocking: true);
}
