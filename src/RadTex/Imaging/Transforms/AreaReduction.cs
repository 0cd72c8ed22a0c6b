using System.Numerics;

namespace RadTex.Imaging.Transforms;

/// <summary>
/// Makes a picture smaller without aliasing: each new pixel is the mean of the area it covers (box filter), so the mean grey is kept.
/// </summary>
internal static class AreaReduction
{
    private const int RowsAtOnce = 4;

    /// <summary>The sides after reduction to a short side, the aspect kept to the nearest pixel.</summary>
    internal static (int Height, int Width) Size(int height, int width, int shortSide)
    {
        int shorter = Math.Min(height, width);
        int Scaled(int side) => side == shorter ? shortSide : (int)Math.Round((double)side * shortSide / shorter);
        return (Scaled(height), Scaled(width));
    }

    /// <summary>Reduces height x width values to newHeight x newWidth of the same range.</summary>
    /// <param name="pixels">Row by row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="reduced">Filled; newHeight x newWidth.</param>
    /// <param name="newHeight">At most <paramref name="height"/>.</param>
    /// <param name="newWidth">At most <paramref name="width"/>.</param>
    internal static void Reduce<T>(ReadOnlySpan<T> pixels, int height, int width, Span<float> reduced, int newHeight, int newWidth)
        where T : unmanaged, INumberBase<T>
    {
        reduced.Clear();
        double columnStep = (double)width / newWidth, rowStep = (double)height / newHeight;
        var columns = new Share[width];
        for (int x = 0; x < width; x++) columns[x] = Share.Of(x, columnStep, newWidth);
        var rows = new float[RowsAtOnce * newWidth];
        for (int y = 0; y < height; y += RowsAtOnce)
        {
            int count = Math.Min(RowsAtOnce, height - y);
            if (count == RowsAtOnce) ReduceFour(pixels.Slice(y * width, RowsAtOnce * width), columns, rows, newWidth);
            else for (int i = 0; i < count; i++) ReduceRow(pixels.Slice((y + i) * width, width), columns, rows.AsSpan(i * newWidth, newWidth));
            for (int i = 0; i < count; i++)
            {
                var share = Share.Of(y + i, rowStep, newHeight);
                var row = rows.AsSpan(i * newWidth, newWidth);
                Add(row, share.ToFirst, reduced.Slice(share.First * newWidth, newWidth));
                if (share.ToNext > 0) Add(row, share.ToNext, reduced.Slice((share.First + 1) * newWidth, newWidth));
            }
        }
    }

    private static void ReduceRow<T>(ReadOnlySpan<T> source, Share[] columns, Span<float> row)
        where T : unmanaged, INumberBase<T>
    {
        float sum = 0, next = 0;
        int column = 0;
        for (int x = 0; x < columns.Length; x++)
        {
            ref readonly var share = ref columns[x];
            if (share.First != column)
            {
                (row[column], column) = (sum, share.First);
                (sum, next) = (next, 0);
            }
            float value = float.CreateTruncating(source[x]);
            sum += value * share.ToFirst;
            if (share.ToNext > 0) next += value * share.ToNext;
        }
        row[column] = sum;
    }

    // Four rows' sums, each in the order of its own row: no sum waits for another's addition.
    private static void ReduceFour<T>(ReadOnlySpan<T> source, Share[] columns, float[] rows, int newWidth)
        where T : unmanaged, INumberBase<T>
    {
        int width = columns.Length, column = 0;
        ReadOnlySpan<T> a = source[..width], b = source.Slice(width, width), c = source.Slice(2 * width, width), d = source.Slice(3 * width, width);
        float sumA = 0, sumB = 0, sumC = 0, sumD = 0, nextA = 0, nextB = 0, nextC = 0, nextD = 0;
        for (int x = 0; x < columns.Length; x++)
        {
            ref readonly var share = ref columns[x];
            if (share.First != column)
            {
                Keep(rows, newWidth, column, sumA, sumB, sumC, sumD);
                column = share.First;
                (sumA, sumB, sumC, sumD) = (nextA, nextB, nextC, nextD);
                (nextA, nextB, nextC, nextD) = (0, 0, 0, 0);
            }
            float valueA = float.CreateTruncating(a[x]), valueB = float.CreateTruncating(b[x]), valueC = float.CreateTruncating(c[x]),
                valueD = float.CreateTruncating(d[x]);
            sumA += valueA * share.ToFirst;
            sumB += valueB * share.ToFirst;
            sumC += valueC * share.ToFirst;
            sumD += valueD * share.ToFirst;
            if (!(share.ToNext > 0)) continue;
            nextA += valueA * share.ToNext;
            nextB += valueB * share.ToNext;
            nextC += valueC * share.ToNext;
            nextD += valueD * share.ToNext;
        }
        Keep(rows, newWidth, column, sumA, sumB, sumC, sumD);
    }

    private static void Keep(float[] rows, int newWidth, int column, float a, float b, float c, float d)
    {
        rows[column] = a;
        rows[newWidth + column] = b;
        rows[2 * newWidth + column] = c;
        rows[3 * newWidth + column] = d;
    }

    // Products and sums are rounded one after the other, as without vectors: nothing is fused.
    private static void Add(ReadOnlySpan<float> row, float weight, Span<float> sum)
    {
        int x = 0;
        if (Vector.IsHardwareAccelerated)
            for (var weights = new Vector<float>(weight); x <= row.Length - Vector<float>.Count; x += Vector<float>.Count)
                (new Vector<float>(sum[x..]) + new Vector<float>(row[x..]) * weights).CopyTo(sum[x..]);
        for (; x < row.Length; x++) sum[x] += row[x] * weight;
    }

    /// <summary>What a pixel gives to the one or two new pixels it lies under, as parts of their area.</summary>
    private readonly record struct Share(int First, float ToFirst, float ToNext)
    {
        internal static Share Of(int position, double step, int count)
        {
            // Where step > 1 a pixel crosses at most one border between new pixels.
            int first = Math.Min((int)(position / step), count - 1);
            double border = (first + 1) * step;
            double beyond = first + 1 < count ? Math.Clamp(position + 1 - border, 0, 1) : 0;
            return new(first, (float)((1 - beyond) / step), (float)(beyond / step));
        }
    }
}
