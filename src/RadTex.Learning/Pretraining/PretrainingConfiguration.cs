using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Models;
using RadTex.Learning.Training;
using RadTex.Text;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>Everything that decides a pretraining's result but the dataset and the vocabulary.</summary>
/// <param name="Preset">The preset it started from.</param>
/// <param name="Model">The network.</param>
/// <param name="Image">What the encoder sees.</param>
/// <param name="Text">From a report to tokens.</param>
/// <param name="Optimizer">Optimiser and schedule.</param>
/// <param name="Training">Batches and epochs.</param>
/// <param name="Log">What is written down; decides no weight.</param>
public sealed record PretrainingConfiguration(
    string Preset, ModelSettings Model, ImageSettings Image, TextSettings Text, OptimizerSettings Optimizer, TrainingSettings Training,
    LogSettings Log)
{
    private static readonly PretrainingConfiguration Paper = new("paper", new(), new(), new(), new(), new(), new());

    // For real reports on a CPU in hours rather than weeks: a smaller network and image, AdamW for a run of few updates.
    private static readonly PretrainingConfiguration Small = new(
        "small",
        new(Backbone: "resnet18", Hidden: 512, Heads: 8, Feedforward: 2048),
        new(Size: 128, Degrees: 10, Translate: 0.05),
        new(Vocabulary: VocabularyChoice.Any),
        new(OptimizerKind.AdamW, VisualRate: 5e-4, TextualRate: 5e-4, WeightDecay: 0.01, LookaheadSteps: 0),
        new(Epochs: 20, BatchSize: 64, Groups: 1),
        new());

    // For synthetic radiographs in minutes: a narrow ResNet-18 at 96 pixels. Small batches and little augmentation, since what is short is
    // updates: the encoder begins to matter to the loss after some 400 of them, when language alone has nothing left to give.
    private static readonly PretrainingConfiguration Phantom = new(
        "phantom",
        new(Backbone: "resnet18", BackboneWidth: 16, Hidden: 256, Heads: 4, Feedforward: 1024),
        new(Size: 96, Degrees: 5, Translate: 0.03),
        new(Vocabulary: VocabularyChoice.Any, VocabularySize: 2_000),
        new(OptimizerKind.AdamW, VisualRate: 1e-3, TextualRate: 1e-3, WeightDecay: 0.01, LookaheadSteps: 0),
        new(Epochs: 8, BatchSize: 16, Groups: 1),
        new(EverySteps: 10));

    // The paper's text side over a transformer (ViT-S/16), which AdamW trains; its sides are multiples of 16. There are no batch norms to group for.
    private static readonly PretrainingConfiguration PaperVit = Paper with
    {
        Preset = "paper-vit",
        Model = new(Backbone: "vit-small-16"),
        Optimizer = new(OptimizerKind.AdamW, VisualRate: 5e-4, TextualRate: 5e-4, WeightDecay: 0.05, LookaheadSteps: 0, ClipNorm: 1),
        Training = Paper.Training with { Groups = 1 },
    };

    private const string FollowUp = "followup";

    private static readonly Dictionary<string, PretrainingConfiguration> Named = new()
    {
        ["paper"] = Paper,
        ["reading"] = Paper with { Preset = "reading", Training = Paper.Training with { Epochs = 200 } }, // section 3.5
        ["paper-vit"] = PaperVit,
        [FollowUp] = Paper with { Preset = FollowUp, Text = new(MaxTokens: 256) }, // from other weights, longer reports
        // Zhang et al. 2020: Adam 1e-4, batch 32 (their text side is ClinicalBERT, here layers from anew); Zhai et al. 2023 in the same setting.
        ["convirt"] = Contrastive("convirt", new ContrastiveObjective()),
        ["siglip"] = Contrastive("siglip", new ContrastiveObjective(ContrastiveForm.Sigmoid, Text: PairedText.Report)),
        // Yu et al. 2022 weigh captioning twice the contrast.
        ["coca"] = Contrastive("coca", new SummedObjective(
            [new(new CaptioningObjective(CaptionDirections.Forward), 2), new(new ContrastiveObjective(Text: PairedText.Report))])),
        ["small"] = Small,
        ["phantom"] = Phantom,
    };

    private static PretrainingConfiguration Contrastive(string preset, PretrainingObjective objective) => Paper with
    {
        Preset = preset,
        Objective = objective,
        Optimizer = new(OptimizerKind.AdamW, VisualRate: 1e-4, TextualRate: 1e-4, WeightDecay: 1e-6, LookaheadSteps: 0),
        Training = Paper.Training with { BatchSize = 32, Groups = 1 },
    };

    /// <summary>What the encoder is pretrained for.</summary>
    public PretrainingObjective Objective { get; init; } = new CaptioningObjective();

    /// <summary>The weights it begins with.</summary>
    public StartSettings Start { get; init; } = new();

    /// <summary>The names of the presets.</summary>
    public static IReadOnlyCollection<string> PresetNames => Named.Keys;

    /// <summary>A preset, whole.</summary>
    /// <exception cref="UserErrorException">There is none of that name.</exception>
    public static PretrainingConfiguration OfPreset(string name) => Named.TryGetValue(name, out var preset)
        ? preset
        : throw new UserErrorException($"No preset is called '{name}'. Expected {string.Join(", ", PresetNames)}.");

    /// <summary>This configuration with precision "auto" resolved: bfloat16 on a GPU and on processors that compute with it.</summary>
    public PretrainingConfiguration ForDevice(Device device) => this with { Training = Training with { Precision = Training.Precision.On(device) } };

    /// <summary>The network for a vocabulary.</summary>
    public ModelConfiguration ForVocabulary(WordPieceVocabulary vocabulary) => Network(vocabulary.Count, vocabulary.StartId, vocabulary.EndId);

    /// <summary>What the encoder's input is made with.</summary>
    [JsonIgnore]
    public RadiographInput Input => new(Image.Size, Model.Channels, Image.Scaling);

    /// <summary>The random map of training images.</summary>
    [JsonIgnore]
    public AffineAugmentation Augmentation =>
        new(Image.Degrees, Image.Translate, Image.Interpolation);

    /// <summary>What the training loop needs to know.</summary>
    [JsonIgnore]
    public LoopSettings Loop => new(Optimizer, Log, Training.Epochs, Training.Seed, Training.MaxSteps);

    /// <summary>Every value out of range, in words; empty where the configuration is good.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        void Require(bool good, string name, object value, string expected)
        {
            if (!good) faults.Add($"{name} is {value} (expected {expected})");
        }
        faults.AddRange(Network(5, 1, 2).Faults().Select(fault => $"model: {fault}"));
        foreach (var (section, settings) in ((string, object)[])
            [("image", Image), ("text", Text), ("optimizer", Optimizer), ("training", Training), ("log", Log)])
            faults.AddRange(SettingFaults.Of(settings, section));
        Require(
            Image.Scaling != IntensityScaling.ImageNet || Model.Channels == 3, "image.scaling", SettingFaults.Name(Image.Scaling),
            "max, or model.channels 3");
        Require(
            Training.Groups < 1 || Training.BatchSize % Training.Groups == 0, "training.groups", Training.Groups,
            $"a divisor of training.batch_size {Training.BatchSize}");
        Require(Training.Groups == 1 || Training.DropLast, "training.drop_last", "false", "true where training.groups is more than 1");
        Require(Training.Precision != Precision.Fp64, "training.precision", "fp64", "auto, bf16, fp32 or tf32: golden cases alone are float64");
        Require(Start.FrozenEpochs >= 0 && (Start.From.Length > 0 || Start.FrozenEpochs == 0), "start.frozen_epochs", Start.FrozenEpochs,
            "0, or more where start.from names weights");
        Require(Preset != FollowUp || Start.From.Length > 0, "start.from", "''", $"an encoder or a run: the preset {FollowUp} begins with one");
        faults.AddRange(Objective.Faults());
        return faults;
    }

    /// <summary>What a run is bound to: all of this that counts for its objective.</summary>
    internal JsonObject Resolved()
    {
        var tree = JsonSerializer.SerializeToNode(this, JsonFormat.Indented)!.AsObject();
        if (!Objective.ReadsReports) tree.Remove("text");
        if (Start == new StartSettings()) tree.Remove("start");
        if (Training.ExactGradient) tree["training"]!.AsObject().Remove("exact_gradient"); // as runs wrote it that knew no other
        return tree;
    }

    private ModelConfiguration Network(int pieces, int start, int end) => new(
        Model.Backbone, Model.Channels, pieces, Model.Hidden, Model.Layers, Model.Heads, Model.Feedforward, Text.MaxTokens, Model.Dropout,
        WordPieceVocabulary.PadId, start, end, Model.BackboneWidth)
    { ImageSize = Image.Size };
}
