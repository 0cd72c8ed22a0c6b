using RadTex.Selection;

namespace RadTex.Experiments.Simulation;

/// <summary>A comparison of policies to run.</summary>
/// <param name="Labels">Findings, or "A vs B"; each is a case. They have two classes.</param>
/// <param name="Output">The folder; an interrupted comparison goes on in it, and one of more replays or policies adds to it.</param>
public sealed record SimulationOptions(IReadOnlyList<string> Labels, string Output)
{
    /// <summary>Which policies; the random one is always among them.</summary>
    public IReadOnlyList<ISelectionPolicy> Policies { get; init; } = SelectionPolicies.All;

    /// <summary>Replays of each policy and finding.</summary>
    public int Replays { get; init; } = 20;

    /// <summary>Numbers of labels to measure at, rising.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = ReplayOptions.UsualSizes;

    /// <summary>A table of scores known before any label, a column a finding or one for all; null for none.</summary>
    public string? Prior { get; init; }

    /// <summary>Whether the encoder's patients are others for certain, whatever their ids.</summary>
    public bool EncoderPatientsDiffer { get; init; }

    /// <exception cref="UserErrorException">A value is out of range.</exception>
    internal SimulationOptions Validated()
    {
        if (Labels.Count == 0) throw new UserErrorException("No label is named. Expected findings of the dataset.");
        if (Replays is < 1 or > 1_000) throw new UserErrorException($"{Replays:N0} replays: expected 1 to 1,000.");
        if (Sizes.Count == 0 || Sizes.Any(s => s is < 2 or > 10_000) || !Sizes.Zip(Sizes.Skip(1), (a, b) => a < b).All(rises => rises))
            throw new UserErrorException($"Numbers of labels {string.Join(", ", Sizes)}: expected 2 to 10,000, rising.");
        return Policies.Any(p => p.Name == PolicyStudy.Random) ? this : this with
        {
            Policies = [SelectionPolicies.Of(PolicyStudy.Random), .. Policies],
        };
    }
}
