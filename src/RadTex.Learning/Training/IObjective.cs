using static TorchSharp.torch;

namespace RadTex.Learning.Training;

/// <summary>What is learnt: the part of a training run that <see cref="TrainingLoop"/> does not know. It owns its model.</summary>
/// <typeparam name="TBatch">One update's data.</typeparam>
public interface IObjective<TBatch> : IDisposable where TBatch : class, IDisposable
{
    /// <summary>A word for progress lines, such as "pretraining".</summary>
    public string Name { get; }

    /// <summary>What is saved in checkpoints: all its parameters and buffers.</summary>
    public nn.Module Model { get; }

    /// <summary>Updates of one pass over the training data.</summary>
    public long StepsPerEpoch { get; }

    /// <summary>Lays the parameters into groups; called once, before the first step.</summary>
    public IReadOnlyList<ParameterGroup> MakeGroups();

    /// <summary>The data of a step, counted from 0. It follows from the step alone, and may be made on another thread.</summary>
    public TBatch Prepare(long step);

    /// <summary>Adds the loss's gradient to every parameter's. Called inside a dispose scope, with the generator seeded for the step.</summary>
    public StepLosses Backpropagate(TBatch batch);

    /// <summary>How many radiographs go through the network at once: what the memory of a step depends on.</summary>
    public int AtOnce(TBatch batch);

    /// <summary>
    /// Forward and backward of a batch's first <paramref name="count"/> radiographs, at most <see cref="AtOnce"/>, for the memory they take.
    /// </summary>
    public void Try(TBatch batch, int count);

    /// <summary>
    /// What to set so that no more than <paramref name="count"/> radiographs go through the network at once, as the end of a sentence.
    /// </summary>
    public string SmallerBatch(int count);

    /// <summary>The studies of a batch, for messages: ids only.</summary>
    public IReadOnlyList<string> StudyIds(TBatch batch);

    /// <summary>Figures on held-out data by name; empty where there is none. May leave the model in evaluation mode.</summary>
    public IReadOnlyList<(string Name, double Value)> Validate(CancellationToken cancellation);
}
