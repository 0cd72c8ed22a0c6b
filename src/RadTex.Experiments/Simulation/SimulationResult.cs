using RadTex.Selection;

namespace RadTex.Experiments.Simulation;

/// <summary>A comparison of policies.</summary>
/// <param name="Cases">The findings.</param>
/// <param name="Finished">All replays.</param>
/// <param name="Rows">Each policy on each finding and over all of them.</param>
/// <param name="Default">The policy it shows to be worth using.</param>
/// <param name="Synthetic">Whether the radiographs are drawn.</param>
/// <param name="Notes">What was checked and left out.</param>
public sealed record SimulationResult(
    IReadOnlyList<PolicyCase> Cases, IReadOnlyList<PolicyStudy.Finished> Finished, IReadOnlyList<PolicyRow> Rows, string Default, bool Synthetic,
    IReadOnlyList<string> Notes);
