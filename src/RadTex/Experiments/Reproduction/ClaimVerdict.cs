namespace RadTex.Experiments.Reproduction;

/// <summary>What the runs say of one of the paper's claims.</summary>
/// <param name="Claim">A, B or C with the paper's words.</param>
/// <param name="Verdict">holds, holds in part, does not hold, or cannot be said.</param>
/// <param name="Figures">The figures behind it.</param>
public sealed record ClaimVerdict(string Claim, string Verdict, IReadOnlyList<string> Figures);
