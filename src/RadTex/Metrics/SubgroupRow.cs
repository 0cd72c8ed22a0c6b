using RadTex.Metrics.Intervals;

namespace RadTex.Metrics;

/// <summary>One group's line of a subgroup table.</summary>
/// <param name="Group">The group's name, such as "female"; <see cref="Subgroups.All"/> for all examples.</param>
/// <param name="Examples">Examples in it.</param>
/// <param name="Patients">Patients in it.</param>
/// <param name="Positives">Positive examples in it.</param>
/// <param name="Auc">With its interval over patients (<see cref="ClusteredAuc"/>); null where it is not available.</param>
/// <param name="Difference">Its AUC less that of all other examples, both resampled at once; null where not available, and for all examples.</param>
/// <param name="Reason">Why something is not available; null where nothing is missing.</param>
public sealed record SubgroupRow(
    string Group, int Examples, int Patients, int Positives, Interval? Auc, PairedComparison? Difference, string? Reason);
