using RadTex.Learning.Training;

namespace RadTex.Learning.Transfer;

/// <summary>The paper's transfer recipe (section 3.2): SGD, no weight decay, linear warm-up then cosine, a fixed number of epochs whatever N
/// is.</summary>
/// <param name="LearningRate">The highest rate.</param>
/// <param name="Epochs">Passes over the N examples.</param>
/// <param name="BatchSize">128 is the only batch the paper states; a smaller N is one batch, and the last batch of an epoch is kept.</param>
/// <param name="Momentum">Of SGD.</param>
/// <param name="WarmupFraction">The part of all updates in which the rate grows from 0.</param>
/// <param name="FirstUpdateMoves">Whether update s uses the schedule at s + 1: false as in VirTex, whose very first update has rate 0.</param>
/// <param name="Optimizer">SGD is the paper's.</param>
public sealed record PaperRecipe(
    double LearningRate, int Epochs, int BatchSize = 128, double Momentum = 0.9, double WarmupFraction = 0.05, bool FirstUpdateMoves = false,
    OptimizerKind Optimizer = OptimizerKind.Sgd) : IFineTuningRecipe
{
    /// <summary>A head on a frozen encoder.</summary>
    public static PaperRecipe Frozen { get; } = new(0.02, 20);

    /// <summary>A pretrained encoder trained on.</summary>
    public static PaperRecipe FineTuning { get; } = new(0.002, 20);

    /// <summary>An encoder trained from random weights.</summary>
    public static PaperRecipe RandomInitialisation { get; } = new(0.2, 50);

    /// <summary>Optimiser and rate in words, such as "sgd 0.02".</summary>
    public string Name => FormattableString.Invariant($"{SettingFaults.Name(Optimizer)} {LearningRate}");

    /// <summary>Optimiser and schedule: no weight decay, no Lookahead, no clipping.</summary>
    internal OptimizerSettings Settings =>
        new(Optimizer, LearningRate, LearningRate, Momentum, 0, LookaheadSteps: 0, ClipNorm: 0, WarmupFraction: WarmupFraction);

    OptimizerSettings IFineTuningRecipe.Settings => Settings;

    double IFineTuningRecipe.EncoderRate => LearningRate;

    double IFineTuningRecipe.LayerRate => LearningRate;

    bool IFineTuningRecipe.StartsFromFrozenHead => false;

    bool IFineTuningRecipe.KeepsStatistics => false;

    /// <summary>Updates for N examples.</summary>
    public int Updates(int examples) => Epochs * ((examples + BatchSize - 1) / BatchSize);
}
