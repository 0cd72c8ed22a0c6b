using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>One update's radiographs and captions.</summary>
/// <param name="Step">The update, from 0.</param>
/// <param name="Indices">The radiographs of all ranks, [B].</param>
/// <param name="Images">Those of this rank, [B / ranks, C, S, S] float32.</param>
public sealed record CaptioningBatch(long Step, IReadOnlyList<int> Indices, Tensor Images) : IDisposable
{
    public void Dispose() => Images.Dispose();
}
