using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Training;
using RadTex.Learning.Transfer;
using RadTex.Metrics.Intervals;
using RadTex.Phantoms;
using RadTex.Studies;

namespace RadTex.Experiments;

/// <summary>What the quickstart runs. Heads, epochs, optimisers and findings are fixed here beforehand; nothing is chosen on test data.</summary>
/// <param name="PretrainingCount">Synthetic radiographs with reports to pretrain on.</param>
/// <param name="LabelledCount">Further ones, of other patients, that labels are drawn from and tests are made on.</param>
/// <param name="Seed">The one seed everything follows from.</param>
/// <param name="DrawnSide">Short side of the drawn radiographs, in pixels.</param>
/// <param name="Difficulty">Of the phantoms; below 1 findings are plainer than the default, so that a few minutes of learning show.</param>
/// <param name="PretrainingSteps">Updates of the pretraining; 0 for all epochs of the preset.</param>
/// <param name="RandomEpochs">Epochs of random initialisation; null for the paper's 50.</param>
/// <param name="Trials">Draws of labels; from five on one initialisation may be called ahead.</param>
public sealed record QuickstartSettings(
    int PretrainingCount = 3_600, int LabelledCount = 2_400, long Seed = 0, int DrawnSide = 128, double Difficulty = 0.6, long PretrainingSteps = 0,
    int? RandomEpochs = null,
    int Trials = 5)
{
    /// <summary>The findings that are learnt, from plain to faint: of nine that are drawn.</summary>
    public static IReadOnlyList<string> Findings { get; } =
        [PhantomFinding.Cardiomegaly.Name(), PhantomFinding.Edema.Name(), PhantomFinding.PleuralEffusion.Name(), PhantomFinding.Consolidation.Name()];

    /// <summary>Numbers of labels for heads on a frozen encoder; null for all.</summary>
    public static IReadOnlyList<int?> FrozenExamples { get; } = [10, 30, 100, 300, null];

    /// <summary>Numbers of labels for whole networks from random weights.</summary>
    public static IReadOnlyList<int?> RandomExamples { get; } = [10, 30, 100];

    /// <summary>The number of labels at which initialisations are compared.</summary>
    public const int Compared = 100;

    /// <summary>How the labelled radiographs are split by patient: labels, choice of recipes, test.</summary>
    public static Studies.SplitFractions LabelledSplit { get; } = new(0.5, 0.1, 0.4);

    /// <summary>
    /// The labels of the supervised pretraining: what the reports say of every radiograph, nine findings in a fixed order. It is told no less than
    /// the reports tell but for places and degrees.
    /// </summary>
    public static IReadOnlyList<string> SupervisedLabels => PhantomFindings.Names;

    /// <summary>The recipes among which validation data choose for random initialisation, the paper's first.</summary>
    public static IReadOnlyList<PaperRecipe> Candidates(PaperRecipe paper) =>
        [paper, paper with { LearningRate = 0.02 }, paper with { Optimizer = OptimizerKind.AdamW, LearningRate = 0.001 }];

    /// <summary>These settings, where each is in its range.</summary>
    /// <exception cref="UserErrorException">A count or side out of range.</exception>
    public QuickstartSettings Validated()
    {
        if (PretrainingCount is < 20 or > 100_000)
            throw new UserErrorException($"{PretrainingCount} radiographs to pretrain on: expected 20 to 100,000.");
        if (LabelledCount is < 800 or > 100_000)
            throw new UserErrorException(
                $"{LabelledCount} labelled radiographs: expected 800 to 100,000, of which half are labels to draw and 40% the test.");
        if (Seed is < 0 or > int.MaxValue) throw new UserErrorException($"Seed {Seed}: expected 0 to {int.MaxValue:N0}.");
        if (Trials is < TrialMean.FewestTrials or > 100)
            throw new UserErrorException($"{Trials} draws: expected {TrialMean.FewestTrials} to 100, so that there is an interval.");
        if (PretrainingSteps < 0)
            throw new UserErrorException($"{PretrainingSteps} updates of pretraining: expected 1 or more, or 0 for all epochs.");
        if (RandomEpochs is < 1 or > 1_000_000)
            throw new UserErrorException($"{RandomEpochs} epochs of random initialisation: expected 1 to 1,000,000.");
        return this;
    }
}
