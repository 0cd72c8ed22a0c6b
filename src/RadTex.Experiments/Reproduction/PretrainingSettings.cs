using System.ComponentModel.DataAnnotations;
using RadTex.Learning.Pretraining;

namespace RadTex.Experiments.Reproduction;

/// <summary>Encoders to make.</summary>
/// <param name="Dataset">A dataset's name, or "protocol": made for each protocol on its own dataset's training split, as the paper does.</param>
/// <param name="Preset">A preset of 'radtex pretrain'.</param>
/// <param name="Set">What differs from it, such as "training.epochs=4".</param>
/// <param name="Labels">Learn from these labels in place of reports; ["all"] for every one.</param>
/// <param name="Fraction">The part of the training patients.</param>
/// <param name="Directions">Of captioning.</param>
/// <param name="Repeats">How many, each of a further seed: trial i takes the i-th.</param>
/// <param name="Vocabulary">A vocabulary file; null for one built from the training split.</param>
/// <param name="Seed">Of the first repeat.</param>
/// <param name="Updates">How long a part of the patients is trained on.</param>
public sealed record PretrainingSettings(
    string Dataset = "protocol", string Preset = "paper", IReadOnlyList<string>? Set = null, IReadOnlyList<string>? Labels = null,
    [property: Range(0.0, 1, MinimumIsExclusive = true)] double Fraction = 1, CaptionDirections Directions = CaptionDirections.Both,
    [property: Range(1, 100)] int Repeats = 5, string? Vocabulary = null, long Seed = 0, PartUpdates Updates = PartUpdates.AsEpochs);
