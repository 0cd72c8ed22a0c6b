using System.Text.Json;
using RadTex.Checkpoints;
using static TorchSharp.torch;

namespace RadTex.Transfer;

/// <summary>
/// What a sweep leaves in its folder: <c>metrics.json</c>, <c>predictions.parquet</c>, and the heads as <c>heads.safetensors</c> with
/// <c>heads.json</c>. No times and no paths of the program's own: the same sweep writes the same bytes.
/// </summary>
public static class TransferFiles
{
    public const string Metrics = "metrics.json", Predictions = "predictions.parquet", HeadWeights = "heads.safetensors", HeadList = "heads.json", Journal = "journal.jsonl";

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Writes all four, each whole or not at all, <c>metrics.json</c> last.</summary>
    public static void Write(string folder, TransferResult result, RadiographFeatures test, TransferPlan plan, TransferIdentity identity)
    {
        Directory.CreateDirectory(folder);
        var tested = plan.Tasks.ToDictionary(task => task.Name, task =>
        {
            var labels = LabelledRadiographs.Of(test.Radiographs, test.LabelNames, task.TestLabel ?? task.Label, task.Against);
            return (Features: test.Select(labels.Rows), labels.Classes);
        });
        PredictionTable.Write(
            Path.Combine(folder, Predictions), result.Trials, t => (tested[t.Task].Features, tested[t.Task].Classes, t.Weights.Probabilities(tested[t.Task].Features)));
        WriteHeads(folder, result);
        AtomicFile.WriteAllText(Path.Combine(folder, Metrics), JsonSerializer.Serialize(
            new
            {
                identity,
                result.Tasks,
                result.Notes,
                Cells = result.Cells().Select(c => new { c.Task, Examples = Name(c.Examples), c.Count, Head = c.Head.Name(), c.Redraws, c.Auc, c.AveragePrecision, c.F1, c.Accuracy }),
            },
            Format) + "\n");
    }

    /// <summary>"100", or "all".</summary>
    public static string Name(int? examples) => examples?.ToString() ?? "all";

    /// <summary>The name of a head in both files, such as "Pleural Effusion/n100/trial0/logistic".</summary>
    public static string Name(TrialResult trial) => $"{trial.Task}/n{Name(trial.Examples)}/trial{trial.Trial}/{trial.Head.Name()}";

    private static void WriteHeads(string folder, TransferResult result)
    {
        using var scope = NewDisposeScope();
        var tensors = new List<(string, Tensor)>();
        foreach (var t in result.Trials)
        {
            tensors.Add(($"{Name(t)}.weight", tensor(t.Weights.Weights, [t.Weights.Outputs, t.Weights.Width])));
            tensors.Add(($"{Name(t)}.bias", tensor(t.Weights.Biases)));
        }
        SafeTensors.Write(Path.Combine(folder, HeadWeights), tensors);
        AtomicFile.WriteAllText(Path.Combine(folder, HeadList), JsonSerializer.Serialize(
            result.Trials.Select(t => new
            {
                Name = Name(t), t.Task, Examples = Name(t.Examples), t.Count, t.ClassCounts, t.Trial, Head = t.Head.Name(), Classes = t.Weights.ClassCount, Features = t.Weights.Width,
                t.PriorVariance, t.Note, t.Scores,
            }),
            Format) + "\n");
    }
}
