using RadTex.Learning.Models;
using RadTex.Learning.Training;
using RadTex.Studies;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>
/// Masked words (VirTex's masked language task): the loss is the mean over the hidden words of a part of the batch, and of a batch the mean over
/// parts. Which words are hidden follows from seed, step and radiograph.
/// </summary>
public sealed class MaskedWordsTask : TrainingTask<MaskedWordsPart>, IEncodedTask
{
    private const ulong HidingStream = 0x4D61736B; // "Mask"

    private readonly PretrainingInputs inputs;
    private readonly MaskedWordsObjective objective;
    private readonly CaptionTokens tokens;
    private readonly RadiographBatches images;
    private readonly MaskedWordsModel model;
    private readonly IReadOnlyList<int> heldOut;
    private readonly int[]? partners;

    /// <exception cref="UserErrorException">The training split makes no batch, or its radiographs are too small.</exception>
    internal MaskedWordsTask(PretrainingInputs inputs, MaskedWordsObjective objective, CaptionTokens tokens, MaskedWordsModel model)
    {
        (this.inputs, this.objective, this.tokens, this.model) = (inputs, objective, tokens, model);
        var (configuration, dataset) = (inputs.Configuration, inputs.Dataset);
        var training = configuration.Training;
        Sampler = new(
            PatientFraction.Take(dataset, tokens.IndicesOf(dataset, Split.Train), training.Fraction, training.Seed), training.BatchSize,
            training.Seed, training.DropLast);
        images = new(dataset, configuration.Input, configuration.Augmentation, training.Seed);
        heldOut = tokens.IndicesOf(dataset, Split.Validate);
        partners = heldOut.Count > 0 ? CaptioningValidation.Partners(heldOut, dataset.Studies.StudyOf) : null;
    }

    /// <inheritdoc/>
    public override string Name => "pretraining";

    /// <inheritdoc/>
    public override nn.Module Model => model;

    /// <inheritdoc/>
    public override EpochSampler Sampler { get; }

    /// <inheritdoc/>
    public override int? Groups => inputs.Configuration.Training.Groups;

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterGroup> MakeGroups()
    {
        var optimizer = inputs.Configuration.Optimizer;
        return ParameterGroup.ForCaptioning(model, optimizer.VisualRate, optimizer.TextualRate, optimizer.WeightDecay);
    }

    /// <inheritdoc/>
    public override MaskedWordsPart Prepare(PartOfBatch part) => MaskedWordsPart.Of(
        DeviceTransfer.Staged(images.TrainingViews(part.Radiographs, part.Step), inputs.Device),
        [.. part.Radiographs.Select(i => Hide(i, part.Step))], inputs.Device);

    /// <inheritdoc/>
    public override LossTerms Loss(MaskedWordsPart data, PartOfBatch part) =>
        Loss(model.Encode(DeviceTransfer.To(data.Images, inputs.Device)), data, part);

    TrainingTask IEncodedTask.Task => this;

    SharedParts IEncodedTask.Shared => model.Shared;

    IDisposable IEncodedTask.PrepareTexts(PartOfBatch part) =>
        MaskedWordsPart.Of(empty(0), [.. part.Radiographs.Select(i => Hide(i, part.Step))], inputs.Device); // the images are the sum's

    LossTerms IEncodedTask.Loss((Tensor Features, Tensor Pooled) encoded, IDisposable texts, PartOfBatch part) =>
        Loss(encoded.Features, (MaskedWordsPart)texts, part);

    (string Group, double LearningRate, double WeightDecay) IEncodedTask.GroupOf(string parameter) => ParameterGroup.OfCaptioning(
        parameter, inputs.Configuration.Optimizer.VisualRate, inputs.Configuration.Optimizer.TextualRate,
        inputs.Configuration.Optimizer.WeightDecay);

    private LossTerms Loss(Tensor features, MaskedWordsPart data, PartOfBatch part)
    {
        long words = data.Words.shape[0];
        var hidden = model.Hidden(features, data.Texts, data.Rows);
        var (loss, losses) = model.Loss(hidden, data.Words, 1.0 / part.Count / words);
        using Scalar parts = part.Count;
        return new(loss, [("masked", losses.to(ScalarType.Float64).mean().div(parts))], words);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> StudyIds(IReadOnlyList<int> radiographs) => inputs.Dataset.StudyIds(radiographs);

    /// <summary>The mean loss of held-out texts' hidden words, the same ones each time, with their own radiograph and with another study's.</summary>
    public override IReadOnlyList<(string Name, double Value)> Validate(CancellationToken cancellation)
    {
        if (heldOut.Count == 0) return [];
        using var _ = no_grad();
        model.eval();
        double own = 0, shuffled = 0;
        long words = 0;
        int size = Math.Min(inputs.Configuration.Training.BatchSize / inputs.Configuration.Training.Groups, 64);
        foreach (int[] places in Enumerable.Range(0, heldOut.Count).Chunk(size))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var features = model.Encode(images.CentreViews([.. places.Select(p => heldOut[p])]).to(inputs.Device));
            double Sum(IEnumerable<int> of)
            {
                using var data = MaskedWordsPart.Of(empty(0), [.. of.Select(p => Hide(heldOut[p], step: 0))], inputs.Device);
                words += data.Words.shape[0];
                return model.Losses(model.Hidden(features, data.Texts, data.Rows), data.Words).to(ScalarType.Float64).sum().item<double>();
            }
            if (partners is not null) shuffled += Sum(places.Select(p => partners[p]));
            own += Sum(places);
        }
        // Each text is paired once with its own radiograph and once with another.
        return partners is null ? [("masked", own / words)] : [("masked", own / words * 2), ("shuffled_masked", shuffled / words * 2)];
    }

    private MaskedText Hide(int radiograph, long step) => MaskedText.Hide(
        tokens[radiograph], objective, inputs.Vocabulary!,
        new(CounterRandom.Hash((ulong)inputs.Configuration.Training.Seed, (ulong)step, HidingStream), (ulong)radiograph));
}
