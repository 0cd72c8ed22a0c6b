using RadTex.Files;
using RadTex.Heads;

namespace RadTex.Learning.Transfer;

/// <summary>
/// The networks of one fine-tuning: first those that a recipe is chosen by, then the trials'. What the journals hold is not done again.
/// </summary>
/// <param name="inputs">What the networks are made of.</param>
/// <param name="journal">Keeps the trials.</param>
/// <param name="choices">Chooses recipes; null where none is chosen.</param>
internal sealed class FineTuningSweep(FineTuningInputs inputs, TransferJournal journal, RecipeChoices? choices)
{
    private readonly NetworkKeeping kept = new(inputs);
    private readonly FineTuningOptions options = inputs.Options;
    private readonly TransferPlan plan = inputs.Plan;

    internal TransferResult Run(IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        var cells = inputs.Cells;
        var counted = new FineTuningProgress(progress, inputs.Passes);
        var training = new NetworkTraining(options, counted);
        var chosen = choices?.Run(training, counted, cancellation);
        WorkerThreads.Run(
            [.. cells.SelectMany(cell => inputs.Trials.Select(trial => (cell, trial)))], Math.Max(1, plan.Workers),
            (c, stop) => RunTrial(c.cell, c.trial, chosen?[c.cell.Key], training, counted, stop), cancellation, options.Processors);
        if (Directory.Exists(training.Checkpoints)) Directory.Delete(training.Checkpoints, recursive: true);

        // In the order of tasks and of numbers of examples.
        FineTuningCell[] ordered = [.. inputs.Tasks.SelectMany((data, task) => plan.Examples.Select(n => new FineTuningCell(task, data, n)))];
        return new(
            [.. inputs.Tasks.Select(t => t.Counts)], [.. ordered.SelectMany(cell => inputs.Trials.Select(trial => Finished(cell, trial)!))],
            TransferNotes.Of(plan, inputs.Tasks, options.Practical), chosen is null ? null : [.. ordered.Select(cell => chosen[cell.Key])]);
    }

    /// <summary>Which networks are kept, in words.</summary>
    internal IEnumerable<string> Kept() => kept.Notes((cell, trial) => Finished(cell, trial)!.FineTuned!.EncoderSha256 is not null);

    /// <summary>
    /// A network in the journal, its figures made anew of its probabilities: a journal of an earlier version lacks some, and would hold them as
    /// undefined.
    /// </summary>
    private TrialResult? Finished(FineTuningCell cell, int trial) =>
        journal.Find(cell.Name, cell.Examples, trial, HeadKind.FineTuned, inputs.StartOf(trial).Card.WeightsSha256) is not { } found ? null
        : found.FineTuned?.Probabilities is { } p ? found with { Scores = cell.Data.Scores(p) } : found;

    private void RunTrial(
        FineTuningCell cell, int trial, RecipeChoice? choice, NetworkTraining training, FineTuningProgress progress, CancellationToken cancellation)
    {
        var (job, redraws) = inputs.OfTrial(cell, trial, choice);
        RequireSameStart(cell, trial, job.Start);
        OutputFolder.RequireThere(options.Output);
        var folder = kept.FolderOf(cell, trial);
        // A finished network that was not kept then and is to be now is trained again, to the same weights.
        if (
            Finished(cell, trial) is { } finished
                && (folder is null || finished.FineTuned!.EncoderSha256 is not { } written || NetworkFolder.Holds(folder, written)))
        {
            progress.Add(job.Passes);
            return;
        }
        var counts = TaskData.Tally(job.Examples.Classes, cell.Data.Counts.Classes);
        TrialResult Result(FineTunedTrial network, string? note) => new(
            cell.Name, cell.Examples, trial, HeadKind.FineTuned, job.Examples.Count, counts, redraws, null, note,
            network.Probabilities is { } p ? cell.Data.Scores(p) : new(null, null, null, null), null, network);
        FineTunedTrial Network(string? sha256, double[]? probabilities, MovedWeights? moved) => new(
            job.Start.Card.WeightsSha256, sha256, job.Recipe as PaperRecipe, probabilities, job.Recipe as PracticalRecipe, moved);
        var result = training.Run(job, network =>
        {
            var test = inputs.Pools.Test;
            var (sha256, probabilities) = network.Test(test.Dataset, test.IndicesOf(cell.Data.Test.Rows), cancellation);
            var tested = Result(Network(sha256, probabilities, network.Moved()), null);
            if (folder is not null) kept.Write(folder, network, cell, job, tested);
            return tested;
        }, cancellation);
        journal.Add(result ?? Result(Network(null, null, null), "diverged: the loss was no number"));
    }

    /// <summary>A folder that is no sweep's own holds one encoder's networks a trial: its other files could not tell two apart.</summary>
    private void RequireSameStart(FineTuningCell cell, int trial, EncoderSource start)
    {
        if (options.IsShared || journal.OtherStart(cell.Name, cell.Examples, trial, start.Card.WeightsSha256) is not { } other) return;
        throw new UserErrorException(
            $"{options.Output} holds trial {trial} from an encoder with weights {other[..12]}, not "
                + $"{start.Card.WeightsSha256[..12]} ({start.Name}). Delete the folder to begin again, or choose another.")
        {
            Setting = "out",
        };
    }
}
