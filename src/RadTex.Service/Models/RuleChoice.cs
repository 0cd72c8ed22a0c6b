namespace RadTex.Service.Models;

/// <summary>What the rules say of an instance.</summary>
/// <param name="Model">The model's name; null where it is skipped or no rule fits.</param>
/// <param name="Shadow">The second model's name; null for none.</param>
/// <param name="IsSkipped">Whether a rule says that it is left alone.</param>
/// <param name="Why">Which rule, and what of it was compared. No value of the header stands in it.</param>
public sealed record RuleChoice(string? Model, string? Shadow, bool IsSkipped, string Why);
