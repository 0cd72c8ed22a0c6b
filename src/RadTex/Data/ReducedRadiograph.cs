using RadTex.Imaging.Transforms;

namespace RadTex.Data;

/// <summary>A radiograph as a square of mean greys, its aspect given up: copies that were squashed to a square look the same.</summary>
internal static class ReducedRadiograph
{
    /// <summary>Reduces height x width bytes, row by row, to side x side values of 0 to 255.</summary>
    internal static float[] Reduce(ReadOnlySpan<byte> pixels, int height, int width, int side)
    {
        var reduced = new float[side * side];
        int times = (side + Math.Min(height, width) - 1) / Math.Min(height, width);
        if (times == 1) AreaReduction.Reduce(pixels, height, width, reduced, side, side);
        else AreaReduction.Reduce(Repeat(pixels, height, width, times), height * times, width * times, reduced, side, side);
        return reduced;
    }

    /// <summary>
    /// Turned about the centre and drawn out: out[p] = in[centre + scale R (p - centre)], bilinear; what comes from outside is the nearest edge.
    /// </summary>
    internal static float[] Turn(ReadOnlySpan<float> picture, int side, double degrees, double scale)
    {
        var turned = new float[side * side];
        var (sine, cosine) = Math.SinCos(degrees * Math.PI / 180);
        (sine, cosine) = (sine * scale, cosine * scale);
        double centre = (side - 1) / 2.0;
        for (int y = 0; y < side; y++)
        {
            for (int x = 0; x < side; x++)
            {
                double sourceX = Math.Clamp(centre + cosine * (x - centre) - sine * (y - centre), 0, side - 1);
                double sourceY = Math.Clamp(centre + sine * (x - centre) + cosine * (y - centre), 0, side - 1);
                int left = Math.Min((int)sourceX, side - 2), top = Math.Min((int)sourceY, side - 2);
                float right = (float)(sourceX - left), below = (float)(sourceY - top);
                int at = top * side + left;
                turned[y * side + x] =
                    (1 - below) * ((1 - right) * picture[at] + right * picture[at + 1])
                    + below * ((1 - right) * picture[at + side] + right * picture[at + side + 1]);
            }
        }
        return turned;
    }

    /// <summary>Every pixel several times in both directions: the reduction only makes smaller.</summary>
    private static byte[] Repeat(ReadOnlySpan<byte> pixels, int height, int width, int times)
    {
        var repeated = new byte[height * times * width * times];
        for (int y = 0; y < height * times; y++)
            for (int x = 0; x < width * times; x++) repeated[y * width * times + x] = pixels[y / times * width + x / times];
        return repeated;
    }
}
