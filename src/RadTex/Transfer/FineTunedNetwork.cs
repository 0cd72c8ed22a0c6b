using RadTex.Checkpoints;
using RadTex.Data;
using RadTex.Models;
using RadTex.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Transfer;

/// <summary>
/// An encoder with a linear layer, trained whole on labelled radiographs: one rate for both, batch norm in training mode (VirTex),
/// affine views, one a step. Initial layer, order and views follow from the seed.
/// </summary>
internal sealed class FineTunedNetwork : IDisposable
{
    private readonly EncoderSource start;
    private readonly FineTuningOptions options;
    private readonly LabelObjective objective;

    /// <param name="start">Where the encoder begins; copied, not changed.</param>
    /// <param name="dataset">Holds the examples.</param>
    /// <param name="examples">Their indices and classes.</param>
    /// <param name="classCount">C.</param>
    /// <param name="recipe">Optimiser, rate, epochs and batch.</param>
    /// <param name="seed">Of the linear layer, the order and the views.</param>
    /// <param name="options">Augmentation, type and device.</param>
    internal FineTunedNetwork(
        EncoderSource start, PreparedDataset dataset, IReadOnlyList<(int Index, int Class)> examples, int classCount, PaperRecipe recipe, long seed, FineTuningOptions options)
    {
        (this.start, this.options, Recipe, Seed, ClassCount) = (start, options, recipe, seed, classCount);
        var input = start.Input();
        int batch = Math.Min(recipe.BatchSize, examples.Count), last = examples.Count % batch;
        if (ResNet.LastStageValues(last == 0 ? batch : last, input.ImageSize, input.ImageSize) < 2)
            throw new UserErrorException($"Batch norm cannot train on one radiograph of {input.ImageSize} x {input.ImageSize} pixels, the last batch of {examples.Count:N0} examples. Take larger images or another batch size.");
        using var generator = new Generator((ulong)seed);
        var encoder = new ResNet(start.Card.Architecture, start.Card.Channels, start.Card.Width);
        ModuleWeights.Load(encoder, ModuleWeights.Of(start.Encoder).ToDictionary(t => t.Name, t => t.Tensor), start.Name);
        var classifier = new ImageClassifier(encoder, classCount == 2 ? 1 : classCount, generator);
        var device = options.Device ?? CPU;
        classifier.to(device);
        var targets = new LabelTargets(
            [.. Enumerable.Range(0, classCount == 2 ? 1 : classCount).Select(c => $"{c}")], classCount > 2,
            examples.ToDictionary(e => e.Index, e => (IReadOnlyList<float?>)[e.Class]));
        objective = new(
            classifier, dataset, new RadiographBatches(dataset, input, options.Augmentation ?? new(), seed, workers: 1),
            new EpochSampler([.. examples.Select(e => e.Index)], batch, seed, dropLast: false), targets,
            model => ParameterGroup.Group(model, _ => ("network", recipe.LearningRate, 0)), FeatureExtractor.ComputeType(options.BFloat16, device), device);
    }

    internal PaperRecipe Recipe { get; }

    internal long Seed { get; }

    internal int ClassCount { get; }

    internal ImageClassifier Classifier => objective.Classifier;

    /// <summary>Trains to the end, from the run's checkpoint where it has one.</summary>
    /// <exception cref="DivergenceException">The loss is no number.</exception>
    internal void Train(RunFolder? run, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        int every = (int)Math.Clamp(options.CheckpointEvery / Recipe.BatchSize, 1, int.MaxValue);
        var log = new LogSettings(CheckpointEverySteps: every, KeepCheckpoints: 1, ValidateEveryEpochs: 0);
        TrainingLoop.Run(objective, new LoopSettings(Recipe.Settings, log, Recipe.Epochs, Seed, FirstUpdateMoves: Recipe.FirstUpdateMoves), run, progress, cancellation: cancellation);
    }

    /// <summary>The trained encoder's hash, and probabilities of radiographs in evaluation mode, centre views: [n] of class 1, or [n, C].</summary>
    internal (string EncoderSha256, double[] Probabilities) Test(PreparedDataset dataset, IReadOnlyList<int> indices, CancellationToken cancellation)
    {
        var trained = EncoderSource.Of($"{start.Name}, fine-tuned", Classifier.Encoder, start.Card with { WeightsSha256 = "" });
        var features = new FeatureExtractor(trained, options.BFloat16, options.Device, options.EvaluationBatch).Extract(dataset, indices, cancellation: cancellation);
        var (weight, bias) = Classifier.Head;
        double[] Values(Tensor tensor)
        {
            using var scope = NewDisposeScope();
            return tensor.detach().cpu().to(ScalarType.Float64).data<double>().ToArray();
        }
        return (trained.Card.WeightsSha256, new LinearHead(ClassCount, features.Width, Values(weight), Values(bias)).Probabilities(features));
    }

    public void Dispose() => objective.Dispose();
}
