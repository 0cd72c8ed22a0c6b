using RadTex.Heads;

namespace RadTex.Learning.Transfer;

/// <summary>What a sweep covers: every task, number of examples, trial and head.</summary>
/// <param name="Tasks">The labels, each a head of its own (the paper: "each pathology individually").</param>
/// <param name="Examples">Numbers N of labelled radiographs; null stands for all. Drawn nested: the first 10 of a trial are among its first
/// 100.</param>
/// <param name="Trials">Independent draws.</param>
/// <param name="Heads">How heads on a frozen encoder are trained; fine-tuning has one way and sets it itself.</param>
/// <param name="Seed">Of draws, folds, heads' initial weights and the order of examples.</param>
/// <param name="Recipe">Of the paper's head, or of fine-tuning.</param>
/// <param name="PatientsDiffer">Says that training and test data number their patients independently, so that equal ids are different people.</param>
/// <param name="Workers">Fits run side by side; 0 for one a processor, but when fine-tuning one, since each network needs memory of its own.</param>
/// <param name="FirstTrial">The number of the first trial: a plan may hold one of several encoders' trials, or folds'.</param>
/// <param name="SmallestDraw">The smallest N of the sweep this plan is a part of, so that its draws are that sweep's; null: of these
/// examples.</param>
/// <param name="Sensitivity">What a logistic head's threshold is to reach out-of-fold; null for the largest Youden index.</param>
public sealed record TransferPlan(
    IReadOnlyList<TransferTask> Tasks, IReadOnlyList<int?> Examples, int Trials = 5, IReadOnlyList<HeadKind>? Heads = null, long Seed = 0,
    PaperRecipe? Recipe = null, bool PatientsDiffer = false, int Workers = 0, int FirstTrial = 0, int? SmallestDraw = null,
    double? Sensitivity = null)
{
    /// <summary>How heads on a frozen encoder are trained; logistic where nothing is asked for.</summary>
    public IReadOnlyList<HeadKind> Heads { get; init; } = Heads ?? [HeadKind.Logistic];

    /// <summary>Of the paper's head, or of fine-tuning; <see cref="PaperRecipe.Frozen"/> where nothing is asked for.</summary>
    public PaperRecipe Recipe { get; init; } = Recipe ?? PaperRecipe.Frozen;

    /// <summary>The smallest N of the whole sweep: a trial is drawn again while it shows one class; null stands for all.</summary>
    internal int? Smallest => SmallestDraw ?? Examples.Min();

    /// <summary>Throws where something makes no sense.</summary>
    /// <exception cref="UserErrorException">Nothing to do, a task twice, N below 2, no trial.</exception>
    public TransferPlan Validated()
    {
        if (Tasks.Count == 0) throw new UserErrorException("No labels to learn. Name at least one.");
        if (Tasks.GroupBy(t => t.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new UserErrorException($"Label '{twice.Key}' stands twice.");
        if (Examples.Count == 0 || Examples.Any(n => n < 2) || Examples.Distinct().Count() != Examples.Count)
            throw new UserErrorException("Expected numbers of examples, each 2 or more and each once, or 'all'.");
        if (Trials is < 1 or > 1000) throw new UserErrorException($"{Trials} trials: expected 1 to 1,000.");
        if (Heads.Count == 0 || Heads.Distinct().Count() != Heads.Count) throw new UserErrorException("Expected at least one head, each once.");
        if (!(Recipe.LearningRate > 0 && PlainNumber.IsInRange(Recipe.LearningRate)))
            throw new UserErrorException($"A learning rate of {Recipe.LearningRate}: expected a number above 0.");
        if (Recipe.Epochs is < 1 or > 1_000_000) throw new UserErrorException($"{Recipe.Epochs} epochs: expected 1 to 1,000,000.");
        if (Recipe.BatchSize is < 1 or > 65_536) throw new UserErrorException($"Batches of {Recipe.BatchSize}: expected 1 to 65,536.");
        if (Sensitivity is { } s && !(s > 0 && s <= 1))
            throw new UserErrorException($"A sensitivity of {s}: expected above 0 and at most 1, such as 0.9.");
        return this;
    }
}
