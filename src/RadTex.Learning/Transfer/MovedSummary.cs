namespace RadTex.Learning.Transfer;

/// <summary>How far fine-tuning took the encoder over the trials of a task and N.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Examples">N; null for all.</param>
/// <param name="LeastShare">The least share of weights that moved in any trial; see <see cref="MovedWeights.Share"/>.</param>
/// <param name="MeanDistance">The mean of <see cref="MovedWeights.Distance"/>.</param>
public sealed record MovedSummary(string Task, int? Examples, double LeastShare, double MeanDistance)
{
    /// <summary>Null where no network was trained, or all diverged.</summary>
    internal static MovedSummary? Of(string task, int? examples, IReadOnlyList<MovedWeights> trials) =>
        trials.Count == 0 ? null : new(task, examples, trials.Min(m => m.Share), trials.Average(m => m.Distance));
}
