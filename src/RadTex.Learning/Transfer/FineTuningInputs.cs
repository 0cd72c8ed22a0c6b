namespace RadTex.Learning.Transfer;

/// <summary>What the stages of a fine-tuning share.</summary>
/// <param name="Starts">The encoder that each trial begins from, in the order of the trials.</param>
/// <param name="Pools">What labels are drawn from and what is tested on.</param>
/// <param name="Tasks">The plan's tasks with their radiographs.</param>
/// <param name="Validation">What recipes are chosen on; null where none is chosen.</param>
/// <param name="Options">Checked.</param>
/// <param name="Identity">What the figures depend on.</param>
internal sealed record FineTuningInputs(
    IReadOnlyList<EncoderSource> Starts, TransferPools Pools, IReadOnlyList<TaskData> Tasks, ValidationData? Validation, FineTuningOptions Options,
    TransferIdentity Identity)
{
    private const ulong NetworkStream = 0x4E6574776F726B; // "Network"
    private const int NoTrial = -1; // of the draw that choices are made on

    internal TransferPlan Plan => Options.Plan;

    internal IEnumerable<int> Trials => Enumerable.Range(Plan.FirstTrial, Plan.Trials);

    /// <summary>The recipes that validation data choose among; empty where none is chosen.</summary>
    internal IReadOnlyList<PaperRecipe> Candidates => Options.Candidates ?? [];

    /// <summary>The longest first, so that workers end together.</summary>
    internal IReadOnlyList<FineTuningCell> Cells =>
        [.. Tasks.SelectMany((data, task) => Plan.Examples.Select(n => new FineTuningCell(task, data, n))).OrderByDescending(c => c.Count)];

    internal EncoderSource StartOf(int trial) => Starts[trial - Plan.FirstTrial];

    /// <summary>The recipe of a trial.</summary>
    internal IFineTuningRecipe RecipeOf(RecipeChoice? choice) =>
        Options.Practical is { } practical ? practical : choice is null ? Plan.Recipe : Candidates[choice.Chosen];

    /// <summary>Radiographs that all networks are trained on, each pass counted.</summary>
    internal double Passes => Cells.Sum(c => (double)c.Count * (
        Candidates.Sum(r => r.Epochs) + Plan.Trials * (Candidates.Count > 0 ? Candidates.Max(r => r.Epochs) : RecipeOf(null).Epochs)));

    /// <summary>The network of a trial, and how often its labels were drawn again.</summary>
    internal (NetworkJob Job, int Redraws) OfTrial(FineTuningCell cell, int trial, RecipeChoice? choice)
    {
        var (order, redraws) = cell.Data.Draw(Plan, trial);
        return (Job(cell, order, trial, StartOf(trial), RecipeOf(choice), $"trial{trial}"), redraws);
    }

    /// <summary>The network of a candidate, trained on the draw for choices.</summary>
    internal NetworkJob OfCandidate(FineTuningCell cell, int candidate) =>
        Job(cell, cell.Data.DrawForChoice(Plan), NoTrial, Starts[0], Candidates[candidate], $"candidate{candidate}");

    private NetworkJob Job(FineTuningCell cell, int[] order, int trial, EncoderSource start, IFineTuningRecipe recipe, string name)
    {
        var data = cell.Data;
        int[] drawn = [.. order.Take(cell.Examples ?? order.Length)];
        (int, int)[] examples = [.. drawn.Select(p => (Pools.Train.Radiographs[data.Train.Rows[p]].Index, data.Train.Classes[p]))];
        long seed = (long)(CounterRandom.Hash((ulong)Plan.Seed, (ulong)(trial + 1), data.Key, NetworkStream) >> 1);
        return new(
            $"{data.Key:x16}-n{TransferFiles.Name(cell.Examples)}-{name}", data.Task.Name, start,
            new(Pools.Train.Dataset, examples, data.Counts.Classes), recipe, seed, data.FoldOrder(Plan, trial));
    }
}
