using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Studies;

namespace RadTex.Inspection;

/// <summary>A radiograph that a test would know from training.</summary>
/// <param name="ImageId">The radiograph to leave out: of the two, the one in training, else in validation.</param>
/// <param name="Split">Its split.</param>
/// <param name="OtherDataset">The dataset it is known in; null where it is the same.</param>
/// <param name="OtherImageId">The radiograph it equals; null where only the patient is the same.</param>
/// <param name="OtherSplit">Where that one, or the patient, is.</param>
/// <param name="Similarity">1 where every pixel is the same, below for a near copy; null where only the patient is the same.</param>
public sealed record Leak(string ImageId, Split Split, string? OtherDataset, string? OtherImageId, Split OtherSplit, double? Similarity)
{
    /// <summary>One line for a person.</summary>
    public override string ToString()
    {
        var where = $"{OtherSplit.Name()}{(OtherDataset is null ? "" : $" of {OtherDataset}")}";
        return OtherImageId is null
            ? $"{ImageId} ({Split.Name()}): its patient is in {where}"
            : $"{ImageId} ({Split.Name()}) {(Similarity == 1 ? "is" : $"looks like ({Similarity:F3})")} {OtherImageId} ({where})";
    }
}
