using NetVips;

namespace RadTex.Reporting;

/// <summary>A map over a picture as a small PNG file: one colour, the more opaque the larger the value. The page's reader enlarges it smoothly.</summary>
public static class MapPicture
{
    private const byte Red = 255, Green = 120, Blue = 0;
    private const double MostOpaque = 190;

    /// <param name="values">Row by row; the least is clear, the largest most opaque.</param>
    /// <param name="width">Values a row.</param>
    /// <param name="height">Rows.</param>
    public static ReadOnlyMemory<byte> Png(IReadOnlyList<float> values, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Count, width * height);
        float least = values.Min(), range = Math.Max(values.Max() - least, 1e-12f);
        var pixels = new byte[4 * values.Count];
        for (int i = 0; i < values.Count; i++)
            (pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2], pixels[4 * i + 3]) = (Red, Green, Blue, (byte)(MostOpaque * (values[i] - least) / range));
        using var image = Image.NewFromMemoryCopy(pixels, width, height, 4, Enums.BandFormat.Uchar);
        return image.PngsaveBuffer();
    }
}
