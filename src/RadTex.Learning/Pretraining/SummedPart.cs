using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>The radiographs of a part of a batch, and the texts of each term of a sum.</summary>
/// <param name="Images">[B, C, S, S] float32.</param>
/// <param name="Texts">One a term.</param>
internal sealed record SummedPart(Tensor Images, IReadOnlyList<IDisposable> Texts) : IDisposable
{
    public void Dispose()
    {
        Images.Dispose();
        foreach (var texts in Texts) texts.Dispose();
    }
}
