using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RadTex.Learning.Native;
using static TorchSharp.torch;

namespace RadTex.Learning.Kernels;

/// <summary>Rows and columns of the output layer in another order, or some of them alone. All in this machine's memory.</summary>
internal static unsafe class WordRows
{
    private const int SmallestStretch = 64;

    /// <summary>
    /// Row order[i] of a matrix as row i, in bfloat16, and rows of zeros up to <paramref name="count"/>; the largest norm of a row beside them.
    /// </summary>
    /// <param name="matrix">[V, D] float32.</param>
    /// <param name="order">V row numbers.</param>
    /// <param name="count">Rows of the result, V or more.</param>
    internal static (Tensor Rows, double LargestNorm) Permuted(Tensor matrix, ReadOnlySpan<int> order, long count)
    {
        var result = empty([count, matrix.shape[1]], dtype: ScalarType.BFloat16);
        long D = matrix.shape[1], V = order.Length;
        nint from = HostTensor.Address(matrix), to = HostTensor.Address(result);
        var squares = new float[TorchThreads.Parts(count, SmallestStretch)];
        fixed (int* rows = order)
        {
            nint numbers = (nint)rows;
            TorchThreads.For(count, SmallestStretch, (part, first, end) =>
            {
                for (long i = first; i < end; i++)
                {
                    var target = (ushort*)to + i * D;
                    if (i >= V) Unsafe.InitBlockUnaligned(target, 0, (uint)(D * sizeof(ushort)));
                    else squares[part] = Math.Max(squares[part], Convert((float*)from + ((int*)numbers)[i] * D, target, D));
                }
            });
        }
        GC.KeepAlive(matrix);
        return (result, Math.Sqrt(squares.Max()));
    }

    /// <summary>Some columns of some rows of a matrix, [R, C] to [T, L], and rows of zeros up to a multiple of 64.</summary>
    /// <param name="matrix">bfloat16.</param>
    /// <param name="rows">T row numbers.</param>
    /// <param name="columns">Stretches, L columns together.</param>
    internal static Tensor Columns(Tensor matrix, int[] rows, IReadOnlyList<(int First, int Count)> columns)
    {
        long C = matrix.shape[1], L = columns.Sum(c => (long)c.Count), filled = (rows.Length + 63) / 64 * 64;
        var result = empty([filled, L], dtype: ScalarType.BFloat16);
        nint from = HostTensor.Address(matrix), to = HostTensor.Address(result);
        TorchThreads.For(filled, SmallestStretch, (_, first, end) =>
        {
            for (long i = first; i < end; i++)
            {
                var target = (ushort*)to + i * L;
                if (i >= rows.Length)
                {
                    Unsafe.InitBlockUnaligned(target, 0, (uint)(L * sizeof(ushort)));
                    continue;
                }
                long row = rows[i];
                foreach (var (start, count) in columns)
                {
                    Unsafe.CopyBlockUnaligned(target, (ushort*)from + row * C + start, (uint)(count * sizeof(ushort)));
                    target += count;
                }
            }
        });
        GC.KeepAlive(matrix);
        return result;
    }

    /// <summary>Some rows of a matrix, [C, D] to [L, D].</summary>
    /// <param name="matrix">bfloat16.</param>
    /// <param name="rows">Stretches, L rows together.</param>
    internal static Tensor Rows(Tensor matrix, IReadOnlyList<(int First, int Count)> rows)
    {
        using var scope = NewDisposeScope();
        return cat([.. rows.Select(r => matrix.narrow(0, r.First, r.Count))]).MoveToOuterDisposeScope();
    }

    /// <summary>Adds factor · values[i] to a row of a matrix each.</summary>
    /// <param name="matrix">[V, D] float32.</param>
    /// <param name="values">[L, D] bfloat16.</param>
    /// <param name="rows">L row numbers, each once; from V on they are no rows.</param>
    /// <param name="factor">Of all.</param>
    internal static void Add(Tensor matrix, Tensor values, int[] rows, float factor)
    {
        long D = matrix.shape[1], V = matrix.shape[0];
        nint to = HostTensor.Address(matrix), from = HostTensor.Address(values);
        TorchThreads.For(rows.Length, SmallestStretch, (_, first, end) =>
        {
            for (long i = first; i < end; i++)
                if (rows[i] < V) AddRow((float*)to + rows[i] * D, (ushort*)from + i * D, D, factor);
        });
        GC.KeepAlive(matrix);
        GC.KeepAlive(values);
    }

    // The sum of squares is what it returns.
    private static float Convert(float* from, ushort* to, long count)
    {
        long whole = count / Lanes.Count * Lanes.Count;
        var squares = Vector512<float>.Zero;
        for (long i = 0; i < whole; i += Lanes.Count)
        {
            var values = Lanes.Load(from + i);
            squares += values * values;
            Lanes.Store(to + i, values);
        }
        float sum = Vector512.Sum(squares);
        for (long i = whole; i < count; i++)
        {
            sum += from[i] * from[i];
            Lanes.Store1(to + i, from[i]);
        }
        return sum;
    }

    private static void AddRow(float* to, ushort* from, long count, float factor)
    {
        long whole = count / Lanes.Count * Lanes.Count;
        var scale = Vector512.Create(factor);
        for (long i = 0; i < whole; i += Lanes.Count) Lanes.Store(to + i, Lanes.Load(to + i) + Lanes.Load(from + i) * scale);
        for (long i = whole; i < count; i++) to[i] += Lanes.Load1(from + i) * factor;
    }
}
