namespace RadTex.Selection;

/// <summary>Any radiograph, each as likely as the others.</summary>
public sealed class RandomPolicy : ISelectionPolicy
{
    /// <inheritdoc/>
    public string Name => "random";

    /// <inheritdoc/>
    public string Source => "the paper's own";

    /// <inheritdoc/>
    public bool UsesHead => false;

    /// <inheritdoc/>
    public IReadOnlyList<int> Choose(SelectionState state, int count)
    {
        var order = new CounterRandom(state.Seed, (ulong)state.Labelled.Count).Permutation(state.Available.Count);
        return [.. order.Take(count).Select(i => state.Available[i])];
    }
}
