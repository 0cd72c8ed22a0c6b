namespace RadTex.Experiments.Reproduction;

/// <summary>What is computed from the runs.</summary>
/// <param name="Resamples">Of every bootstrap.</param>
/// <param name="Sensitivity">Of the operating point.</param>
/// <param name="Groups">A table of patients or images with sex and age; {NAME} in it is the archive's folder of the dataset NAME. Null for none.</param>
/// <param name="Figure3">Numbers of labels of Figure 3.</param>
/// <param name="Forecast">Numbers of labels to forecast; null for two and ten times the most.</param>
public sealed record StatisticsSettings(int Resamples = 1_000, double Sensitivity = 0.9, string? Groups = null, IReadOnlyList<int>? Figure3 = null, IReadOnlyList<int>? Forecast = null)
{
    public IReadOnlyList<int> Figure3 { get; init; } = Figure3 ?? [10_000, 1_000, 100];
}
