namespace RadTex.Selection;

/// <summary>Typical examples first, another policy once there is something to be unsure of.</summary>
/// <remarks>
/// Source: TCM (Doucet et al. 2024), TypiClust and then margin. Uncertainty from the first label is worse than chance; typical examples cure the cold
/// start.
/// </remarks>
/// <param name="name">Its name.</param>
/// <param name="source">Whom it is by.</param>
/// <param name="later">What follows.</param>
/// <param name="labels">After so many labels.</param>
/// <param name="ofAClass">Or after so many of each class, whichever comes first; null for labels alone.</param>
public sealed class StagedPolicy(string name, string source, ISelectionPolicy later, int labels, int? ofAClass) : ISelectionPolicy
{
    private readonly TypicalPolicy typical = new();

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Source => source;

    /// <inheritdoc/>
    public bool UsesHead => true;

    /// <inheritdoc/>
    public IReadOnlyList<int> Choose(SelectionState state, int count)
    {
        bool isLater = state.Head is not null && (state.Labelled.Count >= labels || state.FewestOfAClass >= ofAClass);
        return isLater ? later.Choose(state, count) : typical.Choose(state, count);
    }
}
