using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>The radiographs of a part of a batch and what a classifier shall say of them.</summary>
/// <param name="Images">[B, C, S, S] float32.</param>
/// <param name="Targets">Classes [B] int64, or labels' values [B, labels] float32, 0 where a label is absent.</param>
/// <param name="Weights">
/// Of labels: [B, labels] float32, 1 over the whole batch's labels that are there, 0 where a label is absent. Null for classes.
/// </param>
public sealed record LabelPart(Tensor Images, Tensor Targets, Tensor? Weights) : IDisposable
{
    /// <summary>Releases images, targets and weights.</summary>
    public void Dispose()
    {
        Images.Dispose();
        Targets.Dispose();
        Weights?.Dispose();
    }
}
