using RadTex.Data;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Inspection;
using RadTex.Studies;

namespace RadTex.Learning.Transfer;

/// <summary>
/// What a sweep leaves in its folder: <c>metrics.json</c>, <c>predictions.parquet</c>, <c>heads.json</c>, and of heads on a frozen
/// encoder their weights, <c>heads.safetensors</c>. No times and no paths of the program's own: the same sweep writes the same bytes.
/// </summary>
internal static class TransferFiles
{

    /// <summary>Writes the results of frozen transfer.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="result">What was found.</param>
    /// <param name="test">Features of the radiographs that were tested on.</param>
    /// <param name="plan">What was run.</param>
    /// <param name="identity">What the figures depend on.</param>
    public static void Write(string folder, TransferResult result, RadiographFeatures test, TransferPlan plan, TransferIdentity identity) =>
        Write(folder, result, test.Pool, plan, identity, (trial, rows) => trial.Weights!.Probabilities(test.Select(rows)));

    /// <summary>Writes all files, each whole or not at all, <c>metrics.json</c> last.</summary>
    internal static void Write(
        string folder, TransferResult result, LabelledPool test, TransferPlan plan, TransferIdentity identity,
        Func<TrialResult, int[], double[]?> probabilities)
    {
        Directory.CreateDirectory(folder);
        var tested = plan.Tasks.ToDictionary(task => task.Name, task =>
        {
            var labels = test.ToTest(task);
            return (labels.Rows, Radiographs: (IReadOnlyList<PreparedRadiograph>)[.. labels.Rows.Select(r => test.Radiographs[r])], labels.Classes);
        });
        PredictionTable.Write(
            Path.Combine(folder, TransferLayout.Predictions), result.Trials.Where(t => t.FineTuned is null or { Probabilities: not null }),
            t => (tested[t.Task].Radiographs, tested[t.Task].Classes, probabilities(t, tested[t.Task].Rows)!));
        string? Model(TrialResult trial) => trial.FineTuned?.EncoderSha256 is { } sha256
            && NetworkFolder.PathOf(trial.Task, trial.Examples, trial.Trial) is var path && NetworkFolder.Holds(Path.Combine(folder, path), sha256)
            ? path.Replace('\\', '/') : null;
        WriteHeads(folder, result.Trials, identity.Train.Preparation, Model);
        JsonFile.Write(
            Path.Combine(folder, TransferLayout.Metrics),
            new
            {
                identity,
                result.Tasks,
                result.Notes,
                result.Choices,
                Moved = result.Moved().Select(m => new { m.Task, Examples = Name(m.Examples), m.LeastShare, m.MeanDistance }),
                Cells = result.Cells().Select(c => Cell(c, c.Head.Name())),
                ViewOnly = result.ViewOnly?.Select(c => Cell(c, TransferTable.ViewOnly)),
            });
    }

    /// <summary>Writes one head as the whole of a transfer's folder.</summary>
    internal static void WriteOne(string folder, TrialResult trial, TransferIdentity identity)
    {
        WriteHeads(folder, [trial], identity.Train.Preparation, _ => null);
        JsonFile.Write(Path.Combine(folder, TransferLayout.Metrics), new { identity, trial.Scores });
    }

    /// <summary>Keeps what the heads learnt from beside them, with what is there already of earlier labels and sizes.</summary>
    internal static void AddSeen(string folder, SeenRadiographs seen)
    {
        var before = SeenRadiographs.Read(folder);
        (before.IsComplete ? before.With(seen) : seen).Write(folder);
    }

    /// <summary>"100", or "all".</summary>
    public static string Name(int? examples) => examples?.ToString() ?? "all";

    /// <summary>The name of a head in both files, such as "Pleural Effusion/n100/trial0/logistic".</summary>
    public static string Name(TrialResult trial) => $"{trial.Task}/n{Name(trial.Examples)}/trial{trial.Trial}/{trial.Head.Name()}";

    private static object Cell(TransferCell c, string head) =>
        new { c.Task, Examples = Name(c.Examples), c.Count, Head = head, c.Redraws, c.Auc, c.AucWithinViews, c.AveragePrecision, c.F1, c.Accuracy };

    private static void WriteHeads(
        string folder, IReadOnlyList<TrialResult> trials, PicturePreparation? preparation, Func<TrialResult, string?> model)
    {
        (string Name, LinearHead Head)[] heads = [.. trials.Where(t => t.Weights is not null).Select(t => (Name(t), t.Weights!))];
        if (heads.Length > 0) HeadWeightsFile.Write(Path.Combine(folder, TransferLayout.HeadWeights), heads);
        JsonFile.Write(
            Path.Combine(folder, TransferLayout.HeadList),
            trials.Select(t => new
            {
                Name = Name(t),
                t.Task,
                Examples = Name(t.Examples),
                t.Count,
                t.ClassCounts,
                t.Trial,
                Head = t.Head.Name(),
                Classes = t.ClassCounts.Count,
                Features = t.Weights?.Width,
                t.PriorVariance,
                t.FineTuned?.Recipe,
                t.FineTuned?.Practical,
                t.FineTuned?.Moved,
                t.FineTuned?.InitialSha256,
                t.FineTuned?.EncoderSha256,
                Model = model(t),
                t.Threshold,
                Preparation = preparation,
                t.Note,
                t.Scores,
            }));
    }
}
