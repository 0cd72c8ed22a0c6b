using RadTex.Data;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Imaging.Transforms;
using RadTex.Inspection;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Training;
using RadTex.Prediction;

namespace RadTex.Learning.Pretraining;

/// <summary>From a prepared dataset to a run with an encoder, whatever the objective: task, training, and what is left for others to use.</summary>
public static class PretrainingProgram
{
    /// <summary>Runs a pretraining, or goes on with one that was interrupted. One that is complete is left and reported.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="log">Told in lines what is done and found; null for nobody.</param>
    /// <param name="progress">Told about the stages "reading", "joining" and the task's.</param>
    /// <param name="cancellation">Ends the run after the update it is at, with a checkpoint.</param>
    /// <exception cref="UserErrorException">The inputs do not fit each other or the run, the loss is no number, or the disk is full.</exception>
    public static PretrainingResult Run(
        PretrainingOptions options, Action<string>? log = null, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        log ??= _ => { };
        var (settings, device, asked) = options.Begin();
        using var restored = settings;
        var (configuration, found) = StartWeights.Find(asked);
        using var start = found;
        using var dataset = PreparedDataset.Open(options.Dataset);
        if (dataset.Manifest.Synthetic) log("The radiographs are synthetic.");
        configuration = configuration with { Objective = configuration.Objective.For(dataset) };
        var vocabulary = configuration.Objective.ReadsReports ? RunVocabulary.Find(options, dataset, log, progress, cancellation) : null;
        var inputs = new RunInputs(options.Dataset, dataset.Hash, dataset.Manifest.Synthetic, vocabulary?.Sha256);
        var (opened, complete) = options.OpenRun(configuration, inputs, log);
        using var run = opened;
        if (run is not null) vocabulary?.Save(run.File(RunLayout.Vocabulary));
        if (complete is not null) return complete;
        using var task = configuration.Objective.Create(new(configuration, dataset, vocabulary, device, log, cancellation));
        start?.Load(task, vocabulary, log);
        long frozen = configuration.Start.FrozenEpochs * (long)task.Task.Sampler.BatchesPerEpoch;
        var loop = configuration.Loop with { Frozen = frozen > 0 ? new(task.Encoder, task.EncoderGroup, frozen) : null };
        var outcome = task.Task.Train(loop, run, progress, options.Group, cancellation);
        return PretrainingResult.Share(
            run is null ? null : WriteResult(run, dataset, configuration, (task, start), outcome), options.Output, options.Group)!;
    }

    private static PretrainingResult WriteResult(
        RunFolder run, PreparedDataset dataset, PretrainingConfiguration configuration, (PretrainingTask Task, StartWeights? Start) made,
        TrainingOutcome outcome)
    {
        var (task, start) = made;
        var (spec, image, intensity, synthetic) = (task.Encoder.Spec, configuration.Image, dataset.Manifest.Intensity, dataset.Manifest.Synthetic);
        int[] radiographs = [.. task.Task.Sampler.Epoch(0).Order()];
        double epochs = (double)outcome.Steps / task.Task.Sampler.BatchesPerEpoch;
        var origin = start is null ? task.Origin : $"{task.Origin}, {start.Words}";
        var card = new EncoderCard(
            spec.Architecture, spec.Width, spec.Channels, image.Size, image.Scaling.Name(), EncoderCard.PolarityOf(intensity), 0,
            $"{origin}, seed {configuration.Training.Seed}: {epochs:0.##} epochs ({outcome.Steps:N0} updates) on {radiographs.Length:N0} "
                + $"{(synthetic ? "synthetic " : "")}radiographs{task.Radiographs}, dataset {dataset.Hash}",
            synthetic || start?.Card.Synthetic == true, "", intensity, dataset.ShortSide);
        var model = task.WriteModel?.Invoke(run.File(RunLayout.Model), card);
        var own = SeenRadiographs.OfPretraining(dataset);
        var seen = start is null ? own : own.With(start.Seen);
        var encoder = EncoderFolder.Write(run.File(RunLayout.Encoder), task.Encoder, card, seen).WeightsSha256;
        if (EncoderLikeness.Measure(task.Encoder, dataset, radiographs, configuration.Input) is { } sample)
        {
            TrainingLikeness? Learn(string weights) => TrainingLikeness.Learn(sample, EncoderLikeness.SourceOf(dataset), weights);
            if (model is not null) LikenessFile.Write(run.File(RunLayout.Model), Learn(model));
            LikenessFile.Write(run.File(RunLayout.Encoder), Learn(encoder));
        }
        var validation = outcome.Validation.Count > 0 ? outcome.Validation.ToDictionary(v => v.Name, v => v.Value) : LastValidation(run);
        return new PretrainingResult(
            model ?? encoder, outcome.Steps, epochs, outcome.ElapsedSeconds, radiographs.Length, validation, synthetic).Write(run);
    }

    // A run killed between its last checkpoint and its result has validated already.
    private static Dictionary<string, double> LastValidation(RunFolder run) =>
        TrainingLog.Read(RunFolder.LogPath(run.Path)).LastOrDefault(line => line.Kind == "validation")?.Values.ToDictionary() ?? [];
}
