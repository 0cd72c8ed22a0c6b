using RadTex.Experiments.Sweeps;
using RadTex.Learning.Training;

namespace RadTex.Experiments.Reproduction;

/// <summary>All that a reproduction found.</summary>
/// <param name="Configuration">What was run.</param>
/// <param name="Parts">Which results were asked for.</param>
/// <param name="Sweeps">The runs of each protocol.</param>
/// <param name="Figures">What is computed from them.</param>
/// <param name="Times">Wall clock of this call's stages; what an earlier call had finished takes next to nothing.</param>
/// <param name="Synthetic">Whether any radiograph was drawn.</param>
/// <param name="Environment">Where it ran.</param>
public sealed record ReproductionResult(
    ReproductionConfiguration Configuration, ReproductionParts Parts, IReadOnlyList<SweepResult> Sweeps, ReproductionFigures Figures,
    IReadOnlyList<StageTime> Times, bool Synthetic,
    RunEnvironment Environment);
