using System.Runtime.CompilerServices;

namespace RadTex.Selection;

/// <summary>The row whose ball covers most rows that no labelled row's ball covers.</summary>
/// <remarks>
/// Source: ProbCover (Yehuda et al. 2022). The radius is the largest of a grid at which 95% of the balls are pure in the clusters of k-means with as
/// many clusters as classes, as its authors take it. Pools above <see cref="MostRows"/> are thinned by chance: the graph has n² edges.
/// </remarks>
public sealed class ProbCoverPolicy : ISelectionPolicy
{
    internal const int MostRows = 2_000;
    private const double Purity = 0.95;
    private const int Classes = 2, Radii = 20;

    private static readonly ConditionalWeakTable<SelectionPool, Graph> Graphs = [];

    /// <inheritdoc/>
    public string Name => "probcover";

    /// <inheritdoc/>
    public string Source => "ProbCover, Yehuda et al. 2022";

    /// <inheritdoc/>
    public bool UsesHead => false;

    /// <inheritdoc/>
    public IReadOnlyList<int> Choose(SelectionState state, int count)
    {
        var (rows, radius) = Graphs.GetValue(state.Pool, Graph.Of);
        var covered = new bool[rows.Length];
        foreach (int labelled in state.Labelled) Cover(labelled);
        var available = new HashSet<int>(state.Available);
        int[] free = [.. rows.Where(available.Contains)];
        var chosen = new List<int>();
        while (chosen.Count < Math.Min(count, free.Length))
        {
            int best = free.Where(r => !chosen.Contains(r)).MaxBy(row => Uncovered(row));
            chosen.Add(best);
            Cover(best);
        }
        return chosen;

        int Uncovered(int row)
        {
            int sum = 0;
            for (int i = 0; i < rows.Length; i++)
                if (!covered[i] && state.Pool.SquaredDistance(row, rows[i]) <= radius) sum++;
            return sum;
        }

        void Cover(int row)
        {
            for (int i = 0; i < rows.Length; i++) covered[i] |= state.Pool.SquaredDistance(row, rows[i]) <= radius;
        }
    }

    // The rows and the radius follow from the pool alone: they are found once, at a cost of n² distances.
    private sealed record Graph(int[] Rows, double Radius)
    {
        internal static Graph Of(SelectionPool pool)
        {
            int[] rows = pool.Count <= MostRows ? [.. Enumerable.Range(0, pool.Count)]
                : [.. new CounterRandom(0, 3).Permutation(pool.Count).Take(MostRows).Order()];
            return new(rows, SquaredRadius(pool, rows, new CounterRandom(0, 4)));
        }
    }

    /// <summary>The squared radius.</summary>
    private static double SquaredRadius(SelectionPool pool, int[] rows, CounterRandom random)
    {
        var (of, _) = Clusters.Of(pool, rows, Classes, random);
        // A ball is pure up to its nearest row of another cluster.
        double[] reach = [.. rows.Select(
            (row, i) => rows.Select((other, j) => of[i] == of[j] ? double.PositiveInfinity : pool.SquaredDistance(row, other)).Min())];
        double step = 2.0 / Radii;
        for (int k = Radii; k > 1; k--)
        {
            double squared = k * step * k * step / 2;
            if (reach.Count(r => r > squared) >= Purity * rows.Length) return squared;
        }
        return step * step / 2;
    }
}
