using RadTex.Heads;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Transfer;

namespace RadTex.Experiments.Sweeps;

/// <summary>One way to start a classifier, a line of the paper's Figure 2: where its weights come from and how they are used.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="FineTunes">Whether encoder and linear layer are trained together; else heads on the frozen encoder.</param>
/// <param name="Encoders">Encoder folders, random:resnet18[:WIDTH], or <see cref="View"/>, the radiograph's view in place of features: trial i takes
/// the i-th (from the start again when they end); random weights are those of seed + i.</param>
/// <param name="Recipe">Rate, epochs and batch of the paper's head or of fine-tuning.</param>
/// <param name="Examples">Numbers of labels for this one; null for the sweep's.</param>
/// <param name="Trials">Trials of this one; null for the sweep's.</param>
/// <param name="Heads">Frozen: which heads.</param>
/// <param name="Batches">Frozen: further batches for the paper's head, to see what the batch that the paper does not state does.</param>
/// <param name="Candidates">Fine-tuning: validation data choose among these, as many for every side that is compared.</param>
/// <param name="HasControls">Frozen: also heads on shuffled labels and on the view as a label.</param>
/// <param name="Missing">Why it cannot be run, such as "no weights given"; null where it can.</param>
/// <param name="Part">The part of the pretraining patients that its encoders learnt from; null where that means nothing.</param>
public sealed record SweepInitialisation(
    string Name, bool FineTunes, IReadOnlyList<string> Encoders, PaperRecipe Recipe, IReadOnlyList<int?>? Examples = null, int? Trials = null,
    IReadOnlyList<HeadKind>? Heads = null, IReadOnlyList<int>? Batches = null, IReadOnlyList<PaperRecipe>? Candidates = null,
    bool HasControls = false,
    string? Missing = null, double? Part = null)
{
    /// <summary>In place of an encoder: the view of a radiograph, one-hot.</summary>
    public const string View = "view";

    /// <summary>The name of the row that every sweep has: how far the view alone comes.</summary>
    public const string ViewOnlyName = "View only";

    /// <summary>In place of a head's name: findings told by the texts of a pretraining, without any label.</summary>
    public const string ZeroShot = "zero-shot";

    /// <summary>Frozen: which heads; the paper's and logistic regression where nothing is said.</summary>
    public IReadOnlyList<HeadKind> Heads { get; init; } = Heads ?? [HeadKind.Paper, HeadKind.Logistic];

    /// <summary>Whether it is a side of a comparison, which is to have as many candidates as the others; false for ablations and parts.</summary>
    public bool IsCompared { get; init; } = true;

    /// <summary>In which directions the runs that made its encoders are asked without any label; null where they are not.</summary>
    internal CaptionDirections? AsksTexts { get; init; }

    /// <summary>Whether it looks at no picture.</summary>
    public bool IsViewOnly => Encoders is [View];

    /// <summary>The head its main line shows: the paper's way where it has it.</summary>
    public HeadKind MainHead => FineTunes ? HeadKind.FineTuned : Heads.Contains(HeadKind.Paper) ? HeadKind.Paper : Heads[0];

    /// <summary>The row that every sweep has, on the draws that the others have.</summary>
    internal static SweepInitialisation ViewOnly(IReadOnlyList<int?> examples, int trials) =>
        new(ViewOnlyName, false, [View], PaperRecipe.Frozen, examples, trials, [HeadKind.Logistic]);

    /// <summary>The encoder a trial takes.</summary>
    internal string Encoder(int trial) => Encoders[trial % Encoders.Count];
}
