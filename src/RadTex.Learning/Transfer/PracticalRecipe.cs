using RadTex.Learning.Training;

namespace RadTex.Learning.Transfer;

/// <summary>
/// Fine-tuning that few labels can trust, beside the paper's. The linear layer starts as the logistic head of the frozen features (Kumar et al.
/// 2022, "LP-FT"): before the first update the network is the frozen classifier. Then all weights take small steps of AdamW, the encoder's
/// batch norms at the running statistics of its pretraining, which a batch of ten radiographs cannot replace.
/// The constants come from experiments on data that is not tested on (docs/results/fine-tuning-default.md).
/// </summary>
/// <param name="EncoderRate">The highest rate of the encoder's weights.</param>
/// <param name="LayerRate">The highest rate of the linear layer's.</param>
/// <param name="Epochs">Passes over the N examples: the fewer labels, the fewer updates, and the nearer to the frozen classifier.</param>
/// <param name="BatchSize">Examples an update; a smaller N is one batch, and the last batch of an epoch is kept.</param>
/// <param name="WarmupFraction">The part of all updates in which the rates grow from 0.</param>
public sealed record PracticalRecipe(
    double EncoderRate = 1e-4, double LayerRate = 1e-4, int Epochs = 20, int BatchSize = 16, double WarmupFraction = 0.1) : IFineTuningRecipe
{
    OptimizerSettings IFineTuningRecipe.Settings =>
        new(OptimizerKind.AdamW, EncoderRate, LayerRate, WeightDecay: 0, LookaheadSteps: 0, ClipNorm: 0, WarmupFraction: WarmupFraction);

    bool IFineTuningRecipe.FirstUpdateMoves => true;

    bool IFineTuningRecipe.StartsFromFrozenHead => true;

    bool IFineTuningRecipe.KeepsStatistics => true;
}
