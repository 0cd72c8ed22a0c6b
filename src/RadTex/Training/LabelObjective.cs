using RadTex.Data;
using RadTex.Models;
using static TorchSharp.torch;

namespace RadTex.Training;

/// <summary>
/// Supervised learning of an encoder with a linear layer: binary cross-entropy a label, absent labels left out, or cross-entropy over
/// classes. The loss is the mean over the labels (or radiographs) that are there.
/// </summary>
public sealed class LabelObjective : IObjective<LabelBatch>
{
    private readonly PreparedDataset dataset;
    private readonly RadiographBatches images;
    private readonly EpochSampler sampler;
    private readonly LabelTargets targets;
    private readonly Func<ImageClassifier, IReadOnlyList<ParameterGroup>> group;
    private readonly ScalarType? compute;
    private readonly Device device;

    /// <param name="classifier">Owned from here on.</param>
    /// <param name="dataset">Stays the caller's.</param>
    /// <param name="images">Makes the views; without augmentation the centre views are trained on.</param>
    /// <param name="sampler">Draws the batches.</param>
    /// <param name="targets">A value for every radiograph of the sampler.</param>
    /// <param name="group">Lays the parameters into groups; see <see cref="ParameterGroup.Group"/>.</param>
    /// <param name="compute">bfloat16 for mixed precision of the encoder; null for float32.</param>
    /// <param name="device">Where the classifier lies; null for the CPU.</param>
    public LabelObjective(
        ImageClassifier classifier, PreparedDataset dataset, RadiographBatches images, EpochSampler sampler, LabelTargets targets,
        Func<ImageClassifier, IReadOnlyList<ParameterGroup>> group, ScalarType? compute = null, Device? device = null)
    {
        (Classifier, this.dataset, this.images, this.sampler, this.targets) = (classifier, dataset, images, sampler, targets);
        (this.group, this.compute, this.device) = (group, compute, device ?? CPU);
    }

    public string Name => "training";

    public nn.Module Model => Classifier;

    public ImageClassifier Classifier { get; }

    public long StepsPerEpoch => sampler.BatchesPerEpoch;

    public IReadOnlyList<ParameterGroup> MakeGroups() => group(Classifier);

    public LabelBatch Prepare(long step)
    {
        var indices = sampler.Batch(step);
        return new(indices, images.Augmentation is null ? images.CentreViews(indices) : images.TrainingViews(indices, step));
    }

    public StepLosses Backpropagate(LabelBatch batch)
    {
        using var scope = NewDisposeScope();
        var logits = Classifier.forward(Classifier.Encoder.InComputeType(batch.Images.to(device), compute)); // [B, labels]
        var loss = targets.IsMultiClass ? CrossEntropy(logits, batch.Indices) : MaskedBinaryCrossEntropy(logits, batch.Indices);
        loss.backward();
        double value = loss.item<float>();
        return new([(targets.IsMultiClass ? "cross_entropy" : "binary_cross_entropy", value)], value, batch.Indices.Count, 0);
    }

    public IReadOnlyList<string> StudyIds(LabelBatch batch) => [.. batch.Indices.Select(i => dataset[i].StudyId).Distinct()];

    public IReadOnlyList<(string Name, double Value)> Validate(CancellationToken cancellation) => [];

    public void Dispose() => Classifier.Dispose();

    private Tensor CrossEntropy(Tensor logits, IReadOnlyList<int> indices) =>
        nn.functional.cross_entropy(logits, tensor(indices.Select(i => (long)targets.Values[i][0]!.Value).ToArray(), ScalarType.Int64, device));

    private Tensor MaskedBinaryCrossEntropy(Tensor logits, IReadOnlyList<int> indices)
    {
        var values = indices.SelectMany(i => targets.Values[i]).ToArray();
        float share = 1f / Math.Max(1, values.Count(v => v is not null));
        Tensor OfValues(Func<float?, float> of) => tensor(values.Select(of).ToArray(), logits.shape, device: device);
        var losses = nn.functional.binary_cross_entropy_with_logits(logits, OfValues(v => v ?? 0), reduction: nn.Reduction.None); // [B, labels]
        // A batch without any label gives loss and gradient 0.
        return (losses * OfValues(v => v is null ? 0 : share)).sum();
    }
}
