using RadTex.Data;
using RadTex.Heads;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Transfer;

/// <summary>
/// An encoder with a linear layer, trained whole on labelled radiographs, affine views, one a step. By the paper's recipe: one rate for both, batch
/// norm in training mode (VirTex). Initial layer, order and views follow from the seed.
/// </summary>
internal sealed class FineTunedNetwork : IDisposable
{
    private const double LeastBias = -1e4; // probability 0, of a class that no example shows: minus infinity less itself is no number

    private readonly EncoderSource start;
    private readonly FineTuningOptions options;
    private readonly LabelTask task;
    private readonly NetworkExamples examples;
    private readonly CounterRandom folds;

    /// <param name="start">Where the encoder begins; copied, not changed.</param>
    /// <param name="examples">What it is trained on.</param>
    /// <param name="recipe">Optimiser, rates, epochs and batch.</param>
    /// <param name="seed">Of the linear layer, the order and the views.</param>
    /// <param name="folds">Orders patients for the folds of a frozen head to start from; not read by other recipes.</param>
    /// <param name="options">Augmentation, type and device.</param>
    internal FineTunedNetwork(
        EncoderSource start, NetworkExamples examples, IFineTuningRecipe recipe, long seed, CounterRandom folds, FineTuningOptions options)
    {
        (this.start, this.examples, this.folds, this.options, Recipe, Seed) = (start, examples, folds, options, recipe, seed);
        var (dataset, labelled, classCount) = examples;
        var input = start.Input();
        int batch = Math.Min(recipe.BatchSize, examples.Count), last = examples.Count % batch;
        if (!recipe.KeepsStatistics && !start.Encoder.CanTrainOn(last == 0 ? batch : last, input.ImageSize, input.ImageSize))
            throw new UserErrorException(
                $"Batch norm cannot train on one radiograph of {input.ImageSize} x {input.ImageSize} pixels, the last batch of "
                    + $"{examples.Count:N0} examples. Take larger images or another batch size.");
        using var generator = new Generator((ulong)seed);
        var encoder = Encoders.Create(start.Encoder.Spec);
        ModuleWeights.Load(encoder, ModuleWeights.Of(start.Encoder).ToDictionary(t => t.Name, t => t.Tensor), start.Name);
        encoder.KeepsStatistics = recipe.KeepsStatistics;
        var classifier = new ImageClassifier(encoder, classCount == 2 ? 1 : classCount, generator);
        var device = options.Compute.TorchDevice;
        classifier.to(device);
        var targets = new LabelTargets(
            [.. Enumerable.Range(0, classCount == 2 ? 1 : classCount).Select(c => $"{c}")], classCount > 2,
            labelled.ToDictionary(e => e.Index, e => (IReadOnlyList<float?>)[e.Class]));
        task = new(
            classifier, dataset, new RadiographBatches(dataset, input, options.Augmentation ?? new(), seed, workers: 1),
            new EpochSampler(examples.Indices, batch, seed, dropLast: false), targets,
            model => ParameterGroup.Group(model, name => recipe.EncoderRate == recipe.LayerRate ? ("network", recipe.EncoderRate, 0)
                : name.StartsWith("cnn.", StringComparison.Ordinal) ? ("encoder", recipe.EncoderRate, 0) : ("layer", recipe.LayerRate, 0)),
            (options.Compute.Precision.TypeOn(device), device));
    }

    internal IFineTuningRecipe Recipe { get; }

    internal long Seed { get; }

    internal int ClassCount => examples.ClassCount;

    internal ImageClassifier Classifier => task.Classifier;

    /// <summary>Trains to the end, from the run's checkpoint where it has one.</summary>
    /// <exception cref="DivergenceException">The loss is no number.</exception>
    internal void Train(RunFolder? run, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        if (Recipe.StartsFromFrozenHead) StartFromFrozenHead(cancellation);
        int every = (int)Math.Clamp(options.CheckpointEvery / Recipe.BatchSize, 1, int.MaxValue);
        var log = new LogSettings(CheckpointEverySteps: every, KeepCheckpoints: 1, ValidateEveryEpochs: 0);
        TrainingLoop.Run(
            task, new LoopSettings(Recipe.Settings, log, Recipe.Epochs, Seed, FirstUpdateMoves: Recipe.FirstUpdateMoves), run, progress,
            cancellation: cancellation);
    }

    /// <summary>
    /// Makes the network the frozen classifier of these examples: the linear layer becomes the logistic head of the encoder's features.
    /// </summary>
    internal void StartFromFrozenHead(CancellationToken cancellation)
    {
        var source = EncoderSource.Of(start.Name, Classifier.Encoder, start.Card); // the classifier's, not to be disposed of
        var features = new FeatureExtractor(source, options.Compute)
            .Extract(examples.Dataset, examples.Indices, cancellation: cancellation);
        var (head, _, _, _) = LogisticHead
            .Fit(features, [.. Enumerable.Range(0, examples.Count)], examples.Classes, ClassCount, folds);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (weight, bias) = Classifier.Head;
        weight.copy_(tensor(head.Weights, weight.shape));
        bias.copy_(tensor(Array.ConvertAll(head.Biases, b => Math.Max(b, LeastBias))));
    }

    /// <summary>How far the encoder is from where it started.</summary>
    internal MovedWeights Moved() => MovedWeights.Between(start.Encoder, Classifier.Encoder);

    /// <summary>The trained encoder's hash, and probabilities of radiographs in evaluation mode, centre views: [n] of class 1, or [n, C].</summary>
    internal (string EncoderSha256, double[] Probabilities) Test(PreparedDataset dataset, IReadOnlyList<int> indices, CancellationToken cancellation)
    {
        var trained = EncoderSource.Of($"{start.Name}, fine-tuned", Classifier.Encoder, start.Card with { WeightsSha256 = "" });
        var features = new FeatureExtractor(trained, options.Compute)
            .Extract(dataset, indices, cancellation: cancellation);
        return (trained.Card.WeightsSha256, Head().Probabilities(features));
    }

    /// <summary>The linear layer as a head on the encoder's features.</summary>
    internal LinearHead Head()
    {
        var (weight, bias) = Classifier.Head;
        double[] Values(Tensor tensor)
        {
            using var scope = NewDisposeScope();
            return tensor.detach().cpu().to(ScalarType.Float64).data<double>().ToArray();
        }
        return new(ClassCount, Classifier.Encoder.FeatureWidth, Values(weight), Values(bias));
    }

    public void Dispose() => task.Dispose();
}
