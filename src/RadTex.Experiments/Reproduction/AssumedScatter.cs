using System.ComponentModel.DataAnnotations;

namespace RadTex.Experiments.Reproduction;

/// <summary>
/// The scatter a plan assumes to say which gap it can declare. The defaults are of an earlier run on phantoms, of two findings and three trials
/// (docs/results/reproduction-phantom/results-2026-11-24.parquet): a deviation of a trial's paired difference of 0.031 at 10 and 100 labels and
/// 0.011 at all (bench/trial-scatter.cs), and of the test patients of 0.013 for one cell.
/// </summary>
/// <param name="TrialDeviation">The standard deviation of a trial's paired difference.</param>
/// <param name="TrialDeviationAtAll">The same at all labels, where draws are alike: claim D's.</param>
/// <param name="PatientDeviation">The standard error of the mean difference from the test patients.</param>
public sealed record AssumedScatter(
    [property: Range(0.0, 1, MinimumIsExclusive = true, MaximumIsExclusive = true)] double TrialDeviation = 0.031,
    [property: Range(0.0, 1, MinimumIsExclusive = true, MaximumIsExclusive = true)] double TrialDeviationAtAll = 0.011,
    [property: Range(0.0, 1, MinimumIsExclusive = true, MaximumIsExclusive = true)] double PatientDeviation = 0.015);
