using RadTex.Learning.Models;
using RadTex.Learning.Transfer;

namespace RadTex.Experiments.Sweeps;

/// <summary>An initialisation's networks at one number of labels, in a folder named by a hash of all they depend on.</summary>
/// <param name="data">The radiographs.</param>
/// <param name="fold">Which fold they are; null where there are no folds.</param>
/// <param name="initialisation">What is fine-tuned.</param>
/// <param name="plan">Tasks, the number of labels, trials.</param>
/// <param name="context">What the sweep's stages share.</param>
internal sealed class FineTuningJob(SweepData data, int? fold, SweepInitialisation initialisation, TransferPlan plan, SweepContext context)
{
    private string Name => $"{initialisation.Name}, {TransferFiles.Name(plan.Examples[0])} labels"
        + (fold is null ? "" : $", trial {plan.FirstTrial + 1}");

    /// <summary>Runs the job or finds it done; null where another process works on it.</summary>
    internal IReadOnlyList<SweepRun>? TryRun()
    {
        context.Cancellation.ThrowIfCancellationRequested();
        var folder = context.CellFolder(data.Protocol, initialisation, Key());
        using var claim = SharedJobs.TryClaim(folder);
        if (claim is null) return null;
        var progress = new JobProgress(context.Progress, Name, () => context.Log($"{Name}: training"));
        var result = FineTuning.Run(
            trial => context.Open(initialisation, trial), data.Dataset, data.Dataset, Options(folder), progress, context.Cancellation);
        if (!progress.HasTrained) context.Log($"{Name}: done before");
        return [.. result.Trials.Select(trial => Row(trial, trial.FineTuned!, result.Identity!))];
    }

    // The trials' number is not part of it, so that more of them extend a job; each network in its journal says which weights it began from.
    private string Key()
    {
        string first;
        using (var encoder = context.Open(initialisation, plan.FirstTrial)) first = encoder.Card.WeightsSha256;
        var options = context.Options;
        var key = ProvenanceKey.Of(
            data.Protocol.Name, data.Protocol.Version, data.Dataset.Hash, plan.Tasks, plan.Examples, plan.Seed, plan.Smallest, plan.Recipe,
            initialisation.Candidates, first, options.Augmentation, options.Compute.Precision.TypeOn(options.Compute.TorchDevice).ToString(),
            options.RandomSide, options.RandomChannels, options.Compute.Batch);
        return fold is null ? key : ProvenanceKey.Of(key, fold, plan.FirstTrial);
    }

    private FineTuningOptions Options(string folder) => new(
        plan, folder, Candidates: initialisation.Candidates, Augmentation: context.Options.Augmentation, Compute: context.Options.Compute,
        CheckpointEvery: context.Options.CheckpointEvery,
        EncoderPatientsDiffer: context.Options.PatientsDiffer, Keep: KeptNetworks.None)
    {
        IsShared = true,
        Pools = fold is null ? null : data.Pools,
    };

    /// <summary>One network's row, whose figures follow from its own start and recipe, whatever else was trained or tried beside it.</summary>
    private SweepRun Row(TrialResult trial, FineTunedTrial network, TransferIdentity all)
    {
        var own = all with
        {
            Train = all.Train with { EncoderSha256 = network.InitialSha256 },
            Test = all.Test with { EncoderSha256 = network.InitialSha256 },
            Recipe = network.Recipe,
            Choice = null,
        };
        return SweepRows.Of(data, initialisation, trial, network.InitialSha256, network.Recipe!, own, "") with
        {
            Test = data.Tests[trial.Task],
            Probabilities = network.Probabilities,
        };
    }

    /// <summary>Progress under the job's name, silent while finished networks are counted.</summary>
    private sealed class JobProgress(IProgress<ProgressReport>? inner, string name, Action onTraining) : IProgress<ProgressReport>
    {
        internal bool HasTrained { get; private set; }

        // Reports come one at a time.
        public void Report(ProgressReport value)
        {
            if (value.Detail is not null && !HasTrained)
            {
                HasTrained = true;
                onTraining();
            }
            if (HasTrained) inner?.Report(value with { Stage = name });
        }
    }
}
