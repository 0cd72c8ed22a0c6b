namespace RadTex.Learning.Training;

/// <summary>What <see cref="TrainingLoop"/> needs to know of a configuration.</summary>
/// <param name="Optimizer">Optimiser, clipping and schedule.</param>
/// <param name="Log">What is written down and when.</param>
/// <param name="Epochs">Passes over the training data.</param>
/// <param name="Seed">Of dropout; data order and augmentation are the task's.</param>
/// <param name="MaxSteps">Fewer updates than the epochs make; 0 for all.</param>
/// <param name="FirstUpdateMoves">Whether update s takes the schedule at s + 1: false as in VirTex, whose very first update has rate 0.</param>
public sealed record LoopSettings(
    OptimizerSettings Optimizer, LogSettings Log, int Epochs, long Seed, long MaxSteps = 0, bool FirstUpdateMoves = false)
{
    /// <summary>An encoder that stays as it is in the first updates; null for none.</summary>
    public FrozenStart? Frozen { get; init; }

    /// <summary>Updates in all.</summary>
    public long TotalSteps(long stepsPerEpoch) => MaxSteps > 0 ? Math.Min(MaxSteps, Epochs * stepsPerEpoch) : Epochs * stepsPerEpoch;
}
