using RadTex.Data;
using RadTex.Gating;
using RadTex.Inspection;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Training;
using RadTex.Prediction;
using RadTex.Studies;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>
/// The supervised baseline: an encoder trained on labels in place of reports, all labels at once, each a probability, absent and uncertain
/// ones left out of the loss. On NIH ChestX-ray14 it is the paper's CXR14 initialisation, trained here.
/// </summary>
public static class SupervisedPretraining
{
    /// <summary>Runs a supervised pretraining, or goes on with one that was interrupted. One that is complete is left and reported.</summary>
    /// <param name="options">What to run; of its configuration model.hidden and further textual keys and section text are not used.</param>
    /// <param name="labels">The labels to learn; none for all of the dataset that show both classes.</param>
    /// <param name="say">Told in lines what is done and found; null for nobody.</param>
    /// <param name="progress">Told after each update, in images.</param>
    /// <param name="cancellation">Ends the run after the update it is at, with a checkpoint.</param>
    /// <exception cref="UserErrorException">The inputs do not fit each other or the run, the loss is no number, or the disk is full.</exception>
    public static PretrainingResult Run(
        PretrainingOptions options, IReadOnlyList<string> labels, Action<string>? say = null, IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default)
    {
        say ??= _ => { };
        var (device, configuration) = options.Begin();
        using var dataset = PreparedDataset.Open(options.Dataset);
        int[] columns = Columns(dataset, labels);
        string[] names = [.. columns.Select(c => dataset.LabelNames[c])];
        var (opened, complete) = options.OpenRun(
            new
            {
                configuration.Preset,
                configuration.Model,
                configuration.Image,
                configuration.Optimizer,
                configuration.Training,
                configuration.Log,
                Labels = string.Join('|', names)
            }, configuration.Log,
            new RunInputs(options.Dataset, dataset.Hash, dataset.Manifest.Synthetic, null), say);
        using var run = opened;
        if (complete is not null) return complete;
        int[] indices =
            [.. PatientFraction.Take(dataset, dataset.IndicesOf(Split.Train), configuration.Training.Fraction, configuration.Training.Seed)
            .Where(i => columns.Any(c => dataset[i].Labels[c] is >= 0))];
        say($"{indices.Length:N0} labelled radiographs, {names.Length} labels: {string.Join(", ", names)}");
        using var task = Task(configuration, dataset, columns, names, indices, device);
        var outcome = TrainingLoop.Run(task, configuration.Loop, run, progress, options.Group, cancellation);
        return PretrainingResult.Share(
            run is null ? null : WriteResult(run, dataset, names, configuration, task, outcome, indices), options.Output, options.Group)!;
    }

    private static PretrainingResult WriteResult(
        RunFolder run, PreparedDataset dataset, string[] names, PretrainingConfiguration configuration, LabelTask task,
        TrainingOutcome outcome, int[] indices)
    {
        var (model, image) = (configuration.Model, configuration.Image);
        var intensity = dataset.Manifest.Intensity;
        double epochs = (double)outcome.Steps / task.Sampler.BatchesPerEpoch;
        var card = EncoderFolder.Write(run.File("encoder"), task.Classifier.Encoder, new(
            model.Backbone, model.BackboneWidth, model.Channels, image.Size, image.Scaling, EncoderCard.PolarityOf(intensity), 0,
            $"trained by RadTex on labels ({string.Join(", ", names)}), seed {configuration.Training.Seed}: {epochs:0.##} "
                + $"epochs ({outcome.Steps:N0} updates) on {indices.Length:N0} "
                + $"{(dataset.Manifest.Synthetic ? "synthetic " : "")}radiographs, dataset {dataset.Hash}",
            dataset.Manifest.Synthetic, "", intensity, dataset.ShortSide), SeenRadiographs.OfPretraining(dataset));
        if (EncoderLikeness.Measure(task.Classifier.Encoder, dataset, indices, configuration.Input) is { } sample)
            LikenessFile.Write(run.File("encoder"), TrainingLikeness.Learn(sample, EncoderLikeness.SourceOf(dataset), card.WeightsSha256));
        return new PretrainingResult(
            card.WeightsSha256, outcome.Steps, epochs, outcome.ElapsedSeconds, indices.Length, new Dictionary<string, double>(),
            dataset.Manifest.Synthetic).Write(run);
    }

    private static LabelTask Task(
        PretrainingConfiguration configuration, PreparedDataset dataset, int[] columns, string[] names, int[] indices, Device device)
    {
        var (model, training) = (configuration.Model, configuration.Training);
        using var generator = new Generator((ulong)training.Seed);
        var classifier = new ImageClassifier(
            Encoders.Create(new(model.Backbone, model.BackboneWidth, model.Channels, configuration.Image.Size), generator), names.Length, generator);
        classifier.to(device);
        var targets = new LabelTargets(names, false, indices.ToDictionary(
            i => i, i => (IReadOnlyList<float?>)[.. columns.Select(c => dataset[i].Labels[c] is >= 0 and var v ? (float?)Math.Min(1, v) : null)]));
        return new(
            classifier, dataset, new RadiographBatches(dataset, configuration.Input, configuration.Augmentation, training.Seed),
            new EpochSampler(indices, training.BatchSize, training.Seed, training.DropLast), targets,
            m => ParameterGroup.Group(m, _ => ("network", configuration.Optimizer.VisualRate, configuration.Optimizer.WeightDecay)),
            (training.Precision == "bf16" ? ScalarType.BFloat16 : null, device));
    }

    private static int[] Columns(PreparedDataset dataset, IReadOnlyList<string> labels)
    {
        if (labels.Count > 0) return [.. labels.Select(dataset.LabelIndex)];
        var rows = dataset.IndicesOf(Split.Train);
        int[] both = [.. Enumerable.Range(0, dataset.LabelNames.Count)
            .Where(c => rows.Any(i => dataset[i].Labels[c] == 0) && rows.Any(i => dataset[i].Labels[c] > 0))];
        return both.Length > 0 ? both : throw new UserErrorException(
            $"{dataset.Folder} has no label that shows both classes in its training split: nothing can be learnt from labels.");
    }
}
