namespace RadTex.Selection;

/// <summary>Rows whose gradients at the label the head expects are long and point apart; without a head random ones.</summary>
/// <remarks>
/// Source: BADGE (Ash et al. 2020). Of a logistic head the gradient is (p - y) x, so that its length is the smaller of p and 1 - p for rows of unit
/// length.
/// </remarks>
public sealed class BadgePolicy : ISelectionPolicy
{
    /// <inheritdoc/>
    public string Name => "badge";

    /// <inheritdoc/>
    public string Source => "BADGE, Ash et al. 2020";

    /// <inheritdoc/>
    public bool UsesHead => true;

    /// <inheritdoc/>
    public IReadOnlyList<int> Choose(SelectionState state, int count)
    {
        if (state.Head is not { } head) return new RandomPolicy().Choose(state, count);
        double[] factors = [.. state.Available.Select(row => head.Probability(row) is var p && p >= 0.5 ? p - 1 : p)];
        int[] chosen = Clusters.Spread(
            state.Available.Count, count, new CounterRandom(state.Seed, (ulong)state.Labelled.Count, 5), (a, b) =>
            {
                double cosine = 1 - state.Pool.SquaredDistance(state.Available[a], state.Available[b]) / 2;
                return factors[a] * factors[a] + factors[b] * factors[b] - 2 * factors[a] * factors[b] * cosine;
            });
        return [.. chosen.Select(i => state.Available[i])];
    }
}
