using RadTex.Metrics.Intervals;

namespace RadTex.Selection;

/// <summary>A policy on one case, or over all of them.</summary>
/// <param name="Policy">Its name.</param>
/// <param name="Case">The case; "(all)" for the mean over cases.</param>
/// <param name="Area">The mean area under the curve over seeds; over cases, the mean of their means.</param>
/// <param name="Gain">
/// The paired difference from random. Of a case it is over seeds, and speaks of that pool and those test radiographs; over cases it is over cases,
/// and speaks of others like them. Null for random itself, and where there are fewer than three pairs.
/// </param>
/// <param name="CorrectedP">After Holm's correction over the policies of the same case.</param>
public sealed record PolicyRow(string Policy, string Case, double Area, PairedComparison? Gain, double? CorrectedP)
{
    /// <summary>Whether the difference is declared.</summary>
    public bool IsDeclared => CorrectedP < 0.05;
}
