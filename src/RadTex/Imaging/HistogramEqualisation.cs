namespace RadTex.Imaging;

/// <summary>Histogram equalisation of a whole picture, in the form of OpenCV's equalizeHist, with which MIMIC-CXR-JPG was made.</summary>
internal static class HistogramEqualisation
{
    /// <summary>Replaces each grey level by the share of pixels up to it, the darkest becoming 0 and the brightest 255; in place.</summary>
    internal static void Apply(Span<byte> pixels)
    {
        var histogram = new int[256];
        foreach (byte pixel in pixels) histogram[pixel]++;
        int darkest = Array.FindIndex(histogram, count => count > 0);
        if (darkest < 0 || histogram[darkest] == pixels.Length) return;
        float scale = 255f / (pixels.Length - histogram[darkest]);
        var table = new byte[256];
        int sum = 0;
        for (int level = darkest + 1; level < 256; level++)
        {
            sum += histogram[level];
            table[level] = (byte)MathF.Round(sum * scale);
        }
        foreach (ref byte pixel in pixels) pixel = table[pixel];
    }
}
