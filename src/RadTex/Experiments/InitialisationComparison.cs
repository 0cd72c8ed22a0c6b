namespace RadTex.Experiments;

/// <summary>One initialisation against another at one number of labels: mean AUC over findings, over the same draws.</summary>
/// <param name="First">An initialisation's name.</param>
/// <param name="Second">Another's.</param>
/// <param name="Examples">Labels.</param>
/// <param name="Difference">First minus second; null where an AUC is undefined.</param>
/// <param name="IntervalsDisjoint">Whether their 95% intervals over draws have no value in common, the first above.</param>
public sealed record InitialisationComparison(string First, string Second, int Examples, double? Difference, bool IntervalsDisjoint);
