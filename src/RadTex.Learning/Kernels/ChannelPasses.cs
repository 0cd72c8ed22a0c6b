using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RadTex.Learning.Kernels;

/// <summary>The passes over memory that <see cref="ChannelNorm"/> is made of, sixteen channels at a time, on one thread's stretch of rows.</summary>
internal static unsafe class ChannelPasses
{
    private const int RowsAtOnce = 512; // summed in float32 before they join sums in float64

    /// <summary>Adds each channel's sum of x - origin and of its square.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddMoments<T>(ChannelRows rows, float[] origin, Span<double> sum, Span<double> square) where T : unmanaged
    {
        int C = rows.C;
        T* x = (T*)rows.X;
        fixed (float* zero = origin)
        {
            var block = new float[2 * C];
            fixed (float* s = block)
            {
                float* q = s + C;
                for (long start = rows.First; start < rows.End; start += RowsAtOnce)
                {
                    block.AsSpan().Clear();
                    long end = Math.Min(start + RowsAtOnce, rows.End);
                    for (long row = start; row < end; row++)
                    {
                        T* values = x + row * C;
                        for (int c = 0; c < C; c += Lanes.Count)
                        {
                            var value = Lanes.Load(values + c) - Vector512.Load(zero + c);
                            (Vector512.Load(s + c) + value).Store(s + c);
                            Vector512.MultiplyAddEstimate(value, value, Vector512.Load(q + c)).Store(q + c);
                        }
                    }
                    for (int c = 0; c < C; c++)
                    {
                        sum[c] += s[c];
                        square[c] += q[c];
                    }
                }
            }
        }
    }

    /// <summary>Result = factor x + offset + what is added, not under zero where rectified.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Normalise<T>(ChannelRows rows, float[] factors, float[] offsets, bool rectify) where T : unmanaged
    {
        int C = rows.C;
        T* x = (T*)rows.X, shortcut = (T*)rows.Added, y = (T*)rows.Result;
        long end = rows.End;
        var least = Vector512.Create(rectify ? 0 : float.NegativeInfinity);
        fixed (float* factor = factors, offset = offsets)
            for (long row = rows.First; row < end; row++)
            {
                T* values = x + row * C, added = shortcut + row * C, results = y + row * C;
                for (int c = 0; c < C; c += Lanes.Count)
                {
                    var value = Vector512.MultiplyAddEstimate(Lanes.Load(values + c), Vector512.Load(factor + c), Vector512.Load(offset + c));
                    if (shortcut is not null) value += Lanes.Load(added + c);
                    Lanes.Store(results + c, Vector512.Max(value, least));
                }
            }
    }

    /// <summary>Adds each channel's sum of g and of g (x - mean); g is the gradient where it passes, and is the result where there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddGradients<T>(ChannelRows rows, float[] means, Span<double> sums, Span<double> products) where T : unmanaged
    {
        int C = rows.C;
        T* x = (T*)rows.X, y = (T*)rows.Passed, gradient = (T*)rows.Gradient, kept = (T*)rows.Result;
        var block = new float[2 * C];
        fixed (float* mean = means, s = block)
        {
            float* p = s + C;
            for (long start = rows.First; start < rows.End; start += RowsAtOnce)
            {
                block.AsSpan().Clear();
                long end = Math.Min(start + RowsAtOnce, rows.End);
                for (long row = start; row < end; row++)
                {
                    long at = row * C;
                    for (int c = 0; c < C; c += Lanes.Count)
                    {
                        var value = Lanes.LoadPassed(gradient + at + c, y is null ? null : y + at + c);
                        if (kept is not null) Lanes.Store(kept + at + c, value);
                        (Vector512.Load(s + c) + value).Store(s + c);
                        Vector512.MultiplyAddEstimate(value, Lanes.Load(x + at + c) - Vector512.Load(mean + c), Vector512.Load(p + c)).Store(p + c);
                    }
                }
                for (int c = 0; c < C; c++)
                {
                    sums[c] += s[c];
                    products[c] += p[c];
                }
            }
        }
    }

    /// <summary>Result = factor g + slope x + constant; g is the gradient where it passes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void ImageGradients<T>(ChannelRows rows, float[] factors, float[] slopes, float[] constants) where T : unmanaged
    {
        int C = rows.C;
        T* x = (T*)rows.X, y = (T*)rows.Passed, gradient = (T*)rows.Gradient, result = (T*)rows.Result;
        long end = rows.End;
        fixed (float* factor = factors, slope = slopes, constant = constants)
            for (long row = rows.First; row < end; row++)
            {
                long at = row * C;
                for (int c = 0; c < C; c += Lanes.Count)
                {
                    var value = Lanes.LoadPassed(gradient + at + c, y is null ? null : y + at + c);
                    var straight = Vector512.MultiplyAddEstimate(Lanes.Load(x + at + c), Vector512.Load(slope + c), Vector512.Load(constant + c));
                    Lanes.Store(result + at + c, Vector512.MultiplyAddEstimate(value, Vector512.Load(factor + c), straight));
                }
            }
    }
}
