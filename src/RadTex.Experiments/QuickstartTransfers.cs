using RadTex.Data;
using RadTex.Heads;
using RadTex.Learning.Transfer;

namespace RadTex.Experiments;

/// <summary>A quickstart's classifiers from few labels, each initialisation on the same draws, so that differences are paired.</summary>
/// <param name="context">What the stages share.</param>
/// <param name="findings">Gets the figures.</param>
/// <param name="labelled">Labels are drawn from its training split, tests made on its test split.</param>
internal sealed class QuickstartTransfers(QuickstartContext context, QuickstartFindings findings, PreparedDataset labelled)
{
    private readonly QuickstartSettings settings = context.Settings;

    private static TransferTask[] Tasks => [.. QuickstartSettings.Findings.Select(f => new TransferTask(f))];

    private PaperRecipe RandomRecipe => settings.RandomEpochs is { } epochs
        ? PaperRecipe.RandomInitialisation with { Epochs = epochs }
        : PaperRecipe.RandomInitialisation;

    /// <summary>Heads on the encoder pretrained on reports.</summary>
    internal void OfReports(string encoder) => Frozen(
        Quickstart.Pretrained, Quickstart.PretrainedPaperHead, "pretrained", "the encoder pretrained on reports", () => Open(encoder));

    /// <summary>Heads on the encoder pretrained on labels.</summary>
    internal void OfLabels(string encoder) => Frozen(
        Quickstart.Supervised, Quickstart.SupervisedPaperHead, "supervised", "the encoder pretrained on labels", () => Open(encoder));

    /// <summary>Heads on random weights.</summary>
    internal void OfRandomWeights() => Frozen(
        Quickstart.RandomFrozen, null, "random-measured", "an encoder of random weights (norms: scales 1, statistics of training radiographs)",
        () => Random(settings.Seed));

    private EncoderSource Open(string folder) => EncoderSource.Open(folder, 0, context.Configuration.Image.Size);

    private EncoderSource Random(long seed)
    {
        var (model, image) = (context.Configuration.Model, context.Configuration.Image);
        return EncoderSource.Random(model.Backbone, model.BackboneWidth, seed, image.Size, model.Channels);
    }

    private void Frozen(string name, string? paperHead, string folder, string encoder, Func<EncoderSource> open)
    {
        HeadKind[] heads = paperHead is null ? [HeadKind.Logistic] : [HeadKind.Logistic, HeadKind.Paper];
        var plan = new TransferPlan(Tasks, QuickstartSettings.FrozenExamples, settings.Trials, heads, settings.Seed, Workers: 1);
        var result = context.Run($"heads on {encoder}", progress =>
        {
            using var source = open();
            return FrozenTransfer.Run(new(source), labelled, labelled, new(plan, context.Layout.Transfer(folder)), progress, context.Cancellation);
        });
        var cells = result.Cells();
        var found = new List<InitialisationResult>
        {
            new(
                name, $"{encoder}, frozen; L2 logistic regression on standardised features, solved to convergence",
                [.. cells.Where(c => c.Head == HeadKind.Logistic)]),
        };
        if (paperHead is not null)
            found.Add(new(
                paperHead, $"{encoder}, frozen; the paper's linear layer (SGD, rate {plan.Recipe.LearningRate}, {plan.Recipe.Epochs} epochs)",
                [.. cells.Where(c => c.Head == HeadKind.Paper)]));
        // Sicker patients are radiographed lying: what "AP" alone tells, on the same draws whichever encoder comes first.
        if (result.ViewOnly is { Count: > 0 } viewOnly)
            found.Add(new(Quickstart.ViewOnly, "no picture: L2 logistic regression on the radiograph's view, AP or PA", viewOnly));
        findings.Add(found);
    }

    /// <summary>Networks from random weights by the paper's recipe.</summary>
    internal void RandomByThePaper()
    {
        var recipe = RandomRecipe;
        var found = Networks("networks from random weights, the paper's recipe", "random", QuickstartSettings.RandomExamples, null);
        findings.Add(new InitialisationResult(
            Quickstart.Random,
            $"the same network from random weights, trained whole as the paper trains it (SGD, rate {recipe.LearningRate}, {recipe.Epochs} epochs)",
            found.Cells()));
    }

    /// <summary>Networks from random weights, by the recipe that validation data choose.</summary>
    internal void RandomChosen()
    {
        var candidates = QuickstartSettings.Candidates(RandomRecipe);
        var found = Networks("networks from random weights, recipe chosen", "random-choice", [QuickstartSettings.Compared], candidates);
        findings.Chosen(found.Choices ?? []);
        findings.Add(new InitialisationResult(
            Quickstart.RandomChosen,
            $"as before, optimiser and rate chosen on validation data for each finding among {string.Join(", ", candidates.Select(c => c.Name))}; "
                + $"{QuickstartSettings.Compared} labels only",
            found.Cells()));
    }

    private TransferResult Networks(string stage, string folder, IReadOnlyList<int?> examples, IReadOnlyList<PaperRecipe>? candidates)
    {
        // The smallest draw is the heads', so that all draws are the same radiographs.
        var plan = new TransferPlan(
            Tasks, examples, settings.Trials, Seed: settings.Seed, Recipe: RandomRecipe, Workers: context.Processors.Count,
            SmallestDraw: QuickstartSettings.FrozenExamples.Min());
        var options = new FineTuningOptions(
            plan, context.Layout.Transfer(folder), Candidates: candidates, Augmentation: context.Configuration.Augmentation, Compute: new(Batch: 128),
            Keep: KeptNetworks.None)
        {
            Processors = context.Processors,
        };
        return context.RunUnheld(stage, progress => FineTuning.Run(
            trial => Random(settings.Seed + trial), labelled, labelled, options, progress, context.Cancellation));
    }
}
