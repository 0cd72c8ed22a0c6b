using RadTex.Data;
using RadTex.Learning.Models;
using RadTex.Learning.Training;
using RadTex.Studies;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>
/// Bidirectional captioning (the paper, section 2.1): the loss is forward + backward, and of a batch in groups, as in the reference on two GPUs, the
/// mean of the groups' token means.
/// </summary>
public sealed class CaptioningTask : TrainingTask<CaptioningPart>, IEncodedTask
{
    private readonly PretrainingConfiguration configuration;
    private readonly PreparedDataset dataset;
    private readonly CaptionTokens tokens;
    private readonly RadiographBatches images;
    private readonly CaptioningValidation? validation;
    private readonly CaptionDirections directions;
    private readonly Device device;
    private readonly WordBlocks? blocks;

    /// <summary>A task on the dataset's training split; its validation split, where it has one with captions, is measured now and then.</summary>
    /// <param name="configuration">Model, images, batches, seed.</param>
    /// <param name="dataset">Stays the caller's.</param>
    /// <param name="tokens">Its captions.</param>
    /// <param name="model">Owned from here on; see <see cref="CreateModel(PretrainingConfiguration, ModelConfiguration, Device?)"/>.</param>
    /// <param name="directions">In which captions are predicted.</param>
    /// <param name="device">Where the model lies; null for the CPU.</param>
    /// <exception cref="UserErrorException">The training split makes no batch, or its radiographs are too small.</exception>
    public CaptioningTask(
        PretrainingConfiguration configuration, PreparedDataset dataset, CaptionTokens tokens, RadTexModel model,
        CaptionDirections directions = CaptionDirections.Both, Device? device = null)
    {
        (this.configuration, this.dataset, this.tokens, Captioner) = (configuration, dataset, tokens, model);
        (this.directions, this.device) = (directions, device ?? CPU);
        var training = configuration.Training;
        Sampler = new(
            PatientFraction.Take(dataset, tokens.IndicesOf(dataset, Split.Train), training.Fraction, training.Seed), training.BatchSize,
            training.Seed, training.DropLast);
        if (!training.ExactGradient && model.Compute == ScalarType.BFloat16 && this.device.type == DeviceType.CPU
            && model.Configuration.VocabularySize >= WordBlocks.LeastWords)
            blocks = WordBlocks.ByFrequency(tokens.Count(Sampler.Epoch(0), model.Configuration.VocabularySize));
        images = new(dataset, configuration.Input, configuration.Augmentation, training.Seed);
        if (tokens.IndicesOf(dataset, Split.Validate) is { Count: > 0 } heldOut)
            validation = new(dataset, tokens, images, heldOut, Math.Min(training.BatchSize / training.Groups, 64), this.device);
    }

    /// <inheritdoc/>
    public override string Name => "pretraining";

    /// <inheritdoc/>
    public override nn.Module Model => Captioner;

    /// <summary>The model that learns; owned by the task.</summary>
    public RadTexModel Captioner { get; }

    /// <inheritdoc/>
    public override EpochSampler Sampler { get; }

    /// <inheritdoc/>
    public override int? Groups => configuration.Training.Groups;

    /// <summary>A model with fresh weights that follow from the seed.</summary>
    public static RadTexModel CreateModel(PretrainingConfiguration configuration, ModelConfiguration network, Device? device = null) =>
        CreateModel(configuration, network, device, null);

    internal static RadTexModel CreateModel(
        PretrainingConfiguration configuration, ModelConfiguration network, Device? device, SharedParts? shared)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)configuration.Training.Seed);
        var model = new RadTexModel(
            network, configuration.ForDevice(device ?? CPU).Training.Precision == Precision.Bf16 ? ScalarType.BFloat16 : null, generator,
            shared);
        if (device is not null) model.to(device);
        scope.Detach(model.parameters().Cast<Tensor>().Concat(model.buffers()));
        return model;
    }

    /// <summary>By tokens: parts of equal numbers of radiographs take nearly the same time.</summary>
    public override IReadOnlyList<int> Deal(IReadOnlyList<int> batch, int parts) => BalancedParts.Deal(batch, parts, i => tokens[i].Length);

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterGroup> MakeGroups() =>
        ParameterGroup.ForCaptioning(
            Captioner, configuration.Optimizer.VisualRate, configuration.Optimizer.TextualRate, configuration.Optimizer.WeightDecay);

    /// <inheritdoc/>
    public override CaptioningPart Prepare(PartOfBatch part) => new(
        DeviceTransfer.Staged(images.TrainingViews(part.Radiographs, part.Step), device), Pack(part));

    /// <inheritdoc/>
    public override LossTerms Loss(CaptioningPart data, PartOfBatch part)
    {
        var features = Captioner.Encode(DeviceTransfer.To(data.Images, device));
        return Loss(features, data.Captions, part);
    }

    TrainingTask IEncodedTask.Task => this;

    SharedParts IEncodedTask.Shared => Captioner.Shared;

    IDisposable IEncodedTask.PrepareTexts(PartOfBatch part) => Pack(part);

    LossTerms IEncodedTask.Loss((Tensor Features, Tensor Pooled) encoded, IDisposable texts, PartOfBatch part) =>
        Loss(encoded.Features, (CaptionBatch)texts, part);

    (string Group, double LearningRate, double WeightDecay) IEncodedTask.GroupOf(string parameter) => ParameterGroup.OfCaptioning(
        parameter, configuration.Optimizer.VisualRate, configuration.Optimizer.TextualRate, configuration.Optimizer.WeightDecay);

    private CaptionBatch Pack(PartOfBatch part) => CaptionBatch.Pack([.. part.Radiographs.Select(i => tokens[i])], device);

    private LossTerms Loss(Tensor features, CaptionBatch captions, PartOfBatch part)
    {
        double share = 1.0 / part.Count;
        bool isWhole = part.Step % WordBlocks.WholeEvery == 0;
        var skips = isWhole ? null : blocks;
        var loss = directions == CaptionDirections.Forward
            ? CaptioningLoss.OfForward(
                Captioner, Captioner.DecodeForward(Captioner.Textual.Project(features), captions), captions, share, skips)
            : CaptioningLoss.Of(Captioner, Captioner.Decode(features, captions), captions, share, skips);
        using Scalar parts = part.Count;
        return new(
            loss.Loss!, [("forward", loss.ForwardMean.div(parts)), ("backward", loss.BackwardMean.div(parts))], captions.Count,
            blocks is null ? null : Skipped(share));
    }

    // The share of words skipped, the largest part of a token's probability among them, and what that bounds: |Δdh| of a loss of factor 1.
    private IReadOnlyList<(string Name, double Value)> Skipped(double share)
    {
        var (words, probability) = blocks!.TakeSkipped();
        return
        [
            ("skipped_words", words * share), ("skipped_probability", probability * share),
            ("gradient_bound", probability * blocks.LargestNorm * share),
        ];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> StudyIds(IReadOnlyList<int> radiographs) => dataset.StudyIds(radiographs);

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, double Value)> Validate(CancellationToken cancellation) =>
        validation?.Measure(Captioner, cancellation) ?? [];
}
