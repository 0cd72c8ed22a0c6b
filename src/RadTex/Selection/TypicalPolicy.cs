namespace RadTex.Selection;

/// <summary>
/// Typical examples of parts of the pool that have no label yet: clusters as many as labels there will be, and of each largest cluster without a
/// label the row with the highest inverse mean distance to its nearest ones.
/// </summary>
/// <remarks>
/// Source: TypiClust (Hacohen, Dekel and Weinshall 2022). Where the pool has prior scores, picks alternate between its upper and its lower half: a
/// finding of few percent would else not be met in the first ten.
/// </remarks>
public sealed class TypicalPolicy : ISelectionPolicy
{
    internal const int MostClusters = 500, Neighbours = 20, SmallCluster = 5;

    /// <inheritdoc/>
    public string Name => "typical";

    /// <inheritdoc/>
    public string Source => "TypiClust, Hacohen et al. 2022";

    /// <inheritdoc/>
    public bool UsesHead => false;

    /// <inheritdoc/>
    public IReadOnlyList<int> Choose(SelectionState state, int count)
    {
        count = Math.Min(count, state.Available.Count);
        if (count == 0) return [];
        var random = new CounterRandom(state.Seed, (ulong)state.Labelled.Count, 1);
        int[] rows = [.. state.Available.Concat(state.Labelled)];
        var (of, _) = Clusters.Of(state.Pool, rows, Math.Min(state.Labelled.Count + count, MostClusters), random);
        var labelled = new HashSet<int>(state.Labelled);
        var clusters = rows.Select((row, i) => (Row: row, Cluster: of[i])).GroupBy(r => r.Cluster)
            .Select(g => (Rows: g.Select(r => r.Row).ToArray(), Labels: g.Count(r => labelled.Contains(r.Row)))).ToList();
        var upper = UpperHalf(state);
        var chosen = new List<int>();
        while (chosen.Count < count)
        {
            // Fewest labels first, then the largest; small clusters are outliers.
            int next = Enumerable.Range(0, clusters.Count).Where(k => clusters[k].Rows.Any(IsFree))
                .OrderBy(k => clusters[k].Rows.Length <= SmallCluster).ThenBy(k => clusters[k].Labels).ThenByDescending(k => clusters[k].Rows.Length)
                    .First();
            var (members, labels) = clusters[next];
            bool wantsUpper = (state.Labelled.Count + chosen.Count) % 2 == 0;
            int[] free = [.. members.Where(IsFree)];
            int[] half = upper is null ? free : [.. free.Where(r => upper.Contains(r) == wantsUpper)];
            chosen.Add(MostTypical(state.Pool, members, half.Length > 0 ? half : free));
            clusters[next] = (members, labels + 1);
        }
        return chosen;

        bool IsFree(int row) => !labelled.Contains(row) && !chosen.Contains(row);
    }

    private static HashSet<int>? UpperHalf(SelectionState state) => state.Pool.Prior is not { } prior ? null
        : [.. state.Available.OrderByDescending(r => prior[r]).Take(state.Available.Count / 2)];

    private static int MostTypical(SelectionPool pool, int[] members, int[] candidates)
    {
        int neighbours = Math.Min(Neighbours, members.Length - 1);
        if (neighbours == 0) return candidates[0];
        var distances = new double[members.Length];
        return candidates.MinBy(row =>
        {
            for (int i = 0; i < members.Length; i++) distances[i] = pool.SquaredDistance(row, members[i]);
            Array.Sort(distances);
            double sum = 0;
            for (int i = 1; i <= neighbours; i++) sum += Math.Sqrt(distances[i]); // the first is the row itself
            return sum;
        });
    }
}
