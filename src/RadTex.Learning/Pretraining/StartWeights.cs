using RadTex.Files;
using RadTex.Imaging.Transforms;
using RadTex.Inspection;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models.Encoders;
using RadTex.Prediction;
using RadTex.Text;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>
/// The weights that a pretraining begins with (<see cref="StartSettings"/>): the encoder's, which must fit, and those of a run's text side that do.
/// </summary>
internal sealed class StartWeights : IDisposable
{
    private const string WeightsOfModel = "model.safetensors", Visual = "visual.";

    private readonly StartSettings settings;
    private readonly string folder;
    private readonly string? model;
    private readonly ImageEncoder encoder;

    private StartWeights(StartSettings settings, string folder, string? model, (ImageEncoder Encoder, EncoderCard Card) read) =>
        (this.settings, this.folder, this.model, encoder, Card) = (settings, folder, model, read.Encoder, read.Card);

    /// <summary>What a configuration begins with, and that configuration with the weights' hash in it; null where it begins with nothing.</summary>
    /// <exception cref="UserErrorException">There is no encoder of weights, or it is another, or takes another input.</exception>
    internal static (PretrainingConfiguration Configuration, StartWeights? Weights) Find(PretrainingConfiguration configuration)
    {
        var start = configuration.Start;
        if (start.From.Length == 0) return (configuration, null);
        var run = Path.Combine(start.From, RunLayout.Encoder);
        var folder = !EncoderFolder.IsIn(start.From) && EncoderFolder.IsIn(run) ? run : start.From;
        var model = Path.Combine(start.From, RunLayout.Model);
        bool hasText = folder == run && File.Exists(Path.Combine(model, WeightsOfModel));
        if (!EncoderFolder.IsIn(folder))
            throw new UserErrorException(
                $"start.from is '{start.From}': there is no encoder (expected an encoder's folder or a run that is complete).");
        var hash = (hasText ? FileHash.Sha256(Path.Combine(model, WeightsOfModel)) : EncoderFolder.HashOf(folder))
            ?? throw new UserErrorException(
                $"start.from is '{start.From}', a graph of others, which cannot be trained (expected an encoder of weights).");
        start = start with { WeightsSha256 = hash };
        var weights = new StartWeights(start, folder, hasText ? model : null, EncoderFolder.Read(folder));
        try { weights.Require(configuration); }
        catch
        {
            weights.Dispose();
            throw;
        }
        return (configuration with { Start = start }, weights);
    }

    /// <summary>Of the encoder it begins with.</summary>
    internal EncoderCard Card { get; }

    /// <summary>What that has seen: the encoder that is left has too.</summary>
    internal SeenRadiographs Seen => SeenRadiographs.Read(folder);

    /// <summary>Where it began, for the provenance.</summary>
    internal string Words => $"begun with {Path.GetFileName(Path.TrimEndingDirectorySeparator(settings.From))} (SHA-256 {settings.WeightsSha256})";

    /// <summary>Fills a task's fresh model.</summary>
    internal void Load(PretrainingTask task, WordPieceVocabulary? vocabulary, Action<string> log)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        ModuleWeights.Load(
            task.Encoder, ModuleWeights.Of(encoder).ToDictionary(w => w.Name, w => task.Encoder.Fitted(w.Name, w.Tensor)), folder);
        log($"The encoder begins with the weights of {folder} ({Card.Provenance}).");
        if (model is not null && vocabulary is not null) LoadText(task, vocabulary, log);
    }

    public void Dispose() => encoder.Dispose();

    private void Require(PretrainingConfiguration configuration)
    {
        var (own, found) = (configuration.Model, encoder.Spec);
        if ((own.Backbone, own.BackboneWidth, own.Channels) != (found.Architecture, found.Width, found.Channels))
            throw new UserErrorException(
                $"The encoder in {folder} is a {found.Architecture} of width {found.Width} with {found.Channels} channels; the configuration's is a "
                    + $"{own.Backbone} of width {own.BackboneWidth} with {own.Channels}. Set model.backbone={found.Architecture}, "
                    + $"model.backbone_width={found.Width} and model.channels={found.Channels}, or begin with another.");
        if (Card.Scaling != configuration.Image.Scaling.Name())
            throw new UserErrorException(
                $"The encoder in {folder} was trained on scaling {Card.Scaling}; the configuration's is {configuration.Image.Scaling.Name()}. "
                    + $"Set image.scaling={Card.Scaling}.");
    }
    // All weights of the same name and shape, but the encoder's; of learned positions as many as both have.
    private void LoadText(PretrainingTask task, WordPieceVocabulary vocabulary, Action<string> log)
    {
        if (WordPieceVocabulary.Load(Path.Combine(model!, RunLayout.Vocabulary)).Sha256 != vocabulary.Sha256)
        {
            log($"The text side begins anew: {model} has another vocabulary than this run.");
            return;
        }
        var (weights, _) = SafeTensors.Read(Path.Combine(model!, WeightsOfModel));
        try
        {
            int fitted = 0, all = 0;
            foreach (var (name, tensor) in ModuleWeights.Of(task.Task.Model).Where(w => !w.Name.StartsWith(Visual, StringComparison.Ordinal)))
            {
                all++;
                if (!weights.TryGetValue(name, out var value)) continue;
                bool isSame = value.shape.SequenceEqual(tensor.shape);
                bool isPositions = name.EndsWith(".positions.weight", StringComparison.Ordinal) && value.shape[1] == tensor.shape[1];
                if (!isSame && !isPositions) continue;
                long rows = isSame ? tensor.shape[0] : Math.Min(tensor.shape[0], value.shape[0]);
                tensor.narrow(0, 0, rows).copy_(value.narrow(0, 0, rows));
                fitted++;
            }
            log($"The text side begins with {fitted} of its {all} weights from {model}.");
        }
        finally { foreach (var tensor in weights.Values) tensor.Dispose(); }
    }
}
