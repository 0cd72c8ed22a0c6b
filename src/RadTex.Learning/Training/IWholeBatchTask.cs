using static TorchSharp.torch;

namespace RadTex.Learning.Training;

/// <summary>
/// A task whose loss compares the examples of the whole batch, of all processes. Each part is embedded twice: first without a graph, so that the loss
/// and its gradient at every embedding are known; then with one, part after part, the same dropout drawn again, and that gradient handed on (Gao et
/// al. 2021). The gradient is that of one pass, and no more than a part need fit into memory.
/// </summary>
/// <typeparam name="TPart">The data of a part of a batch.</typeparam>
internal interface IWholeBatchTask<TPart> where TPart : class, IDisposable
{
    /// <summary>Whether this run's loss does.</summary>
    public bool ComparesWholeBatch { get; }

    /// <summary>A part's embeddings, [b, W], float32 where several processes train.</summary>
    public Tensor Embed(TPart data);

    /// <summary>The loss of a batch, of its embeddings [B, W] in the batch's order.</summary>
    public LossTerms Loss(Tensor embeddings);
}
