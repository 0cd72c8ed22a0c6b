namespace RadTex.Experiments.Reproduction;

/// <summary>All comparisons of one claim under one protocol: p-values are corrected (Holm) over these and no others.</summary>
/// <param name="Claim">A, B or D; C, E or F with its series.</param>
/// <param name="Protocol">Under which protocol.</param>
/// <param name="Comparisons">What is tested; fixed by the configuration alone.</param>
/// <param name="Missing">What the claim speaks of and the configuration does not run; null where nothing is missing.</param>
public sealed record ClaimFamily(string Claim, string Protocol, IReadOnlyList<PlannedComparison> Comparisons, string? Missing = null)
{
    /// <summary>The fewest trials of a comparison.</summary>
    public int Trials => Comparisons.Count == 0 ? 0 : Comparisons.Min(c => c.Trials);
}
