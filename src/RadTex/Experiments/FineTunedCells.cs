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
            SmallestDraw: options.Examples.Min());
        return [.. data.Plans(plan).SelectMany(p => p.Examples.Select<int?, Func<bool>>(n => () => Run(data, start, p with { Examples = [n] }, options, runs, say, progress, cancellation)))];
    }

    private static bool Run(
        SweepData data, SweepInitialisation start, TransferPlan plan, SweepOptions options, List<SweepRun> runs, Action<string> say, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        EncoderSource Open(int trial) => EncoderSource.Open(start.Encoder(trial), options.Seed + trial, options.RandomSide, options.RandomChannels);
        string[] weights = [.. Enumerable.Range(0, plan.Trials).Select(trial =>
        {
            using var encoder = Open(trial);
            return encoder.Card.WeightsSha256;
        })];
        var hash = SweepRun.Hash(
            data.Protocol.Name, data.Protocol.Version, data.Dataset.Hash, plan.Tasks, plan.Examples, plan.Trials, plan.Seed, plan.Smallest, plan.Recipe, start.Candidates, weights,
            options.Augmentation, FeatureExtractor.ComputeType(options.BFloat16, new TorchSharp.torch.Device(options.Device)).ToString(), options.RandomSide, options.RandomChannels);
        var folder = Path.Combine(options.Output, "cells", LabelEfficiencySweep.Slug(data.Protocol.Name), LabelEfficiencySweep.Slug(start.Name), hash[..16]);
        using var claim = JobLock.TryTake(folder);
        if (claim is null) return false;
        bool done = File.Exists(Path.Combine(folder, TransferFiles.Metrics));
        var name = $"{start.Name}, {TransferFiles.Name(plan.Examples[0])} labels";
        say($"{name}: {(done ? "done before" : "training")}");
        var named = progress is null ? null : new Named(progress, name);
        var result = FineTuning.Run(Open, data.Dataset, data.Dataset, new FineTuningOptions(
            plan, folder, Candidates: start.Candidates, Augmentation: options.Augmentation, BFloat16: options.BFloat16, Device: new TorchSharp.torch.Device(options.Device),
            EvaluationBatch: options.EvaluationBatch, CheckpointEvery: options.CheckpointEvery, EncoderPatientsDiffer: options.PatientsDiffer), done ? null : named, cancellation);
        var extractorCard = CardOf(data, weights, options);
        foreach (var trial in result.Trials)
            runs.Add(LabelEfficiencySweep.RunOf(data, start, trial, trial.FineTuned!.InitialSha256, trial.FineTuned.Recipe, extractorCard with { Seed = plan.Seed, SmallestDraw = plan.Smallest ?? 0 }, "") with
            {
                Test = data.Tests[trial.Task],
                Probabilities = trial.FineTuned.Probabilities,
            });
        return true;
    }

    private static TransferIdentity CardOf(SweepData data, string[] weights, SweepOptions options)
    {
        var card = new FeatureCard("", string.Join(',', weights), options.RandomSide, options.RandomChannels, "", "", options.EvaluationBatch, 0, "", data.Dataset.Hash, "", 0, "", false, data.Dataset.Manifest.Synthetic);
        return new("fine-tune", card, card, 0, 0, 0, PaperRecipe.FineTuning);
    }

    private sealed class Named(IProgress<ProgressReport> inner, string name) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => inner.Report(value with { Stage = name });
    }
}
