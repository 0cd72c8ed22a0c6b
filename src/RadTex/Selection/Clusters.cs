using System.Numerics.Tensors;

namespace RadTex.Selection;

/// <summary>Clusters of rows by Lloyd's iterations from k-means++ (Arthur and Vassilvitskii 2007).</summary>
internal static class Clusters
{
    private const int MostIterations = 25;

    /// <summary>The cluster of each row and the centres, [k, F].</summary>
    /// <param name="pool">Where the rows lie.</param>
    /// <param name="rows">Which are clustered.</param>
    /// <param name="count">k; at most the rows.</param>
    /// <param name="random">Draws the first centres.</param>
    internal static (int[] Of, float[] Centres) Of(SelectionPool pool, IReadOnlyList<int> rows, int count, CounterRandom random)
    {
        int width = pool.Width;
        count = Math.Min(count, rows.Count);
        int[] firsts = Spread(rows.Count, count, random, (a, b) => pool.SquaredDistance(rows[a], rows[b]));
        var centres = new float[count * width];
        for (int k = 0; k < count; k++) pool.Row(rows[firsts[k]]).CopyTo(centres.AsSpan(k * width));
        var of = new int[rows.Count];
        for (int iteration = 0; iteration < MostIterations; iteration++)
        {
            bool moved = Assign(pool, rows, centres, count, of) > 0;
            if (!moved && iteration > 0) break;
            Recentre(pool, rows, centres, count, of);
        }
        Assign(pool, rows, centres, count, of);
        return (of, centres);
    }

    /// <summary>
    /// Points far from each other, by k-means++: each next one drawn with a chance in proportion to its squared distance from those drawn.
    /// </summary>
    /// <param name="points">How many there are.</param>
    /// <param name="count">How many are wanted; fewer come where all others lie on those drawn.</param>
    /// <param name="random">Draws them.</param>
    /// <param name="squaredDistance">Between two points.</param>
    internal static int[] Spread(int points, int count, CounterRandom random, Func<int, int, double> squaredDistance)
    {
        if (points == 0 || count == 0) return [];
        var drawn = new List<int> { random.Below(points) };
        var nearest = new double[points];
        Array.Fill(nearest, double.PositiveInfinity);
        while (drawn.Count < Math.Min(points, count))
        {
            double sum = 0;
            for (int i = 0; i < points; i++)
            {
                nearest[i] = i == drawn[^1] ? 0 : Math.Min(nearest[i], squaredDistance(i, drawn[^1]));
                sum += nearest[i];
            }
            if (!(sum > 0))
            {
                // All lie on the drawn ones: any other will do.
                int other = Enumerable.Range(0, points).First(i => !drawn.Contains(i));
                drawn.Add(other);
                continue;
            }
            double at = random.UniformDouble() * sum;
            int next = 0;
            while (next < points - 1 && (at -= nearest[next]) >= 0) next++;
            while (nearest[next] == 0) next = (next + points - 1) % points; // rounding may end on one that is drawn
            drawn.Add(next);
        }
        return [.. drawn];
    }

    /// <summary>Puts each row into the cluster of the nearest centre; tells how many changed.</summary>
    private static int Assign(SelectionPool pool, IReadOnlyList<int> rows, float[] centres, int count, int[] of)
    {
        int width = pool.Width, changed = 0;
        var halves = new float[count]; // |x - c|² = |x|² - 2 (x·c - |c|²/2)
        for (int k = 0; k < count; k++) halves[k] = TensorPrimitives.SumOfSquares(centres.AsSpan(k * width, width).AsReadOnly()) / 2;
        for (int i = 0; i < rows.Count; i++)
        {
            var row = pool.Row(rows[i]);
            int best = 0;
            float nearest = float.NegativeInfinity;
            for (int k = 0; k < count; k++)
            {
                float value = TensorPrimitives.Dot(row, centres.AsSpan(k * width, width).AsReadOnly()) - halves[k];
                if (value > nearest) (nearest, best) = (value, k);
            }
            if (of[i] != best) changed++;
            of[i] = best;
        }
        return changed;
    }

    private static void Recentre(SelectionPool pool, IReadOnlyList<int> rows, float[] centres, int count, int[] of)
    {
        int width = pool.Width;
        var members = new int[count];
        var sums = new float[count * width];
        for (int i = 0; i < rows.Count; i++)
        {
            members[of[i]]++;
            var sum = sums.AsSpan(of[i] * width, width);
            TensorPrimitives.Add(sum.AsReadOnly(), pool.Row(rows[i]), sum);
        }
        for (int k = 0; k < count; k++)
            if (members[k] > 0) // an empty cluster keeps its centre
            {
                var centre = centres.AsSpan(k * width, width);
                TensorPrimitives.Divide(sums.AsSpan(k * width, width).AsReadOnly(), members[k], centre);
            }
    }

    private static ReadOnlySpan<float> AsReadOnly(this Span<float> span) => span;
}
