using RadTex.Data;
using RadTex.Learning.Models;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Training;
using RadTex.Studies;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>
/// Objective "labels", the supervised baseline: labels in place of reports, all at once, each a probability, absent and uncertain ones left out of
/// the loss (<see cref="LabelTask"/>). On NIH ChestX-ray14 it is the paper's CXR14 initialisation, trained here. The textual keys of section model do
/// not count.
/// </summary>
/// <param name="Labels">The labels to learn; null or none for all of the dataset that show both classes in its training split.</param>
public sealed record LabelsObjective(IReadOnlyList<string>? Labels = null) : PretrainingObjective("labels")
{
    private const string EncoderGroup = "encoder";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Faults() =>
        Labels?.Any(string.IsNullOrWhiteSpace) == true ? ["objective.labels has one without a name (expected labels of the dataset)"] : [];

    /// <inheritdoc/>
    public override PretrainingObjective For(PreparedDataset dataset)
    {
        var rows = dataset.IndicesOf(Split.Train);
        bool ShowsBoth(int column) => rows.Any(i => dataset[i].Labels[column] == 0) && rows.Any(i => dataset[i].Labels[column] > 0);
        string[] names = Labels is { Count: > 0 }
            ? [.. Labels.Select(label => dataset.LabelNames[dataset.LabelIndex(label)])]
            : [.. dataset.LabelNames.Where((_, column) => ShowsBoth(column))];
        return names.Length > 0 ? new LabelsObjective(names) : throw new UserErrorException(
            $"{dataset.Folder} has no label that shows both classes in its training split: nothing can be learnt from labels.");
    }

    /// <inheritdoc/>
    public override PretrainingTask Create(PretrainingInputs inputs)
    {
        var (configuration, dataset) = (inputs.Configuration, inputs.Dataset);
        var (model, training, names) = (configuration.Model, configuration.Training, Labels!);
        int[] columns = [.. names.Select(dataset.LabelIndex)];
        int[] indices = [.. PatientFraction.Take(dataset, dataset.IndicesOf(Split.Train), training.Fraction, training.Seed)
            .Where(i => columns.Any(c => dataset[i].Labels[c] is >= 0))];
        inputs.Log($"{indices.Length:N0} labelled radiographs, {names.Count} labels: {string.Join(", ", names)}");
        using var generator = new Generator((ulong)training.Seed);
        var classifier = new ImageClassifier(
            Encoders.Create(new(model.Backbone, model.BackboneWidth, model.Channels, configuration.Image.Size), generator), names.Count, generator);
        classifier.to(inputs.Device);
        var targets = new LabelTargets(names, false, indices.ToDictionary(
            i => i, i => (IReadOnlyList<float?>)[.. columns.Select(c => dataset[i].Labels[c] is >= 0 and var v ? (float?)Math.Min(1, v) : null)]));
        bool isFrozen = configuration.Start.FrozenEpochs > 0; // else all parameters are one group
        var task = new LabelTask(
            classifier, dataset, new RadiographBatches(dataset, configuration.Input, configuration.Augmentation, training.Seed),
            new EpochSampler(indices, training.BatchSize, training.Seed, training.DropLast), targets,
            m => ParameterGroup.Group(m, name => (
                isFrozen && name.StartsWith("cnn.", StringComparison.Ordinal) ? EncoderGroup : "network", configuration.Optimizer.VisualRate,
                configuration.Optimizer.WeightDecay)),
            (training.Precision == Precision.Bf16 ? ScalarType.BFloat16 : null, inputs.Device));
        return new(task, classifier.Encoder, $"trained by RadTex on labels ({string.Join(", ", names)})") { EncoderGroup = EncoderGroup };
    }

    /// <summary>Whether it names the same labels in the same order; null and none are the same.</summary>
    public bool Equals(LabelsObjective? other) => other is not null && (Labels ?? []).SequenceEqual(other.Labels ?? []);

    /// <inheritdoc/>
    public override int GetHashCode() => Labels?.Count ?? 0;
}
