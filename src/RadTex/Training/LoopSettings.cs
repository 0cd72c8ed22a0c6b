namespace RadTex.Training;

/// <summary>What <see cref="TrainingLoop"/> needs to know of a configuration.</summary>
/// <param name="Optimizer">Optimiser, clipping and schedule.</param>
/// <param name="Log">What is written down and when.</param>
/// <param name="Epochs">Passes over the training data.</param>
/// <param name="Seed">Of dropout; data order and augmentation are the objective's.</param>
/// <param name="MaxSteps">Fewer updates than the epochs make; 0 for all.</param>
public sealed record LoopSettings(OptimizerSettings Optimizer, LogSettings Log, int Epochs, long Seed, long MaxSteps = 0)
{
    /// <summary>Updates in all.</summary>
    public long TotalSteps(long stepsPerEpoch) => MaxSteps > 0 ? Math.Min(MaxSteps, Epochs * stepsPerEpoch) : Epochs * stepsPerEpoch;
}
