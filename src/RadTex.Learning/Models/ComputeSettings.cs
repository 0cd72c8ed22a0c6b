using RadTex.Learning.Native;
using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>Where and how networks compute outside pretraining: it changes no result but by rounding.</summary>
/// <param name="Precision">Of convolutions and linear maps.</param>
/// <param name="Device">cpu, cuda or cuda:i.</param>
/// <param name="Batch">Radiographs a forward pass in evaluation.</param>
/// <param name="Workers">Networks trained side by side.</param>
public sealed record ComputeSettings(Precision Precision = Precision.Auto, string Device = "cpu", int Batch = 32, int Workers = 1)
{
    /// <summary>torch's device of that name.</summary>
    internal Device TorchDevice
    {
        get
        {
            TorchLibrary.EnsureLoaded();
            return new(Device);
        }
    }
}
