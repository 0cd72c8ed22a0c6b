using System.Numerics.Tensors;

namespace RadTex.Inspection;

/// <summary>A picture's details without its exposure: a band of frequencies divided by its strength round about.</summary>
internal static class ContrastBand
{
    /// <summary>Radii of the means, in pixels: what is finer is noise, what is coarser is exposure, and where contrast is measured.</summary>
    private const int Fine = 1, Coarse = 5, Contrast = 8;

    /// <summary>Grey levels of contrast below which there is nothing to see.</summary>
    private const float LeastContrast = 2;

    /// <summary>The band of side x side greys.</summary>
    internal static float[] EvenOut(ReadOnlySpan<float> picture, int side)
    {
        var band = Mean(picture, side, Fine);
        TensorPrimitives.Subtract(band, Mean(picture, side, Coarse), band);
        var square = new float[band.Length];
        TensorPrimitives.Multiply(band, band, square);
        var strength = Mean(square, side, Contrast);
        for (int i = 0; i < band.Length; i++) band[i] /= MathF.Sqrt(MathF.Max(0, strength[i])) + LeastContrast; // running sums may round below 0
        return band;
    }

    /// <summary>The part inside a margin of 5 in 32, shifted, its mean 0 and its length 1.</summary>
    internal static float[] Inside(float[] band, int side, int dy, int dx)
    {
        int margin = side * 5 / 32, inner = side - 2 * margin;
        var part = new float[inner * inner];
        for (int y = 0; y < inner; y++) band.AsSpan((y + margin + dy) * side + margin + dx, inner).CopyTo(part.AsSpan(y * inner));
        TensorPrimitives.Subtract(part, TensorPrimitives.Sum<float>(part) / part.Length, part);
        float length = TensorPrimitives.Norm<float>(part);
        if (length > 0) TensorPrimitives.Divide(part, length, part);
        return part;
    }

    /// <summary>Means over squares of 2 radius + 1, cut at the edges; rows then columns by running sums.</summary>
    private static float[] Mean(ReadOnlySpan<float> picture, int side, int radius)
    {
        var rows = new float[side * side];
        var mean = new float[side * side];
        for (int y = 0; y < side; y++) RunningMean(picture, rows, y * side, 1, side, radius);
        for (int x = 0; x < side; x++) RunningMean(rows, mean, x, side, side, radius);
        return mean;
    }

    private static void RunningMean(ReadOnlySpan<float> values, Span<float> means, int start, int step, int count, int radius)
    {
        float sum = 0;
        int covered = 0;
        for (int i = -radius; i < count; i++)
        {
            if (i + radius < count) (sum, covered) = (sum + values[start + (i + radius) * step], covered + 1);
            if (i - radius - 1 >= 0) (sum, covered) = (sum - values[start + (i - radius - 1) * step], covered - 1);
            if (i >= 0) means[start + i * step] = sum / covered;
        }
    }
}
