using RadTex.Heads;

namespace RadTex.Experiments.Sweeps;

/// <summary>Whether each side of a comparison was tried as often as the others: the one that is tried more often wins by that alone.</summary>
internal static class SweepEffort
{
    /// <summary>Tells the numbers of candidates of the rows that are compared where they differ; null where they are equal.</summary>
    internal static string? Warning(IEnumerable<SweepInitialisation> initialisations)
    {
        SweepInitialisation[] compared = [.. initialisations.Where(i => i is { IsCompared: true, IsViewOnly: false, Missing: null })];
        if (compared.Select(Counts).Distinct().Count() < 2) return null;
        var counts = compared.GroupBy(Counts).Select(g => $"{string.Join(", ", g.Select(i => i.Name))}: {g.Key}");
        return $"Unequal numbers of candidates: {string.Join("; ", counts)}. The side that is tried more often is favoured: give both as many.";
    }

    private static string Counts(SweepInitialisation initialisation) => initialisation.FineTunes
        ? initialisation.Candidates is { Count: > 1 } candidates ? $"{candidates.Count} recipes, chosen on validation data" : "1 recipe"
        : string.Join(" and ", initialisation.Heads.OrderBy(h => h == HeadKind.Logistic).Select(h => h == HeadKind.Logistic
            ? $"{LogisticHead.Variances.Count} strengths of our head, chosen inside its labels" : "1 recipe of the paper's head"));
}
