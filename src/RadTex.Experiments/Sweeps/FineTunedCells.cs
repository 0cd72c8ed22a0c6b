using RadTex.Learning.Models;
using RadTex.Learning.Transfer;

namespace RadTex.Experiments.Sweeps;

/// <summary>The fine-tuned half of a sweep: a job a number of labels, the networks of all its tasks and trials in it.</summary>
internal static class FineTunedCells
{
    /// <summary>The jobs of an initialisation. Each says whether it was run or found done; false where another process works on it.</summary>
    /// <param name="data">One, or a fold each: trial i is of the i-th, from the first again when they end.</param>
    /// <param name="start">What is fine-tuned.</param>
    /// <param name="options">Sizes, trials, and where to work.</param>
    /// <param name="runs">Gets the networks' figures.</param>
    /// <param name="say">Told in lines what is done.</param>
    /// <param name="progress">Counts radiographs.</param>
    /// <param name="cancellation">Stops between updates.</param>
    internal static List<Func<bool>> Plan(
        IReadOnlyList<SweepData> data, SweepInitialisation start, SweepOptions options, List<SweepRun> runs, Action<string> say,
        IProgress<ProgressReport>? progress,
        CancellationToken cancellation)
    {
        if (data.Count > 1 && start.Candidates is not null)
            say($"{start.Name}: folds have no validation data to choose among {start.Candidates.Count} recipes on: {start.Recipe.Name} is run");
        if (data.Count > 1) start = start with { Candidates = null };
        var plan = new TransferPlan(
            data[0].Protocol.Tasks, start.Examples ?? options.Examples, start.Trials ?? options.Trials, Seed: options.Seed, Recipe: start.Recipe,
            Workers: options.Workers,
            SmallestDraw: options.Smallest);
        if (data.Count == 1) return [.. Jobs(data[0], plan, null)];
        return [.. Enumerable.Range(0, plan.Trials)
            .SelectMany(trial => Jobs(data[trial % data.Count], plan with { FirstTrial = trial, Trials = 1 }, trial % data.Count))];

        IEnumerable<Func<bool>> Jobs(SweepData own, TransferPlan planned, int? fold) => own.Plans(planned)
            .SelectMany(
                p => p.Examples.Select<int?, Func<bool>>(
                    n => () => Run(own, fold, start, p with { Examples = [n] }, options, runs, say, progress, cancellation)));
    }

    private static bool Run(
        SweepData data, int? fold, SweepInitialisation start, TransferPlan plan, SweepOptions options, List<SweepRun> runs, Action<string> say,
        IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        EncoderSource Open(int trial) => EncoderSource.Open(start.Encoder(trial), options.Seed + trial, options.RandomSide, options.RandomChannels);
        string first;
        using (var encoder = Open(plan.FirstTrial)) first = encoder.Card.WeightsSha256;
        // The trials' number is not part of it, so that more of them extend a job; each network in its journal says which weights it began from.
        var hash = SweepRun.Hash(
            data.Protocol.Name, data.Protocol.Version, data.Dataset.Hash, plan.Tasks, plan.Examples, plan.Seed, plan.Smallest, plan.Recipe,
            start.Candidates, first,
            options.Augmentation, options.Precision.TypeOn(new TorchSharp.torch.Device(options.Device)).ToString(),
            options.RandomSide, options.RandomChannels, options.EvaluationBatch);
        if (fold is not null) hash = SweepRun.Hash(hash, fold, plan.FirstTrial);
        var folder = Path.Combine(
            options.Output, "cells", LabelEfficiencySweep.Slug(data.Protocol.Name), LabelEfficiencySweep.Slug(start.Name), hash[..16]);
        using var claim = SharedJobs.TryClaim(folder);
        if (claim is null) return false;
        var name = $"{start.Name}, {TransferFiles.Name(plan.Examples[0])} labels{(fold is null ? "" : $", trial {plan.FirstTrial + 1}")}";
        var told = new Named(progress, name, () => say($"{name}: training"));
        var result = FineTuning.Run(Open, data.Dataset, data.Dataset, new FineTuningOptions(
            plan, folder, Candidates: start.Candidates, Augmentation: options.Augmentation, Precision: options.Precision,
            Device: new TorchSharp.torch.Device(options.Device),
            EvaluationBatch: options.EvaluationBatch, CheckpointEvery: options.CheckpointEvery, EncoderPatientsDiffer: options.PatientsDiffer,
            Keep: KeptNetworks.None)
        { IsShared = true, Pools = fold is null ? null : (data.Train, data.Test) }, told, cancellation);
        if (!told.HasTrained) say($"{name}: done before");
        foreach (var trial in result.Trials)
            runs.Add(
                LabelEfficiencySweep.RunOf(
                    data, start, trial, trial.FineTuned!.InitialSha256, trial.FineTuned.Recipe!, Identity(result.Identity!, trial.FineTuned), "") with
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
