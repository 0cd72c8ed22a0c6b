using RadTex.Data;
using RadTex.Heads;
using RadTex.Learning.Transfer;

namespace RadTex.Experiments;

/// <summary>A quickstart's classifiers from few labels, each initialisation on the same draws, so that differences are paired.</summary>
/// <param name="context">What the stages share.</param>
/// <param name="labelled">Labels are drawn from its training split, tests made on its test split.</param>
internal sealed class QuickstartTransfers(QuickstartContext context, PreparedDataset labelled)
{
    private readonly QuickstartSettings settings = context.Settings;
    private readonly List<InitialisationResult> results = [];

    // Sicker patients are radiographed lying: what "AP" alone tells, on the same draws.
    private IReadOnlyList<TransferCell>? viewOnly;

    private static TransferTask[] Tasks => [.. QuickstartSettings.Findings.Select(f => new TransferTask(f))];

    private PaperRecipe RandomRecipe => settings.RandomEpochs is { } epochs
        ? PaperRecipe.RandomInitialisation with { Epochs = epochs }
        : PaperRecipe.RandomInitialisation;

    /// <summary>Runs all initialisations.</summary>
    /// <param name="pretrained">The folder of the encoder pretrained on reports.</param>
    /// <param name="supervised">That of the one pretrained on labels.</param>
    /// <returns>Each with its figures, and which recipe validation data chose for random initialisation.</returns>
    internal (IReadOnlyList<InitialisationResult> Results, IReadOnlyList<RecipeChoice> Choices) Run(string pretrained, string supervised)
    {
        Frozen(Quickstart.Pretrained, Quickstart.PretrainedPaperHead, "pretrained", "the encoder pretrained on reports", () => Open(pretrained));
        Frozen(Quickstart.Supervised, Quickstart.SupervisedPaperHead, "supervised", "the encoder pretrained on labels", () => Open(supervised));
        Frozen(
            Quickstart.RandomFrozen, null, "random-measured",
            "an encoder of random weights (norms: scales 1, statistics of training radiographs)", () => Random(settings.Seed));
        RandomByThePaper();
        var choices = RandomChosen();
        if (viewOnly is { Count: > 0 })
            results.Add(new(
                Quickstart.ViewOnly, "no picture: L2 logistic regression on the radiograph's view, AP or PA", viewOnly));
        return (results, choices);
    }

    private EncoderSource Open(string folder) => EncoderSource.Open(folder, 0, context.Configuration.Image.Size);

    private EncoderSource Random(long seed)
    {
        var (model, image) = (context.Configuration.Model, context.Configuration.Image);
        return EncoderSource.Random(model.Backbone, model.BackboneWidth, seed, image.Size, model.Channels);
    }

    private void Frozen(string name, string? paperHead, string folder, string encoder, Func<EncoderSource> open)
    {
        HeadKind[] heads = paperHead is null ? [HeadKind.Logistic] : [HeadKind.Logistic, HeadKind.Paper];
        var plan = new TransferPlan(Tasks, QuickstartSettings.FrozenExamples, settings.Trials, heads, settings.Seed);
        var result = context.Run($"heads on {encoder}", progress =>
        {
            using var source = open();
            return FrozenTransfer.Run(new(source), labelled, labelled, new(plan, context.Layout.Transfer(folder)), progress, context.Cancellation);
        });
        viewOnly ??= result.ViewOnly;
        var cells = result.Cells();
        results.Add(new(
            name, $"{encoder}, frozen; L2 logistic regression on standardised features, solved to convergence",
            [.. cells.Where(c => c.Head == HeadKind.Logistic)]));
        if (paperHead is not null)
            results.Add(new(
                paperHead, $"{encoder}, frozen; the paper's linear layer (SGD, rate {plan.Recipe.LearningRate}, {plan.Recipe.Epochs} epochs)",
                [.. cells.Where(c => c.Head == HeadKind.Paper)]));
    }

    private void RandomByThePaper()
    {
        var recipe = RandomRecipe;
        var found = Networks("networks from random weights, the paper's recipe", "random", QuickstartSettings.RandomExamples, null);
        results.Add(new(
            Quickstart.Random,
            $"the same network from random weights, trained whole as the paper trains it (SGD, rate {recipe.LearningRate}, {recipe.Epochs} epochs)",
            found.Cells()));
    }

    private IReadOnlyList<RecipeChoice> RandomChosen()
    {
        var candidates = QuickstartSettings.Candidates(RandomRecipe);
        var found = Networks("networks from random weights, recipe chosen", "random-choice", [QuickstartSettings.Compared], candidates);
        results.Add(new(
            Quickstart.RandomChosen,
            $"as before, optimiser and rate chosen on validation data for each finding among {string.Join(", ", candidates.Select(c => c.Name))}; "
                + $"{QuickstartSettings.Compared} labels only",
            found.Cells()));
        return found.Choices ?? [];
    }

    private TransferResult Networks(string stage, string folder, IReadOnlyList<int?> examples, IReadOnlyList<PaperRecipe>? candidates)
    {
        // The smallest draw is the heads', so that all draws are the same radiographs.
        var plan = new TransferPlan(
            Tasks, examples, settings.Trials, Seed: settings.Seed, Recipe: RandomRecipe, Workers: Environment.ProcessorCount,
            SmallestDraw: QuickstartSettings.FrozenExamples.Min());
        var options = new FineTuningOptions(
            plan, context.Layout.Transfer(folder), Candidates: candidates, Augmentation: context.Configuration.Augmentation, Compute: new(Batch: 128),
            Keep: KeptNetworks.None);
        return context.Run(stage, progress => FineTuning.Run(
            trial => Random(settings.Seed + trial), labelled, labelled, options, progress, context.Cancellation));
    }
}
