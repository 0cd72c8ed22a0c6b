using RadTex.Data;
using RadTex.Heads;
using RadTex.Learning.ZeroShot;

namespace RadTex.Experiments.Sweeps;

/// <summary>
/// The 0-label point of a sweep: findings told by what the runs that made an initialisation's encoders learnt from texts. Each run leaves its own
/// page and scores, and is not asked again.
/// </summary>
/// <param name="data">The radiographs.</param>
/// <param name="initialisation">Whose runs.</param>
/// <param name="context">What the sweep's stages share.</param>
internal sealed class ZeroShotCells(SweepData data, SweepInitialisation initialisation, SweepContext context)
{
    // Yes or no alone: a grade, or one label held against another, is no finding that a sentence states or denies.
    private readonly TransferTask[] tasks = [.. data.Protocol.Tasks.Where(t => t.Against is null && data.Tests[t.Name].ClassCount == 2)];

    /// <summary>A row a finding and trial.</summary>
    /// <exception cref="UserErrorException">A run has no model, or saw a test patient.</exception>
    internal IEnumerable<SweepRun> Run(int trials) => tasks.Length == 0 ? [] : Enumerable.Range(0, trials).SelectMany(Ask);

    private IEnumerable<SweepRun> Ask(int trial)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        var run = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(initialisation.Encoder(trial)))!;
        string[] findings = [.. tasks.Select(t => data.Dataset.LabelNames[data.Dataset.LabelIndex(t.Label)])];
        using var model = TextAffinity.Open(run, initialisation.AsksTexts!.Value);
        var key = ProvenanceKey.Of(
            SweepInitialisation.ZeroShot, model.Card.WeightsSha256, model.Method, data.Dataset.Hash, findings, context.Options.PatientsDiffer);
        var folder = context.CellFolder(data.Protocol, initialisation, key);
        if (!File.Exists(Path.Combine(folder, ZeroShotEvaluation.Report))) // written last
        {
            context.Log($"{initialisation.Name}, trial {trial + 1}: asked without labels, by {model.Method}");
            ZeroShotEvaluation.Run(
                model, data.Dataset,
                new(findings, folder) { PatientsDiffer = context.Options.PatientsDiffer, BatchSize = context.Options.Compute.Batch },
                context.Progress, context.Cancellation);
        }
        return tasks.Zip(findings).Select(asked => Row(asked.First, asked.Second, trial, (folder, key), model));
    }

    private SweepRun Row(TransferTask task, string finding, int trial, (string Folder, string Key) made, TextAffinity model)
    {
        var (test, labelled) = (data.Tests[task.Name], data.TestOf(task));
        var scores = ScoreTable.Read(Path.Combine(made.Folder, ZeroShotEvaluation.Scores), test.Radiographs, finding);
        // How much more it goes with the statement than with the denial: for a caption's log-likelihood these are log-odds.
        double[] probabilities = [.. scores.Select(s => 1 / (1 + Math.Exp(-s)))];
        return new(
            data.Protocol.Name, initialisation.Name, task.Name, 0, 0, trial, SweepInitialisation.ZeroShot, 0,
            TransferScores.Of(probabilities, test.Classes, test.ClassCount, labelled.Views, labelled.Patients), 0, null, model.Card.WeightsSha256,
            model.Method, "", initialisation.Part, ProvenanceKey.Of(made.Key, data.Protocol.Name, data.Protocol.Version, task.Name, trial))
        {
            Test = test,
            Probabilities = probabilities,
        };
    }
}
