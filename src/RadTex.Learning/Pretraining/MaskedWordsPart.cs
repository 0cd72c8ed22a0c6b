using RadTex.Learning.Models;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>The radiographs of a part of a batch and their texts with words hidden.</summary>
/// <param name="Images">[B, C, S, S] float32.</param>
/// <param name="Texts">B whole texts, packed.</param>
/// <param name="Rows">Packed rows of the hidden words, [M] int64.</param>
/// <param name="Words">Those words, [M] int64.</param>
public sealed record MaskedWordsPart(Tensor Images, CaptionBatch Texts, Tensor Rows, Tensor Words) : IDisposable
{
    /// <summary>Packs texts beside their radiographs.</summary>
    internal static MaskedWordsPart Of(Tensor images, IReadOnlyList<MaskedText> texts, Device device)
    {
        var rows = new List<long>();
        int first = 0;
        foreach (var text in texts)
        {
            rows.AddRange(text.Places.Select(place => (long)first + place));
            first += text.Tokens.Length;
        }
        return new(
            images, CaptionBatch.PackWhole([.. texts.Select(t => t.Tokens)], device), tensor(rows.ToArray(), ScalarType.Int64, device),
            tensor(texts.SelectMany(t => t.Words).Select(w => (long)w).ToArray(), ScalarType.Int64, device));
    }

    /// <summary>Releases images, texts, rows and words.</summary>
    public void Dispose()
    {
        Images.Dispose();
        Texts.Dispose();
        Rows.Dispose();
        Words.Dispose();
    }
}
