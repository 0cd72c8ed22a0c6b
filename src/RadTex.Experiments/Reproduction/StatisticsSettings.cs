using System.ComponentModel.DataAnnotations;

namespace RadTex.Experiments.Reproduction;

/// <summary>What is computed from the runs.</summary>
/// <param name="Resamples">Of every bootstrap.</param>
/// <param name="Sensitivity">Of the operating point.</param>
/// <param name="Groups">A table of patients or images with sex and age; {NAME} in it is the archive's folder of the dataset NAME. Null for
/// none.</param>
/// <param name="Figure3">Numbers of labels of Figure 3.</param>
/// <param name="Forecast">Numbers of labels to forecast; null for two and ten times the most.</param>
/// <param name="Margin">Claim D: AUCs nearer than this count as alike.</param>
/// <param name="DescribeOnly">Makes no claims: a plan that cannot decide may then be run, and every verdict is "cannot be said".</param>
/// <param name="Claims">Which claims the plan makes; of the others the verdict is "cannot be said".</param>
/// <param name="Assumed">The scatter that the plan assumes before anything is run.</param>
public sealed record StatisticsSettings(
    [property: Range(20, 1_000_000)] int Resamples = 1_000, double Sensitivity = 0.9, string? Groups = null, IReadOnlyList<int>? Figure3 = null,
    IReadOnlyList<int>? Forecast = null,
    [property: Range(0.0, 0.5, MinimumIsExclusive = true, MaximumIsExclusive = true)] double Margin = 0.04, bool DescribeOnly = false,
    IReadOnlyList<string>? Claims = null, AssumedScatter? Assumed = null)
{
    /// <summary>Numbers of labels of Figure 3; the paper's 10,000, 1,000 and 100 where nothing is said.</summary>
    public IReadOnlyList<int> Figure3 { get; init; } = Figure3 ?? [10_000, 1_000, 100];

    /// <summary>Which claims the plan makes, of A to F; all of them where nothing is said.</summary>
    public IReadOnlyList<string> Claims { get; init; } = Claims ?? ["A", "B", "C", "D", "E", "F"];

    /// <summary>Whether a claim is made: A, B, D, or C, E, F of any series.</summary>
    internal bool Makes(string claim) => !DescribeOnly && Claims.Contains(claim[..1]);

    /// <summary>The scatter that the plan assumes before anything is run; the defaults where nothing is said.</summary>
    public AssumedScatter Assumed { get; init; } = Assumed ?? new();
}
