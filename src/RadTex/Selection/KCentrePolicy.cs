namespace RadTex.Selection;

/// <summary>The row farthest from every labelled one, again and again.</summary>
/// <remarks>Source: core-sets by greedy k-centre (Sener and Savarese 2018).</remarks>
public sealed class KCentrePolicy : ISelectionPolicy
{
    /// <inheritdoc/>
    public string Name => "k-centre";

    /// <inheritdoc/>
    public string Source => "core-set, Sener and Savarese 2018";

    /// <inheritdoc/>
    public bool UsesHead => false;

    /// <inheritdoc/>
    public IReadOnlyList<int> Choose(SelectionState state, int count)
    {
        var chosen = new List<int>();
        if (state.Available.Count == 0) return chosen;
        var nearest = new double[state.Available.Count];
        Array.Fill(nearest, double.PositiveInfinity);
        foreach (int row in state.Labelled) Approach(row);
        if (state.Labelled.Count == 0) Add(new CounterRandom(state.Seed, 2).Below(state.Available.Count));
        while (chosen.Count < Math.Min(count, state.Available.Count)) Add(Array.IndexOf(nearest, nearest.Max()));
        return [.. chosen.Take(count)];

        void Add(int index)
        {
            chosen.Add(state.Available[index]);
            Approach(state.Available[index]);
            nearest[index] = double.NegativeInfinity;
        }

        void Approach(int row)
        {
            for (int i = 0; i < nearest.Length; i++)
                if (nearest[i] != double.NegativeInfinity) nearest[i] = Math.Min(nearest[i], state.Pool.SquaredDistance(state.Available[i], row));
        }
    }
}
