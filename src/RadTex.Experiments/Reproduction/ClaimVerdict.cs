namespace RadTex.Experiments.Reproduction;

/// <summary>What the runs say of one of the paper's claims.</summary>
/// <param name="Claim">Its letter with the paper's words, or of E and F what is compared.</param>
/// <param name="Verdict">holds, holds in part, does not hold, or cannot be said.</param>
/// <param name="Figures">The figures behind it.</param>
/// <param name="Outcome">The same for programs, and the order of telling.</param>
public sealed record ClaimVerdict(string Claim, string Verdict, IReadOnlyList<string> Figures, ClaimOutcome Outcome = ClaimOutcome.CannotBeSaid)
{
    /// <summary>Under which protocol.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>The comparisons that were tested, corrected within this claim.</summary>
    public IReadOnlyList<ClaimComparison> Comparisons { get; init; } = [];
}
