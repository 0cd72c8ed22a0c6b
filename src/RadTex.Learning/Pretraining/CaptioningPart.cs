using RadTex.Learning.Models;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>The radiographs of a part of a batch and their captions.</summary>
/// <param name="Images">[B, C, S, S] float32.</param>
/// <param name="Captions">B captions, packed.</param>
public sealed record CaptioningPart(Tensor Images, CaptionBatch Captions) : IDisposable
{
    /// <summary>Releases images and captions.</summary>
    public void Dispose()
    {
        Images.Dispose();
        Captions.Dispose();
    }
}
