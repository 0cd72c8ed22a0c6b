using RadTex.Transfer;

namespace RadTex.Experiments;

/// <summary>The fine-tuned half of a sweep: a job a number of labels, the networks of all its tasks and trials in it.</summary>
internal static class FineTunedCells
{
    /// <summary>The jobs of an initialisation. Each says whether it was run or found done; false where another process works on it.</summary>
    internal static List<Func<bool>> Plan(
        SweepData data, SweepInitialisation start, SweepOptions options, List<SweepRun> runs, Action<string> say, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        if (data.Protocol.Folds > 1)
        {
            say($"{start.Name}: n/a: folds are for frozen encoders");
            return [];
        }
        var plan = new TransferPlan(
            data.Protocol.Tasks, start.Examples ?? options.Examples, start.Trials ?? options.Trials, Seed: options.Seed, Recipe: start.Recipe, Workers: options.Workers,
            SmallestDraw: options.Smallest);
        return [.. data.Plans(plan).SelectMany(p => p.Examples.Select<int?, Func<bool>>(n => () => Run(data, start, p with { Examples = [n] }, options, runs, say, progress, cancellation)))];
    }

    private static bool Run(
        SweepData data, SweepInitialisation start, TransferPlan plan, SweepOptions options, List<SweepRun> runs, Action<string> say, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        EncoderSource Open(int trial) => EncoderSource.Open(start.Encoder(trial), options.Seed + trial, options.RandomSide, options.RandomChannels);
        string first;
        using (var encoder = Open(0)) first = encoder.Card.WeightsSha256;
        // The trials' number is not part of it, so that more of them extend a job; each network in its journal says which weights it began from.
        var hash = SweepRun.Hash(
            data.Protocol.Name, data.Protocol.Version, data.Dataset.Hash, plan.Tasks, plan.Examples, plan.Seed, plan.Smallest, plan.Recipe, start.Candidates, first,
            options.Augmentation, FeatureExtractor.ComputeType(options.BFloat16, new TorchSharp.torch.Device(options.Device)).ToString(), options.RandomSide, options.RandomChannels, options.EvaluationBatch);
        var folder = Path.Combine(options.Output, "cells", LabelEfficiencySweep.Slug(data.Protocol.Name), LabelEfficiencySweep.Slug(start.Name), hash[..16]);
        using var claim = SharedJobs.TryClaim(folder);
        if (claim is null) return false;
        var name = $"{start.Name}, {TransferFiles.Name(plan.Examples[0])} labels";
        var told = new Named(progress, name, () => say($"{name}: training"));
        var result = FineTuning.Run(Open, data.Dataset, data.Dataset, new FineTuningOptions(
            plan, folder, Candidates: start.Candidates, Augmentation: options.Augmentation, BFloat16: options.BFloat16, Device: new TorchSharp.torch.Device(options.Device),
            EvaluationBatch: options.EvaluationBatch, CheckpointEvery: options.CheckpointEvery, EncoderPatientsDiffer: options.PatientsDiffer, Keep: KeptNetworks.None)
        { IsShared = true }, told, cancellation);
        if (!told.HasTrained) say($"{name}: done before");
        foreach (var trial in result.Trials)
            runs.Add(LabelEfficiencySweep.RunOf(data, start, trial, trial.FineTuned!.InitialSha256, trial.FineTuned.Recipe!, Identity(result.Identity!, trial.FineTuned), "") with
            {
                Test = data.Tests[trial.Task],
                Probabilities = trial.FineTuned.Probabilities,
            });
        return true;
    }

    /// <summary>What one network's figures follow from: its own start and recipe, whatever else was trained or tried beside it.</summary>
    private static TransferIdentity Identity(TransferIdentity all, FineTunedTrial network) => all with
    {
        Train = all.Train with { EncoderSha256 = network.InitialSha256 },
        Test = all.Test with { EncoderSha256 = network.InitialSha256 },
        Recipe = network.Recipe,
        Choice = null,
    };

    /// <summary>Progress under the job's name, silent while finished networks are counted.</summary>
    private sealed class Named(IProgress<ProgressReport>? inner, string name, Action onTraining) : IProgress<ProgressReport>
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
