using RadTex.Learning.Distributed;
using static TorchSharp.torch;

namespace RadTex.Learning.Training;

/// <summary>
/// What is learnt: the part of a training that <see cref="TrainingLoop"/> does not know. The loop cuts batches into parts, shares these out among the
/// processes, seeds, keeps norm statistics, calls backward, sums and steps. A task derives from <see cref="TrainingTask{TPart}"/> and owns its model.
/// </summary>
public abstract class TrainingTask : IDisposable
{
    private protected TrainingTask() { }

    /// <summary>A word for progress lines, such as "pretraining".</summary>
    public abstract string Name { get; }

    /// <summary>What is saved in checkpoints: all its parameters and buffers.</summary>
    public abstract nn.Module Model { get; }

    /// <summary>Draws the batches.</summary>
    public abstract EpochSampler Sampler { get; }

    /// <summary>
    /// Parts that every batch is cut into, however many processes share them; batch norm sees one at a time, and only the first moves the running
    /// statistics. Null: one for each process.
    /// </summary>
    public virtual int? Groups => null;

    /// <summary>
    /// A batch in the order in which its parts are cut from it, one stretch after the other; as drawn where a task does not say. It follows from the
    /// batch and the number of parts alone, so that one process and several make the same parts.
    /// </summary>
    /// <param name="batch">Radiographs.</param>
    /// <param name="parts">Of the batch.</param>
    public virtual IReadOnlyList<int> Deal(IReadOnlyList<int> batch, int parts) => batch;

    /// <summary>Lays the parameters into groups; called once, before the first step.</summary>
    public abstract IReadOnlyList<ParameterGroup> MakeGroups();

    /// <summary>The studies of radiographs, for messages: ids only.</summary>
    public abstract IReadOnlyList<string> StudyIds(IReadOnlyList<int> radiographs);

    /// <summary>Figures on held-out data by name; empty where there is none. May leave the model in evaluation mode.</summary>
    public virtual IReadOnlyList<(string Name, double Value)> Validate(CancellationToken cancellation) => [];

    /// <summary><see cref="TrainingLoop.Run"/> on this task, for callers that do not know its kind of part.</summary>
    public abstract TrainingOutcome Train(
        LoopSettings settings, RunFolder? run = null, IProgress<ProgressReport>? progress = null, ProcessGroup? processes = null,
        CancellationToken cancellation = default);

    /// <summary>Releases the model.</summary>
    public void Dispose()
    {
        Model.Dispose();
        GC.SuppressFinalize(this);
    }
}
