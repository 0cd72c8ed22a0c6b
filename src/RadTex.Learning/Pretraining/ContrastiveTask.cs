using RadTex.Learning.Models;
using RadTex.Learning.Training;
using RadTex.Studies;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>
/// Contrastive pretraining (<see cref="ContrastiveLoss"/>): the pairings are those of a part of the batch, and the loss is the mean over parts; or
/// those of the whole batch. Two studies of one text are negatives of each other, as in the papers.
/// </summary>
public sealed class ContrastiveTask : TrainingTask<CaptioningPart>, IEncodedTask, IWholeBatchTask<CaptioningPart>
{
    private readonly PretrainingInputs inputs;
    private readonly ContrastiveObjective objective;
    private readonly PairedTexts texts;
    private readonly RadiographBatches images;
    private readonly ContrastiveModel model;
    private readonly IReadOnlyList<int> heldOut;

    /// <exception cref="UserErrorException">The training split makes no batch, or its radiographs are too small.</exception>
    internal ContrastiveTask(PretrainingInputs inputs, ContrastiveObjective objective, PairedTexts texts, ContrastiveModel model)
    {
        (this.inputs, this.objective, this.texts, this.model) = (inputs, objective, texts, model);
        var (configuration, dataset) = (inputs.Configuration, inputs.Dataset);
        var training = configuration.Training;
        Sampler = new(
            PatientFraction.Take(dataset, texts.IndicesOf(dataset, Split.Train), training.Fraction, training.Seed), training.BatchSize,
            training.Seed, training.DropLast);
        images = new(dataset, configuration.Input, configuration.Augmentation, training.Seed);
        heldOut = texts.IndicesOf(dataset, Split.Validate);
        if (PairedAtOnce < 2)
            throw new UserErrorException(
                $"A part of {training.BatchSize / training.Groups} radiograph has no other pairing to be told from: expected 2 or more. Set "
                    + "training.batch_size higher, or training.groups lower.");
    }

    private int PairedAtOnce =>
        inputs.Configuration.Training.BatchSize / (objective.Pairs == PairScope.Batch ? 1 : inputs.Configuration.Training.Groups);

    /// <inheritdoc/>
    public override string Name => "pretraining";

    /// <inheritdoc/>
    public override nn.Module Model => model;

    /// <inheritdoc/>
    public override EpochSampler Sampler { get; }

    /// <inheritdoc/>
    public override int? Groups => inputs.Configuration.Training.Groups;

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterGroup> MakeGroups() => ParameterGroup.Group(model, GroupOf);

    /// <inheritdoc/>
    public override CaptioningPart Prepare(PartOfBatch part) => new(
        DeviceTransfer.Staged(images.TrainingViews(part.Radiographs, part.Step), inputs.Device), Pack(part.Radiographs, part.Step));

    /// <inheritdoc/>
    public override LossTerms Loss(CaptioningPart data, PartOfBatch part)
    {
        using var pictures = model.Embed(DeviceTransfer.To(data.Images, inputs.Device));
        return Loss(pictures, data.Captions, part);
    }

    bool IWholeBatchTask<CaptioningPart>.ComparesWholeBatch => objective.Pairs == PairScope.Batch;

    Tensor IWholeBatchTask<CaptioningPart>.Embed(CaptioningPart data)
    {
        using var scope = NewDisposeScope();
        return cat([model.Embed(DeviceTransfer.To(data.Images, inputs.Device)), model.Embed(data.Captions)], 1).MoveToOuterDisposeScope(); // [b, 2W]
    }

    LossTerms IWholeBatchTask<CaptioningPart>.Loss(Tensor embeddings)
    {
        var (loss, terms) = LossOf(embeddings.narrow(1, 0, model.Projection), embeddings.narrow(1, model.Projection, model.Projection));
        return new(loss, [.. terms.Select(t => (t.Name, t.Value.detach()))]);
    }

    TrainingTask IEncodedTask.Task => this;

    SharedParts IEncodedTask.Shared => model.Shared;

    IDisposable IEncodedTask.PrepareTexts(PartOfBatch part) => Pack(part.Radiographs, part.Step);

