using static TorchSharp.torch;

namespace RadTex.Training;

/// <summary>One update's radiographs and captions.</summary>
/// <param name="Indices">The radiographs, [B].</param>
/// <param name="Images">[B, C, S, S] float32.</param>
public sealed record CaptioningBatch(IReadOnlyList<int> Indices, Tensor Images) : IDisposable
{
    public void Dispose() => Images.Dispose();
}
