namespace RadTex.Selection;

/// <summary>Every policy by name.</summary>
public static class SelectionPolicies
{
    private const int TypicalLabels = 10, TypicalOfAClass = 3;

    /// <summary>In the order of tables, the random one first.</summary>
    public static IReadOnlyList<ISelectionPolicy> All { get; } =
    [
        new RandomPolicy(),
        new TypicalPolicy(),
        new KCentrePolicy(),
        new ProbCoverPolicy(),
        new BadgePolicy(),
        new MarginPolicy(),
        new DropQueryPolicy(),
        new StagedPolicy("tcm", "TCM, Doucet et al. 2024", new MarginPolicy(), TypicalLabels, null),
        new StagedPolicy(
            "staged", "typical until ten labels or three of each class, then margin with diversity", new DiverseMarginPolicy(), TypicalLabels,
            TypicalOfAClass),
    ];

    /// <summary>The policy of a name.</summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    public static ISelectionPolicy Of(string name) => All.FirstOrDefault(p => p.Name == name)
        ?? throw new UserErrorException($"No policy is called '{name}'. Expected {string.Join(", ", All.Select(p => p.Name))}.");
}
