namespace RadTex.Selection;

/// <summary>What <see cref="PolicyStudy"/> replays.</summary>
/// <param name="Cases">What on.</param>
/// <param name="Policies">Which, the random one among them.</param>
/// <param name="Seeds">How many replays of each.</param>
/// <param name="Sizes">Numbers of labels to measure at.</param>
public sealed record PolicyStudyPlan(
    IReadOnlyList<PolicyCase> Cases, IReadOnlyList<ISelectionPolicy> Policies, int Seeds, IReadOnlyList<int> Sizes);
