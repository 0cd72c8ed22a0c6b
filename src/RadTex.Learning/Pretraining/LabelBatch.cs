using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>One update's radiographs.</summary>
/// <param name="Indices">The radiographs in the dataset, [B].</param>
/// <param name="Images">[B, C, S, S] float32.</param>
public sealed record LabelBatch(IReadOnlyList<int> Indices, Tensor Images) : IDisposable
{
    public void Dispose() => Images.Dispose();
}
