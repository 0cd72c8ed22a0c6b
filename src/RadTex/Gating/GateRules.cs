using System.Text.Json;

namespace RadTex.Gating;

/// <summary>The names of rules in files and on pages, such as "body_part".</summary>
public static class GateRules
{
    /// <summary>Every rule in the order in which it is asked.</summary>
    public static IReadOnlyList<GateRule> All { get; } = Enum.GetValues<GateRule>();

    /// <summary>The rule's name in snake case, such as "body_part".</summary>
    public static string Name(this GateRule rule) => JsonNamingPolicy.SnakeCaseLower.ConvertName(rule.ToString());
}
