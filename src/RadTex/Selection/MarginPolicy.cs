namespace RadTex.Selection;

/// <summary>The row the head is least sure of; without a head a random one.</summary>
public sealed class MarginPolicy : ISelectionPolicy
{
    /// <inheritdoc/>
    public string Name => "margin";

    /// <inheritdoc/>
    public string Source => "uncertainty sampling, Lewis and Gale 1994";

    /// <inheritdoc/>
    public bool UsesHead => true;

    /// <inheritdoc/>
    public IReadOnlyList<int> Choose(SelectionState state, int count) => state.Head is not { } head
        ? new RandomPolicy().Choose(state, count)
        : [.. LeastSure(state, head).Take(count)];

    /// <summary>The available rows, the least sure first.</summary>
    internal static IEnumerable<int> LeastSure(SelectionState state, ISelectionHead head) =>
        state.Available.Select(row => (Row: row, Margin: Math.Abs(head.Probability(row) - 0.5))).OrderBy(r => r.Margin).ThenBy(r => r.Row)
            .Select(r => r.Row);
}
