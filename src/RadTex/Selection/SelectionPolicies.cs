namespace RadTex.Selection;

/// <summary>Every policy by name.</summary>
public static class SelectionPolicies
{
    private const int TypicalLabels = 10, TypicalOfAClass = 3;

    /// <summary>What is taken where none is named: no other was shown to be better (docs/results/policies.md).</summary>
    public const string Usual = PolicyStudy.Random;

    /// <summary>What is taken where none is named and scores are known before any label, by which it balances its first picks.</summary>
    public const string UsualWithPrior = "staged";

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
            UsualWithPrior, "typical until ten labels or three of each class, then margin with diversity", new DiverseMarginPolicy(), TypicalLabels,
            TypicalOfAClass),
    ];

    /// <summary>Whether a policy makes use of scores that are known before any label.</summary>
    public static bool UsesPrior(ISelectionPolicy policy) => policy is TypicalPolicy or StagedPolicy;

    /// <summary>The policy of a name.</summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    public static ISelectionPolicy Of(string name) => All.FirstOrDefault(p => p.Name == name)
        ?? throw new UserErrorException($"No policy is called '{name}'. Expected {string.Join(", ", All.Select(p => p.Name))}.");
}
