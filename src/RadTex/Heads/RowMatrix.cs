using System.Numerics;
using System.Runtime.InteropServices;

namespace RadTex.Heads;

/// <summary>Rows of float64 features, [n, d], and the few products a linear classifier needs.</summary>
/// <remarks>Plain vector code: the same result whatever the number of threads, so that fits run side by side.</remarks>
internal sealed class RowMatrix(double[] values, int width, int[] places)
{
    internal RowMatrix(double[] values, int width) : this(values, width, [.. Enumerable.Range(0, width == 0 ? 0 : values.Length / width)]) { }

    /// <summary>n.</summary>
    internal int Count => places.Length;

    /// <summary>d.</summary>
    internal int Width => width;

    internal ReadOnlySpan<double> this[int row] => values.AsSpan(places[row] * width, width);

    /// <summary>Some of the rows, sharing their values.</summary>
    internal RowMatrix Select(IEnumerable<int> rows) => new(values, width, [.. rows.Select(r => places[r])]);

    internal static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var va = MemoryMarshal.Cast<double, Vector<double>>(a);
        var vb = MemoryMarshal.Cast<double, Vector<double>>(b);
        Vector<double> first = default, second = default; // two sums in flight hide the latency of an addition
        int i = 0;
        for (; i + 1 < va.Length; i += 2)
        {
            first += va[i] * vb[i];
            second += va[i + 1] * vb[i + 1];
        }
        if (i < va.Length) first += va[i] * vb[i];
        double sum = Vector.Sum(first + second);
        for (i = va.Length * Vector<double>.Count; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary>target += factor * row.</summary>
    internal static void Add(Span<double> target, double factor, ReadOnlySpan<double> row)
    {
        var to = MemoryMarshal.Cast<double, Vector<double>>(target);
        var from = MemoryMarshal.Cast<double, Vector<double>>(row);
        var scale = new Vector<double>(factor);
        for (int i = 0; i < to.Length; i++) to[i] += scale * from[i];
        for (int i = to.Length * Vector<double>.Count; i < target.Length; i++) target[i] += factor * row[i];
    }

    /// <summary>
    /// The rows in an orthonormal basis of the space they span, [n, r] with r at most n, and that basis, [r, d]: all inner products,
    /// and so every L2-penalised linear fit, stay what they were while d shrinks to r. Gram-Schmidt, each row orthogonalised twice.
    /// </summary>
    internal (RowMatrix Reduced, RowMatrix Basis) InOwnBasis()
    {
        var basis = new List<double[]>();
        var coordinates = new List<double[]>(Count);
        var rest = new double[width];
        for (int i = 0; i < Count; i++)
        {
            this[i].CopyTo(rest);
            double length = Math.Sqrt(Dot(rest, rest));
            var along = new double[Count];
            for (int pass = 0; pass < 2; pass++)
                for (int j = 0; j < basis.Count; j++)
                {
                    double component = Dot(rest, basis[j]);
                    Add(rest, -component, basis[j]);
                    along[j] += component;
                }
            double left = Math.Sqrt(Dot(rest, rest));
            if (left > 1e-12 * length)
            {
                along[basis.Count] = left;
                basis.Add([.. rest.Select(v => v / left)]);
            }
            coordinates.Add(along);
        }
        int rank = basis.Count;
        return (new RowMatrix([.. coordinates.SelectMany(c => c.Take(rank))], rank, [.. Enumerable.Range(0, Count)]),
            new RowMatrix([.. basis.SelectMany(b => b)], width, [.. Enumerable.Range(0, rank)]));
    }
}
