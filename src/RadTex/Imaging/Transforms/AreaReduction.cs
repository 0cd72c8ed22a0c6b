using System.Numerics;

namespace RadTex.Imaging.Transforms;

/// <summary>
/// Makes a picture smaller without aliasing: each new pixel is the mean of the area it covers (box filter), so the mean grey is kept.
/// </summary>
internal static class AreaReduction
{
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
        var row = new float[newWidth];
        double columnStep = (double)width / newWidth, rowStep = (double)height / newHeight;
        var columns = new Share[width];
        for (int x = 0; x < width; x++) columns[x] = Share.Of(x, columnStep, newWidth);
        for (int y = 0; y < height; y++)
        {
            Array.Clear(row);
            var source = pixels.Slice(y * width, width);
            for (int x = 0; x < width; x++)
            {
                ref readonly var share = ref columns[x];
                float value = float.CreateTruncating(source[x]);
                row[share.First] += value * share.ToFirst;
                if (share.ToNext > 0) row[share.First + 1] += value * share.ToNext;
            }
            var rows = Share.Of(y, rowStep, newHeight);
            Add(row, rows.ToFirst, reduced.Slice(rows.First * newWidth, newWidth));
            if (rows.ToNext > 0) Add(row, rows.ToNext, reduced.Slice((rows.First + 1) * newWidth, newWidth));
        }
    }

    private static void Add(ReadOnlySpan<float> row, float weight, Span<float> sum)
    {
        for (int x = 0; x < row.Length; x++) sum[x] += row[x] * weight;
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
