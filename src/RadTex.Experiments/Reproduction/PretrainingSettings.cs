using System.ComponentModel.DataAnnotations;
using RadTex.Learning.Pretraining;

namespace RadTex.Experiments.Reproduction;

/// <summary>Encoders to make.</summary>
/// <param name="Dataset">A dataset's name, or "protocol": made for each protocol on its own dataset's training split, as the paper does.</param>
/// <param name="Preset">A preset of 'radtex pretrain'.</param>
/// <param name="Set">What differs from it, such as "training.epochs=4", "objective.name=contrastive", or of a sum
/// "objective=[{\"name\":\"captioning\"},{\"name\":\"contrastive\"}]".</param>
/// <param name="Labels">Learn from these labels in place of reports; ["all"] for every one.</param>
/// <param name="Fraction">The part of the training patients.</param>
/// <param name="Directions">Of captioning.</param>
/// <param name="Repeats">How many, each of a further seed: trial i takes the i-th.</param>
/// <param name="Vocabulary">A vocabulary file; null for one built from the training split.</param>
/// <param name="Seed">Of the first repeat.</param>
/// <param name="Updates">How long it trains.</param>
/// <param name="StepSeconds">Seconds that an update of it took where they were measured, for equal time and for the plan's cost: in one process of
/// the threads that the configuration gives each. Null where none were measured.</param>
public sealed record PretrainingSettings(
    string Dataset = "protocol", string Preset = "paper", IReadOnlyList<string>? Set = null, IReadOnlyList<string>? Labels = null,
    [property: Range(0.0, 1, MinimumIsExclusive = true)] double Fraction = 1, CaptionDirections Directions = CaptionDirections.Both,
    [property: Range(1, 100)] int Repeats = 5, string? Vocabulary = null, long Seed = 0, PartUpdates Updates = PartUpdates.AsEpochs,
    [property: Range(0.0, 100_000, MinimumIsExclusive = true)] double? StepSeconds = null)
{
    /// <summary>What a repeat runs, but for how long: that depends on the data.</summary>
    /// <param name="repeat">From 0; each has a further seed.</param>
    /// <exception cref="UserErrorException">A setting is no such value.</exception>
    public PretrainingConfiguration Configuration(int repeat = 0)
    {
        string[] set = [.. Set ?? [], $"training.seed={Seed + repeat}", FormattableString.Invariant($"training.fraction={Fraction}")];
        if (Directions != CaptionDirections.Both) set = [.. set, $"objective.directions={SettingFaults.Name(Directions)}"];
        var configuration = ConfigurationReader.Read(Preset, null, set);
        return Labels is null ? configuration
            : configuration with { Objective = new LabelsObjective(Labels is ["all"] ? null : Labels) };
    }
}
