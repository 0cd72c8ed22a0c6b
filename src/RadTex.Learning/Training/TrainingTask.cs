using RadTex.Data;
using static TorchSharp.torch;

namespace RadTex.Learning.Training;

/// <summary>
/// What is learnt: the part of a training that <see cref="TrainingLoop"/> does not know. The loop cuts batches into parts, shares these out among the
/// processes, seeds, keeps norm statistics, calls backward, sums and steps. A task owns its model.
/// </summary>
/// <typeparam name="TPart">The data of a part of a batch, such as its images and captions.</typeparam>
public abstract class TrainingTask<TPart> : IDisposable where TPart : class, IDisposable
{
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

    /// <summary>Lays the parameters into groups; called once, before the first step.</summary>
    public abstract IReadOnlyList<ParameterGroup> MakeGroups();

    /// <summary>The data of a part. It follows from the part alone, and is made on another thread. The loop disposes of it.</summary>
    public abstract TPart Prepare(PartOfBatch part);

    /// <summary>
    /// The part's share of the batch's loss: the shares of all parts add up to it. Called in training mode, inside a dispose scope, with torch's
    /// generator seeded for the part.
    /// </summary>
    public abstract LossTerms Loss(TPart data, PartOfBatch part);

    /// <summary>The studies of radiographs, for messages: ids only.</summary>
    public abstract IReadOnlyList<string> StudyIds(IReadOnlyList<int> radiographs);

    /// <summary>Figures on held-out data by name; empty where there is none. May leave the model in evaluation mode.</summary>
    public virtual IReadOnlyList<(string Name, double Value)> Validate(CancellationToken cancellation) => [];

    public void Dispose()
    {
        Model.Dispose();
        GC.SuppressFinalize(this);
    }
}
