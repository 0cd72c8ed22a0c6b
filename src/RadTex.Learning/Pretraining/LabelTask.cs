using RadTex.Data;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>
/// Supervised learning of an encoder with a linear layer: binary cross-entropy a label, absent labels left out, or cross-entropy over
/// classes. The loss is the mean over the whole batch's labels (or radiographs) that are there.
/// </summary>
public sealed class LabelTask : TrainingTask<LabelPart>
{
    private readonly PreparedDataset dataset;
    private readonly RadiographBatches images;
    private readonly LabelTargets targets;
    private readonly Func<ImageClassifier, IReadOnlyList<ParameterGroup>> group;
    private readonly ScalarType? compute;
    private readonly Device device;

    /// <summary>A task on what the sampler draws from.</summary>
    /// <param name="classifier">Owned from here on.</param>
    /// <param name="dataset">Stays the caller's.</param>
    /// <param name="images">Makes the views; without augmentation the centre views are trained on.</param>
    /// <param name="sampler">Draws the batches.</param>
    /// <param name="targets">A value for every radiograph of the sampler.</param>
    /// <param name="group">Lays the parameters into groups; see <see cref="ParameterGroup.Group"/>.</param>
    /// <param name="compute">bfloat16 for mixed precision of the encoder; null for float32. With it the device, null for the CPU.</param>
    public LabelTask(
        ImageClassifier classifier, PreparedDataset dataset, RadiographBatches images, EpochSampler sampler, LabelTargets targets,
        Func<ImageClassifier, IReadOnlyList<ParameterGroup>> group, (ScalarType? Type, Device? Device) compute = default)
    {
        (Classifier, this.dataset, this.images, Sampler, this.targets) = (classifier, dataset, images, sampler, targets);
        (this.group, this.compute, device) = (group, compute.Type, compute.Device ?? CPU);
    }

    /// <inheritdoc/>
    public override string Name => "training";

    /// <inheritdoc/>
    public override nn.Module Model => Classifier;

    /// <summary>The model that learns; owned by the task.</summary>
    public ImageClassifier Classifier { get; }

    /// <inheritdoc/>
    public override EpochSampler Sampler { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterGroup> MakeGroups() => group(Classifier);

    /// <inheritdoc/>
    public override LabelPart Prepare(PartOfBatch part)
    {
        var views = images.Augmentation is null ? images.CentreViews(part.Radiographs) : images.TrainingViews(part.Radiographs, part.Step);
        var staged = DeviceTransfer.Staged(views, device);
        if (targets.IsMultiClass)
            return new(
                staged, tensor(part.Radiographs.Select(i => (long)targets.Values[i][0]!.Value).ToArray(), ScalarType.Int64, device), null);
        var values = part.Radiographs.SelectMany(i => targets.Values[i]).ToArray();
        float share = 1f / Math.Max(1, part.Batch.Sum(i => targets.Values[i].Count(v => v is not null)));
        Tensor OfValues(Func<float?, float> of) =>
            tensor(values.Select(of).ToArray(), [part.Radiographs.Count, targets.Names.Count], device: device);
        return new(staged, OfValues(v => v ?? 0), OfValues(v => v is null ? 0 : share)); // a batch without any label: loss and gradient 0
    }

    /// <inheritdoc/>
    public override LossTerms Loss(LabelPart data, PartOfBatch part)
    {
        using var scope = NewDisposeScope();
        var logits = Classifier.forward(Classifier.Encoder.InComputeType(DeviceTransfer.To(data.Images, device), compute)); // [B, labels]
        var loss = data.Weights is { } weights
            ? (nn.functional.binary_cross_entropy_with_logits(logits, data.Targets, reduction: nn.Reduction.None) * weights).sum()
            : CrossEntropy(logits, data.Targets, (double)part.Radiographs.Count / part.Batch.Count);
        return new(
            loss.MoveToOuterDisposeScope(),
            [(targets.IsMultiClass ? "cross_entropy" : "binary_cross_entropy", loss.detach().MoveToOuterDisposeScope())]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> StudyIds(IReadOnlyList<int> radiographs) => dataset.StudyIds(radiographs);

    private static Tensor CrossEntropy(Tensor logits, Tensor classes, double share)
    {
        using Scalar factor = share;
        return nn.functional.cross_entropy(logits, classes).mul(factor);
    }
}
