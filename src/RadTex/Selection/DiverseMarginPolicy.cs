namespace RadTex.Selection;

/// <summary>Of the rows the head is least sure of, those far from each other; without a head random ones.</summary>
public sealed class DiverseMarginPolicy : ISelectionPolicy
{
    private const int CandidatesPerPick = 10;

    /// <inheritdoc/>
    public string Name => "diverse margin";

    /// <inheritdoc/>
    public string Source => "margin within clusters, Citovsky et al. 2021";

    /// <inheritdoc/>
    public bool UsesHead => true;

    /// <inheritdoc/>
    public IReadOnlyList<int> Choose(SelectionState state, int count)
    {
        if (state.Head is not { } head) return new RandomPolicy().Choose(state, count);
        int[] candidates = [.. MarginPolicy.LeastSure(state, head).Take(CandidatesPerPick * count)];
        if (count == 1 || candidates.Length <= count) return [.. candidates.Take(count)];
        // The first is the least sure; the others are those farthest from what is chosen.
        var chosen = new List<int> { candidates[0] };
        while (chosen.Count < count)
            chosen.Add(candidates.Where(row => !chosen.Contains(row)).MaxBy(row => chosen.Min(other => state.Pool.SquaredDistance(row, other))));
        return chosen;
    }
}
