using RadTex.Service.Settings;

namespace RadTex.Service.Models;

/// <summary>The rules that choose the model: the first that fits decides.</summary>
internal sealed class RuleBook
{
    private readonly IReadOnlyList<RuleSettings> rules;

    /// <exception cref="UserErrorException">A rule names a model that is not there; or there are no rules, and not one model alone.</exception>
    internal RuleBook(IReadOnlyList<RuleSettings> rules, ModelRegistry registry)
    {
        var models = registry.Models;
        if (rules.Count == 0)
            rules = models.Count == 1 ? [new RuleSettings { Model = models.Keys.Single() }]
                : throw new UserErrorException(
                    $"The registry has {models.Count} models ({registry.Names()}) and the configuration no rules. Expected one model, or rules.");
        foreach (var (i, rule) in rules.Index())
            foreach (var name in new[] { rule.Model, rule.Shadow }.OfType<string>())
                if (!models.ContainsKey(name))
                    throw new UserErrorException($"rules.{i} names the model '{name}', which the registry lacks. It has {registry.Names()}.");
        this.rules = rules;
    }

    internal IEnumerable<string> Names => rules.SelectMany(r => new[] { r.Model, r.Shadow }).OfType<string>().Distinct();

    internal RuleChoice Choose(ArrivedHeader header)
    {
        foreach (var (i, rule) in rules.Index())
        {
            (string Name, IReadOnlyList<string> Wanted, string Found)[] tests =
            [
                ("called_ae", rule.CalledAe, header.CalledAe), ("view", rule.View, header.View), ("modality", rule.Modality, header.Modality),
                ("station", rule.Station, header.Station),
            ];
            var asked = tests.Where(t => t.Wanted.Count > 0).ToArray();
            if (!asked.All(t => t.Wanted.Contains(t.Found, StringComparer.OrdinalIgnoreCase))) continue;
            var why = asked.Length == 0 ? $"rules.{i}, which fits everything" : $"rules.{i}, by {string.Join(", ", asked.Select(t => t.Name))}";
            return new(rule.Model, rule.Shadow, rule.Skip, why);
        }
        return new(null, null, false, $"none of the {rules.Count} rules fits");
    }
}
