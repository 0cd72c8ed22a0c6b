namespace RadTex.Experiments.Reproduction;

/// <summary>What a family of comparisons can declare, before anything is run.</summary>
/// <param name="Claim">A, B or D; C, E or F with its series.</param>
/// <param name="Protocol">Under which protocol.</param>
/// <param name="Comparisons">How many: p-values are corrected over these.</param>
/// <param name="Trials">The fewest independent trials of one of them.</param>
/// <param name="Resamples">Of test patients.</param>
/// <param name="Assumed">The scatter that is assumed.</param>
/// <param name="LeastPValue">The least corrected p-value that a gap of 0.5 AUC attains; null where nothing is compared.</param>
/// <param name="SmallestGap">The smallest true gap (from what the claim is held against) that is declared with a power of 0.8; null for none up to
/// 1.</param>
/// <param name="Missing">What the claim speaks of and the configuration does not run.</param>
/// <param name="Refusal">Why the family cannot decide, and what would; null where it can or claims nothing.</param>
public sealed record PlannedFamily(
    string Claim, string Protocol, int Comparisons, int Trials, int Resamples, AssumedScatter Assumed, double? LeastPValue, double? SmallestGap,
        string? Missing, string? Refusal);
