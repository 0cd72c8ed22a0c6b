using RadTex.Files;
using RadTex.Heads;

namespace RadTex.Learning.Transfer;

/// <summary>
/// Which recipe validation data choose for each task and number of examples: a network a candidate, trained on a draw that is no trial's. What the
/// journal holds is not done again.
/// </summary>
/// <param name="inputs">What the networks are made of.</param>
/// <param name="journal">Keeps the scores.</param>
internal sealed class RecipeChoices(FineTuningInputs inputs, LineJournal<RecipeScore> journal)
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string, int?, int), RecipeScore> scores = journal.Found.ToDictionary(s => (s.Task, s.Examples, s.Candidate));
    private readonly ValidationData validation = inputs.Validation!;

    /// <summary>Trains what is not done and chooses.</summary>
    /// <exception cref="UserErrorException">All recipes of a task diverged.</exception>
    internal Dictionary<(string Task, int? Examples), RecipeChoice> Run(
        NetworkTraining training, FineTuningProgress progress, CancellationToken cancellation)
    {
        var cells = inputs.Cells;
        WorkerThreads.Run(
            [.. cells.SelectMany(cell => inputs.Candidates.Select((_, candidate) => (cell, candidate)))], Math.Max(1, inputs.Plan.Workers),
            (c, stop) => Score(c.cell, c.candidate, training, progress, stop), cancellation, inputs.Options.Processors);
        return cells.ToDictionary(c => c.Key, Choose);
    }

    private void Score(FineTuningCell cell, int candidate, NetworkTraining training, FineTuningProgress progress, CancellationToken cancellation)
    {
        var job = inputs.OfCandidate(cell, candidate);
        bool isDone;
        lock (gate) isDone = scores.ContainsKey((cell.Name, cell.Examples, candidate));
        if (isDone)
        {
            progress.Add(job.Passes);
            return;
        }
        double? auc = training.Run<double?>(job, network =>
        {
            var (_, probabilities) = network.Test(inputs.Pools.Train.Dataset, validation.Indices[cell.Task], cancellation);
            var classes = cell.Data.Counts.Classes;
            return TransferScores.Of(probabilities, validation.Classes[cell.Task], classes, validation.Views[cell.Task]).Auc;
        }, cancellation);
        var score = new RecipeScore(cell.Name, cell.Examples, candidate, inputs.Candidates[candidate], auc);
        journal.Add(score);
        lock (gate) scores[(score.Task, score.Examples, candidate)] = score;
    }

    private RecipeChoice Choose(FineTuningCell cell)
    {
        RecipeScore[] own = [.. inputs.Candidates.Select((_, candidate) => scores[(cell.Name, cell.Examples, candidate)])];
        var best = own.MaxBy(s => s.Auc ?? double.NegativeInfinity)!; // the first of the largest
        return best.Auc is not null
            ? new(cell.Name, cell.Examples, validation.Indices[cell.Task].Length, own, best.Candidate)
            : throw new UserErrorException(
                $"All recipes diverged for '{cell.Name}' with {TransferFiles.Name(cell.Examples)} examples. Name smaller rates.");
    }
}
