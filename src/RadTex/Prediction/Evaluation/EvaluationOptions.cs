namespace RadTex.Prediction.Evaluation;

/// <summary>How a model is evaluated.</summary>
/// <param name="Columns">The label's column of each of the model's outputs to evaluate; null for all outputs whose label the data have under the same
/// name.</param>
/// <param name="Prevalence">The part of positives that predictive values are stated for, above 0 and below 1; null for the data's own.</param>
/// <param name="GroupTable">A table of patients or images with further columns, such as sex and age; null for none.</param>
/// <param name="GroupColumns">Its columns to form subgroups by; empty for sex and age where it has them.</param>
/// <param name="PatientsDiffer">Says that the data number their patients independently of what the model learnt from.</param>
/// <param name="BatchSize">Pictures a forward pass.</param>
/// <param name="Seed">Of the bootstrap.</param>
/// <param name="Resamples">Of the bootstrap.</param>
/// <param name="JudgeAll">Judge what the gate refuses too; otherwise it is left out of every figure, and counted.</param>
public sealed record EvaluationOptions(
    IReadOnlyDictionary<string, string>? Columns = null, double? Prevalence = null, string? GroupTable = null,
        IReadOnlyList<string>? GroupColumns = null, bool PatientsDiffer = false,
    int BatchSize = 16, int Seed = 0, int Resamples = Metrics.Intervals.Bootstrap.DefaultResamples, bool JudgeAll = false)
{
    /// <exception cref="UserErrorException">Something makes no sense.</exception>
    internal EvaluationOptions Validated()
    {
        if (Prevalence is { } p && !(p > 0 && p < 1)) throw new UserErrorException(
            $"A prevalence of {p}: expected above 0 and below 1, such as 0.05.");
        if (BatchSize is < 1 or > 4096) throw new UserErrorException($"A batch of {BatchSize}: expected 1 to 4,096.");
        if (Resamples is < 1 or > 100_000) throw new UserErrorException($"{Resamples} resamples: expected 1 to 100,000.");
        return this;
    }
}
