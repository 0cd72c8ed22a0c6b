using RadTex.Learning.Distributed;

namespace RadTex.Learning.Training;

/// <inheritdoc cref="TrainingTask"/>
/// <typeparam name="TPart">The data of a part of a batch, such as its images and captions.</typeparam>
public abstract class TrainingTask<TPart> : TrainingTask where TPart : class, IDisposable
{
    /// <summary>The data of a part. It follows from the part alone, and is made on another thread. The loop disposes of it.</summary>
    public abstract TPart Prepare(PartOfBatch part);

    /// <summary>
    /// The part's share of the batch's loss: the shares of all parts add up to it. Called in training mode, inside a dispose scope. Random numbers
    /// come from <see cref="Kernels.StepGenerator"/>, which is seeded for the part; torch's own generator is not, except on a GPU.
    /// </summary>
    public abstract LossTerms Loss(TPart data, PartOfBatch part);

    /// <inheritdoc/>
    public sealed override TrainingOutcome Train(
        LoopSettings settings, RunFolder? run = null, IProgress<ProgressReport>? progress = null, ProcessGroup? processes = null,
        CancellationToken cancellation = default) => TrainingLoop.Run(this, settings, run, progress, processes, cancellation);
}
