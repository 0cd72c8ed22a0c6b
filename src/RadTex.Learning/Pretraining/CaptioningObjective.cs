using RadTex.Data;
using RadTex.Learning.Distributed;
using RadTex.Learning.Models;
using RadTex.Learning.Training;
using RadTex.Studies;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>
/// Bidirectional captioning (the paper, section 2.1): the loss is forward + backward, and of a batch in groups, as in the reference
/// on two GPUs, the mean of the groups' token means. Several processes share the groups out among themselves; what each computes is then its part of
/// those means.
/// </summary>
public sealed class CaptioningObjective : IObjective<CaptioningBatch>
{
    private readonly PretrainingConfiguration configuration;
    private readonly PreparedDataset dataset;
    private readonly CaptionTokens tokens;
    private readonly EpochSampler sampler;
    private readonly RadiographBatches images;
    private readonly CaptioningValidation? validation;
    private readonly Device device;
    private readonly ProcessGroup processes;

    /// <param name="configuration">Model, images, batches, seed.</param>
    /// <param name="dataset">Stays the caller's.</param>
    /// <param name="tokens">Its captions.</param>
    /// <param name="model">Owned from here on; see <see cref="CreateModel"/>.</param>
    /// <param name="device">Where the model lies; null for the CPU.</param>
    /// <param name="processes">Those that train together; null for this one alone.</param>
    /// <exception cref="UserErrorException">The training split makes no batch, its radiographs are too small, or the groups cannot be shared
    /// out.</exception>
    public CaptioningObjective(
        PretrainingConfiguration configuration, PreparedDataset dataset, CaptionTokens tokens, RadTexModel model, Device? device = null,
        ProcessGroup? processes = null)
    {
        (this.configuration, this.dataset, this.tokens, Captioner) = (configuration, dataset, tokens, model);
        (this.device, this.processes) = (device ?? CPU, processes ?? ProcessGroup.Alone);
        var training = configuration.Training;
        if (training.Groups % this.processes.Size != 0)
            throw new UserErrorException(
                $"training.groups is {training.Groups}, and {this.processes.Size} processes cannot share them out evenly. Start "
                    + $"as many as divide it, or set training.groups={this.processes.Size}: batch norm then sees "
                    + $"{training.BatchSize / this.processes.Size} radiographs at a time.");
        sampler = new(
            PatientFraction.Take(dataset, tokens.IndicesOf(dataset, Split.Train), training.Fraction, training.Seed), training.BatchSize,
            training.Seed, training.DropLast);
        images = new(dataset, configuration.Input, configuration.Augmentation, training.Seed);
        if (tokens.IndicesOf(dataset, Split.Validate) is { Count: > 0 } heldOut)
            validation = new(dataset, tokens, images, heldOut, Math.Min(training.BatchSize / training.Groups, 64), this.device);
    }

    public string Name => "pretraining";

    public nn.Module Model => Captioner;

    public RadTexModel Captioner { get; }

    public long StepsPerEpoch => sampler.BatchesPerEpoch;

    /// <summary>Radiographs that are trained on.</summary>
    public int TrainingRadiographs => sampler.Epoch(0).Count;

    /// <summary>Them, ascending.</summary>
    internal IReadOnlyList<int> TrainingIndices => [.. sampler.Epoch(0).Order()];

    /// <summary>A model with fresh weights that follow from the seed.</summary>
    public static RadTexModel CreateModel(PretrainingConfiguration configuration, ModelConfiguration network, Device? device = null)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)configuration.Training.Seed);
        var model = new RadTexModel(
            network, configuration.ForDevice(device ?? CPU).Training.Precision == "bf16" ? ScalarType.BFloat16 : null, generator);
        if (device is not null) model.to(device);
        scope.Detach(model.parameters().Cast<Tensor>().Concat(model.buffers()));
        return model;
    }

    public IReadOnlyList<ParameterGroup> MakeGroups() =>
        ParameterGroup.ForCaptioning(
            Captioner, configuration.Optimizer.VisualRate, configuration.Optimizer.TextualRate, configuration.Optimizer.WeightDecay);

    public CaptioningBatch Prepare(long step)
    {
        var indices = sampler.Batch(step);
        var (first, count) = Share(indices.Count);
        return new(step, indices, DeviceTransfer.Staged(images.TrainingViews([.. indices.Skip(first).Take(count)], step), device));
    }

    public StepLosses Backpropagate(CaptioningBatch batch)
    {
        int groups = configuration.Training.Groups, size = batch.Indices.Count / groups, own = groups / processes.Size;
        double forward = 0, backward = 0;
        long count = 0;
        for (int g = 0; g < own; g++)
        {
            using var scope = NewDisposeScope();
            int place = processes.Rank * own + g; // among the groups of all processes
            if (place > 0) TrainingLoop.Seed(configuration.Training.Seed, batch.Step, place);
            Captioner.Encoder.TracksStatistics = place == 0; // as the reference: DDP keeps the first GPU's buffers
            var (forwardLoss, backwardLoss, captioned) =
                Backpropagate(batch.Images.narrow(0, g * size, size), batch.Indices.Skip(place * size).Take(size));
            forward += forwardLoss / groups;
            backward += backwardLoss / groups;
            count += captioned;
        }
        return new([("forward", forward), ("backward", backward)], forward + backward, own * size, count);
    }

    public int AtOnce(CaptioningBatch batch) => batch.Indices.Count / configuration.Training.Groups;

    public void Try(CaptioningBatch batch, int count) =>
        Backpropagate(batch.Images.narrow(0, 0, count), batch.Indices.Skip(Share(batch.Indices.Count).First).Take(count));

    public string SmallerBatch(int count)
    {
        int whole = configuration.Training.BatchSize, groups = configuration.Training.Groups;
        return $"set training.batch_size={count * groups}"
            + (whole % count == 0 ? $", or training.groups={whole / count} to keep {whole} an update (batch norm then sees {count} at a time)" : "");
    }

    // One group: its part of the loss's gradient is added to the parameters'.
    private (double Forward, double Backward, long Tokens) Backpropagate(Tensor ownImages, IEnumerable<int> indices)
    {
        double factor = 1.0 / configuration.Training.Groups;
        using var captions = CaptionBatch.Pack([.. indices.Select(i => tokens[i])], device);
        var features = Captioner.Encode(DeviceTransfer.To(ownImages, device));
        if (configuration.Training.Directions == "forward")
        {
            var hidden = Captioner.DecodeForward(Captioner.Textual.Project(features), captions);
            return (CaptioningLoss.BackpropagateForward(Captioner, hidden, captions, factor), 0, captions.Count);
        }
        var losses = CaptioningLoss.Backpropagate(Captioner, Captioner.Decode(features, captions), captions, factor);
        return (losses.Forward, losses.Backward, captions.Count);
    }

    /// <summary>The stretch of a batch that this process works on.</summary>
    private (int First, int Count) Share(int batch)
    {
        int own = configuration.Training.Groups / processes.Size * (batch / configuration.Training.Groups);
        return (processes.Rank * own, own);
    }

    public IReadOnlyList<string> StudyIds(CaptioningBatch batch) =>
        [.. batch.Indices.Select(i => dataset[i]).DistinctBy(row => row.Study).Select(row => row.StudyId)];

    public IReadOnlyList<(string Name, double Value)> Validate(CancellationToken cancellation) => validation?.Measure(Captioner, cancellation) ?? [];

    public void Dispose() => Captioner.Dispose();
}
