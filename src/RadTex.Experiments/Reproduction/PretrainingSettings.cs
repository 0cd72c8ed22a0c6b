namespace RadTex.Experiments.Reproduction;

/// <summary>Encoders to make.</summary>
/// <param name="Dataset">A dataset's name, or "protocol": made for each protocol on its own dataset's training split, as the paper does.</param>
/// <param name="Preset">A preset of 'radtex pretrain'.</param>
/// <param name="Set">What differs from it, such as "training.epochs=4".</param>
/// <param name="Labels">Learn from these labels in place of reports; ["all"] for every one.</param>
/// <param name="Fraction">The part of the training patients.</param>
/// <param name="Directions">both, or forward.</param>
/// <param name="Repeats">How many, each of a further seed: trial i takes the i-th.</param>
/// <param name="Vocabulary">A vocabulary file; null for one built from the training split.</param>
/// <param name="Seed">Of the first repeat.</param>
/// <param name="Updates">
/// as-epochs: a part of the patients makes as many epochs and so fewer updates; as-whole: as many updates as the whole set would, and so more epochs.
/// </param>
public sealed record PretrainingSettings(
    string Dataset = "protocol", string Preset = "paper", IReadOnlyList<string>? Set = null, IReadOnlyList<string>? Labels = null,
    double Fraction = 1, string Directions = "both",
    int Repeats = 5, string? Vocabulary = null, long Seed = 0, string Updates = PretrainingSettings.AsEpochs)
{
    public const string AsEpochs = "as-epochs", AsWhole = "as-whole";
}
