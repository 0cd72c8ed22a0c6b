using System.Text.Json;
using RadTex.Experiments.Sweeps;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Training;
using RadTex.Learning.Transfer;
using RadTex.Learning.ZeroShot;

namespace RadTex.Experiments.Reproduction;

/// <summary>A line of the tables.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Mode">What is trained.</param>
/// <param name="Encoder">An encoder's folder, random:NAME[:WIDTH], or view: nothing but the radiograph's view.</param>
/// <param name="Pretraining">One of the pretrainings, in place of <paramref name="Encoder"/>. With neither the row says "n/a: no weights
/// given".</param>
/// <param name="PaperRow">The row of the paper's Table 1 it stands beside: random, imagenet, cxr14, radtex-frozen, radtex-unfrozen.</param>
/// <param name="Role">What it stands for in the claims.</param>
/// <param name="Rate">The highest rate; null for the paper's.</param>
/// <param name="Epochs">Null for the paper's.</param>
/// <param name="Optimizer">The paper's is SGD.</param>
/// <param name="Batch">Radiographs an update.</param>
/// <param name="Examples">Numbers of labels for this row, "all" among them; null for the sweep's.</param>
/// <param name="Trials">Null for the sweep's.</param>
/// <param name="Candidates">Optimisers and rates to choose among on validation data, such as "sgd:0.02".</param>
/// <param name="Batches">Further batches: of the paper's head, or of fine-tuning, where each is a row of its own, "NAME, batch B".</param>
/// <param name="Controls">Negative controls beside it.</param>
/// <param name="Protocols">Only under these protocols; null for all.</param>
public sealed record InitialisationSettings(
    string Name, RowMode Mode = RowMode.Frozen, string? Encoder = null, string? Pretraining = null, string? PaperRow = null,
    RowRole Role = RowRole.Ablation,
    double? Rate = null, int? Epochs = null,
    OptimizerKind Optimizer = OptimizerKind.Sgd, int Batch = 128, IReadOnlyList<JsonElement>? Examples = null, int? Trials = null,
    IReadOnlyList<string>? Candidates = null,
    IReadOnlyList<int>? Batches = null, bool Controls = false, IReadOnlyList<string>? Protocols = null)
{
    /// <summary>The row that every sweep adds to those of a configuration.</summary>
    internal static InitialisationSettings ViewOnly
    {
        get;
    } = new(SweepInitialisation.ViewOnlyName, Encoder: SweepInitialisation.View, Role: RowRole.View);

    /// <summary>The settings of a sweep's row, the view's among them.</summary>
    internal static InitialisationSettings Named(IReadOnlyList<InitialisationSettings> rows, string name) =>
        rows.FirstOrDefault(r => r.Name == name) ?? ViewOnly;

    /// <summary>Whether the weights are fresh.</summary>
    internal bool IsRandom => Encoder is not null && EncoderSource.IsRandomName(Encoder);

    /// <summary>In which directions its pretrainings are asked without any label; null where they are not.</summary>
    internal CaptionDirections? AsksTexts(ReproductionConfiguration configuration) =>
        configuration.Sweep.ZeroShot && Mode == RowMode.Frozen && Pretraining is { } name
            ? TextAffinity.DirectionsOf(configuration.Pretrainings[name].Configuration().Objective) : null;

    /// <summary>Why the row cannot be run; null where it can. A pretraining's encoders are taken to be made.</summary>
    internal string? MissingWeights() =>
        Pretraining is not null || IsRandom || Encoder == SweepInitialisation.View ? null
        : Encoder is not { Length: > 0 } ? "no weights given"
        : Directory.Exists(Encoder) ? null : $"no weights given ({Encoder} is not there)";
}