    LossTerms IEncodedTask.Loss((Tensor Features, Tensor Pooled) encoded, IDisposable texts, PartOfBatch part) =>
        Loss(model.Project(encoded.Pooled), (CaptionBatch)texts, part);

    (string Group, double LearningRate, double WeightDecay) IEncodedTask.GroupOf(string parameter) => GroupOf(parameter);

    private (string Group, double LearningRate, double WeightDecay) GroupOf(string name)
    {
        var optimizer = inputs.Configuration.Optimizer;
        return name.StartsWith("visual.", StringComparison.Ordinal) ? ("visual", optimizer.VisualRate, optimizer.WeightDecay)
            : IsDecayed(name) ? ("textual", optimizer.TextualRate, optimizer.WeightDecay) : ("textual_undecayed", optimizer.TextualRate, 0);
    }

    private LossTerms Loss(Tensor pictures, CaptionBatch captions, PartOfBatch part)
    {
        using var scope = NewDisposeScope();
        using Scalar share = 1.0 / part.Count;
        var (loss, terms) = LossOf(pictures, model.Embed(captions));
        return new(
            loss.mul(share).MoveToOuterDisposeScope(),
            [.. terms.Select(t => (t.Name, t.Value.detach().mul(share).MoveToOuterDisposeScope()))]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> StudyIds(IReadOnlyList<int> radiographs) => inputs.Dataset.StudyIds(radiographs);

    /// <summary>The mean loss of held-out batches, and how often a radiograph's own text is the nearest of its batch's.</summary>
    public override IReadOnlyList<(string Name, double Value)> Validate(CancellationToken cancellation)
    {
        int size = PairedAtOnce;
        int[][] batches = [.. heldOut.Chunk(size).Where(b => b.Length == size || heldOut.Count < size).Where(b => b.Length > 1)];
        if (batches.Length == 0) return [];
        using var _ = no_grad();
        model.eval();
        RequireTemperature();
        double sum = 0, found = 0;
        foreach (var batch in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var captions = Pack(batch, step: 0);
            var (pictures, words) = (model.Embed(images.CentreViews(batch).to(inputs.Device)), model.Embed(captions));
            sum += LossOf(pictures, words).Loss.to(ScalarType.Float64).item<double>();
            var nearest = nn.functional.normalize(pictures).matmul(nn.functional.normalize(words).t()).argmax(1).cpu(); // [B]
            found += nearest.data<long>().ToArray().Where((place, i) => place == i).Count() / (double)batch.Length;
        }
        return [("contrastive", sum / batches.Length), ("recall_at_1", found / batches.Length)];
    }

    private void RequireTemperature()
    {
        double scale = Math.Exp(model.LogScale.to(ScalarType.Float64).item<double>());
        if (scale is not (> 1e-3 and < 1e3))
            throw new DivergenceException(
                $"The learned temperature ran off: cosines are multiplied by {scale:0.###e+0}, expected 0.001 to 1,000. Lower "
                    + "optimizer.textual_rate, or take objective.form=softmax.");
    }

    // Of norms and biases nothing is taken away, nor of the temperature and its bias.
    private static bool IsDecayed(string name) =>
        name.EndsWith("weight", StringComparison.Ordinal) && !name.Contains("norm", StringComparison.Ordinal);

    private CaptionBatch Pack(IReadOnlyList<int> radiographs, long step) => CaptionBatch.PackWhole(
        [.. radiographs.Select(i => texts.At(i, inputs.Configuration.Training.Seed, step))], inputs.Device);

    // Terms add up to the loss.
    private (Tensor Loss, IReadOnlyList<(string Name, Tensor Value)> Terms) LossOf(Tensor pictures, Tensor words)
    {
        if (objective.Form == ContrastiveForm.Sigmoid)
        {
            var sigmoid = ContrastiveLoss.Sigmoid(pictures, words, model.LogScale, model.Bias);
            return (sigmoid, [("sigmoid", sigmoid)]);
        }
        var (loss, toText, toImage) = ContrastiveLoss.Softmax(pictures, words, objective.Temperature, objective.ImageWeight);
        using Scalar ofText = objective.ImageWeight, ofImage = 1 - objective.ImageWeight;
        return (loss, [("image_to_text", toText.mul(ofText)), ("text_to_image", toImage.mul(ofImage))]);
    }
}
