using RadTex.Data;
using RadTex.Learning.Distributed;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>
/// Supervised learning of an encoder with a linear layer: binary cross-entropy a label, absent labels left out, or cross-entropy over
/// classes. The loss is the mean over the labels (or radiographs) that are there. Several processes take a stretch of each batch each, and batch norm
/// sees that stretch.
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
    private readonly ProcessGroup processes;

    /// <param name="classifier">Owned from here on.</param>
    /// <param name="dataset">Stays the caller's.</param>
    /// <param name="images">Makes the views; without augmentation the centre views are trained on.</param>
    /// <param name="sampler">Draws the batches.</param>
    /// <param name="targets">A value for every radiograph of the sampler.</param>
    /// <param name="group">Lays the parameters into groups; see <see cref="ParameterGroup.Group"/>.</param>
    /// <param name="compute">bfloat16 for mixed precision of the encoder; null for float32.</param>
    /// <param name="device">Where the classifier lies; null for the CPU.</param>
    /// <param name="processes">Those that train together; null for this one alone.</param>
    public LabelObjective(
        ImageClassifier classifier, PreparedDataset dataset, RadiographBatches images, EpochSampler sampler, LabelTargets targets,
        Func<ImageClassifier, IReadOnlyList<ParameterGroup>> group, ScalarType? compute = null, Device? device = null, ProcessGroup? processes = null)
    {
        (Classifier, this.dataset, this.images, this.sampler, this.targets) = (classifier, dataset, images, sampler, targets);
        (this.group, this.compute, this.device, this.processes) = (group, compute, device ?? CPU, processes ?? ProcessGroup.Alone);
        if (!this.processes.IsFirst) classifier.Encoder.TracksStatistics = false; // as the captioning objective: rank 0's buffers are kept
        if (this.processes.Size > 1 && sampler.BatchSize < 2 * this.processes.Size)
            throw new UserErrorException(
                $"A batch of {sampler.BatchSize} cannot be shared out among {this.processes.Size} processes: batch norm needs "
                    + $"two radiographs each. Start fewer, or set training.batch_size={2 * this.processes.Size} or more.");
    }

    public string Name => "training";

    public nn.Module Model => Classifier;

    public ImageClassifier Classifier { get; }

    public long StepsPerEpoch => sampler.BatchesPerEpoch;

    public IReadOnlyList<ParameterGroup> MakeGroups() => group(Classifier);

    public LabelBatch Prepare(long step)
    {
        var indices = sampler.Batch(step);
        int[] own = Own(indices);
        return new(indices, DeviceTransfer.Staged(images.Augmentation is null ? images.CentreViews(own) : images.TrainingViews(own, step), device));
    }

    public StepLosses Backpropagate(LabelBatch batch) => Backpropagate(batch, Own(batch.Indices));

    public int AtOnce(LabelBatch batch) => Own(batch.Indices).Length;

    public void Try(LabelBatch batch, int count) => Backpropagate(batch, Own(batch.Indices)[..count]);

    public string SmallerBatch(int count) => $"take batches of {count * processes.Size}";

    // own: the first of this process's radiographs, or all.
    private StepLosses Backpropagate(LabelBatch batch, int[] own)
    {
        using var scope = NewDisposeScope();
        // [B, labels]
        var logits = Classifier.forward(Classifier.Encoder.InComputeType(DeviceTransfer.To(batch.Images.narrow(0, 0, own.Length), device), compute));
        var loss = targets.IsMultiClass ? CrossEntropy(logits, own, batch.Indices.Count) : MaskedBinaryCrossEntropy(logits, own, batch.Indices);
        loss.backward();
        double value = loss.item<float>();
        return new([(targets.IsMultiClass ? "cross_entropy" : "binary_cross_entropy", value)], value, own.Length, 0);
    }

    public IReadOnlyList<string> StudyIds(LabelBatch batch) =>
        [.. batch.Indices.Select(i => dataset[i]).DistinctBy(row => row.Study).Select(row => row.StudyId)];

    public IReadOnlyList<(string Name, double Value)> Validate(CancellationToken cancellation) => [];

    public void Dispose() => Classifier.Dispose();

    /// <summary>The stretch of a batch that this process works on.</summary>
    private int[] Own(IReadOnlyList<int> batch)
    {
        int first = batch.Count * processes.Rank / processes.Size, end = batch.Count * (processes.Rank + 1) / processes.Size;
        return [.. batch.Skip(first).Take(end - first)];
    }

    // Both are this process's part of the whole batch's mean: the parts add up to it.
    private Tensor CrossEntropy(Tensor logits, int[] own, int whole)
    {
        using Scalar share = (double)own.Length / whole;
        return nn.functional.cross_entropy(logits, tensor(own.Select(i => (long)targets.Values[i][0]!.Value).ToArray(), ScalarType.Int64, device))
            .mul(share);
    }

    private Tensor MaskedBinaryCrossEntropy(Tensor logits, int[] own, IReadOnlyList<int> whole)
    {
        var values = own.SelectMany(i => targets.Values[i]).ToArray();
        float share = 1f / Math.Max(1, whole.Sum(i => targets.Values[i].Count(v => v is not null)));
        Tensor OfValues(Func<float?, float> of) => tensor(values.Select(of).ToArray(), logits.shape, device: device);
        var losses = nn.functional.binary_cross_entropy_with_logits(logits, OfValues(v => v ?? 0), reduction: nn.Reduction.None); // [B, labels]
        // A batch without any label gives loss and gradient 0.
        return (losses * OfValues(v => v is null ? 0 : share)).sum();
    }
}
