using RadTex.Learning.Training;

namespace RadTex.Learning.Transfer;

/// <summary>What training a whole network asks of a recipe.</summary>
internal interface IFineTuningRecipe
{
    /// <summary>Passes over the N examples.</summary>
    public int Epochs { get; }

    /// <summary>Examples an update; a smaller N is one batch.</summary>
    public int BatchSize { get; }

    /// <summary>Whether update s uses the schedule at s + 1, so that the first one moves.</summary>
    public bool FirstUpdateMoves { get; }

    /// <summary>Optimiser and schedule; rates are those of <see cref="EncoderRate"/> and <see cref="LayerRate"/>.</summary>
    public OptimizerSettings Settings { get; }

    /// <summary>The highest rate of the encoder's weights.</summary>
    public double EncoderRate { get; }

    /// <summary>The highest rate of the linear layer's.</summary>
    public double LayerRate { get; }

    /// <summary>Whether the linear layer starts as the logistic head on the frozen features of the examples; else random.</summary>
    public bool StartsFromFrozenHead { get; }

    /// <summary>
    /// Whether batch norms keep the running statistics the encoder came with, in training too; else each batch's own, which move the running ones.
    /// </summary>
    public bool KeepsStatistics { get; }
}
