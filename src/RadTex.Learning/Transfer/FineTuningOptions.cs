using RadTex.Heads;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Models;
using RadTex.Learning.Native;
using RadTex.Studies;

namespace RadTex.Learning.Transfer;

/// <summary>How <see cref="FineTuning"/> runs.</summary>
/// <param name="Plan">Labels, examples, trials, and the recipe: <see cref="PaperRecipe.FineTuning"/> or
/// <see cref="PaperRecipe.RandomInitialisation"/>.</param>
/// <param name="Output">The folder results go to.</param>
/// <param name="TrainSplit">Where labels are drawn from; null for all splits.</param>
/// <param name="TestSplit">What is tested on; null for all splits.</param>
/// <param name="Candidates">Where given, validation data choose among these recipes, once for each task and N; the plan's recipe is not used
/// then.</param>
/// <param name="ValidationSplit">Of the training dataset: what the choice is made on.</param>
/// <param name="Augmentation">Of the training views; null for the paper's.</param>
/// <param name="Compute">Where and how; null for the defaults.</param>
/// <param name="EncoderPatientsDiffer">Says that the encoder's pretraining numbers its patients independently of the test dataset.</param>
/// <param name="CheckpointEvery">Radiographs trained on between two checkpoints of a network; one that takes fewer in all keeps none and begins again
/// when it was killed.</param>
/// <param name="Practical">Where given, networks are trained by it, and the plan's recipe is not used.</param>
/// <param name="Keep">Which networks are written to <c>models/</c> in the folder.</param>
public sealed record FineTuningOptions(
    TransferPlan Plan, string Output, Split? TrainSplit = Split.Train, Split? TestSplit = Split.Test, IReadOnlyList<PaperRecipe>? Candidates = null,
    Split ValidationSplit = Split.Validate, AffineAugmentation? Augmentation = null, ComputeSettings? Compute = null,
    long CheckpointEvery = 2_000, bool EncoderPatientsDiffer = false, PracticalRecipe? Practical = null, KeptNetworks Keep = KeptNetworks.Largest)
{
    /// <summary>Where and how.</summary>
    public ComputeSettings Compute { get; init; } = Compute ?? new();

    /// <summary>
    /// Whether the folder is a sweep's own: it may then hold finished networks beyond the plan, and of several encoders for one trial, which stay
    /// in its journal; else both are refused, since the files would no longer show them.
    /// </summary>
    internal bool IsShared { get; init; }

    /// <summary>Processors shared with what else the process computes: each network waits for one; null where there is nothing else.</summary>
    internal SharedProcessors? Processors { get; init; }

    /// <summary>What labels are drawn from and what is tested on, where these are no splits, such as folds; null for the splits.</summary>
    internal TransferPools? Pools { get; init; }

    /// <summary>The options, checked, fine-tuning for their plan's one head.</summary>
    /// <exception cref="UserErrorException">A number out of range, or recipes that exclude one another.</exception>
    internal FineTuningOptions Validated()
    {
        if (CheckpointEvery < 1) throw new UserErrorException($"A checkpoint every {CheckpointEvery} radiographs: expected a positive number.");
        if (Practical is not null && Candidates is not null)
            throw new UserErrorException(
                "Validation data choose among the paper's optimisers and rates; the practical recipe is fixed. Expected one or the other.");
        if (Practical is { } own && (own.EncoderRate <= 0 || own.LayerRate <= 0 || own.Epochs < 1 || own.BatchSize < 1))
            throw new UserErrorException($"{own}: expected positive numbers.");
        if (Candidates is { Count: < 2 } || Candidates is { } list && list.Distinct().Count() != list.Count)
            throw new UserErrorException("Expected at least two recipes to choose among, each once.");
        if (Pools is not null && Candidates is not null)
            throw new ArgumentException("pools of one's own have no validation data to choose a recipe on");
        foreach (var candidate in Candidates ?? []) (Plan with { Recipe = candidate }).Validated();
        return this with { Plan = (Plan with { Heads = [HeadKind.FineTuned] }).Validated() };
    }
}
