using System.Numerics.Tensors;

namespace RadTex.Selection;

/// <summary>Rows whose class flips where features are dropped, one from each of as many clusters of them; without a head random ones.</summary>
/// <remarks>Source: DropQuery (Gupte et al. 2024): three passes at a dropout of 0.75; where more than half flip, the row is a candidate.</remarks>
public sealed class DropQueryPolicy : ISelectionPolicy
{
    private const int Passes = 3;
    private const double Keep = 0.25;

    /// <inheritdoc/>
    public string Name => "dropquery";

    /// <inheritdoc/>
    public string Source => "DropQuery, Gupte et al. 2024";

    /// <inheritdoc/>
    public bool UsesHead => true;

    /// <inheritdoc/>
    public IReadOnlyList<int> Choose(SelectionState state, int count)
    {
        if (state.Head is not { } head) return new RandomPolicy().Choose(state, count);
        var random = new CounterRandom(state.Seed, (ulong)state.Labelled.Count, 6);
        var dropped = new bool[state.Pool.Width];
        int[] candidates = [.. state.Available.Where(Flips)];
        if (candidates.Length < count) return [.. candidates.Concat(MarginPolicy.LeastSure(state, head).Except(candidates)).Take(count)];
        var (of, centres) = Clusters.Of(state.Pool, candidates, count, random);
        int[] nearest =
            [.. Enumerable.Range(0, candidates.Length).GroupBy(i => of[i]).Select(g => candidates[g.MaxBy(i => Closeness(candidates[i], g.Key))])];
        // Clusters may be empty.
        return [.. nearest.Concat(candidates.Except(nearest)).Take(count)];

        bool Flips(int row)
        {
            bool present = head.Probability(row) >= 0.5;
            int flips = 0;
            for (int pass = 0; pass < Passes; pass++)
            {
                for (int f = 0; f < dropped.Length; f++) dropped[f] = random.UniformDouble() >= Keep;
                if (head.Probability(row, dropped, Keep) >= 0.5 != present) flips++;
            }
            return 2 * flips > Passes;
        }

        float Closeness(int row, int cluster)
        {
            ReadOnlySpan<float> centre = centres.AsSpan(cluster * state.Pool.Width, state.Pool.Width);
            return TensorPrimitives.Dot(state.Pool.Row(row), centre) - TensorPrimitives.SumOfSquares(centre) / 2;
        }
    }
}
