namespace RadTex.Imaging;

/// <summary>What size of picture is decoded at all: asked of a header, before anything is allocated.</summary>
internal static class ImageBounds
{
    /// <summary>Ten times a full-resolution chest radiograph.</summary>
    internal const long MostPixels = 100_000_000;

    private const int MostAspect = 8;

    /// <exception cref="ImageFaultException">Too many pixels, or a ribbon.</exception>
    internal static void Check(int width, int height)
    {
        if (width < 1 || height < 1) throw new ImageFaultException(ImageFault.Unreadable, $"{width} x {height} pixels: no picture");
        if ((long)width * height > MostPixels)
            throw new ImageFaultException(ImageFault.TooLarge, $"{width} x {height} pixels; at most {MostPixels:N0} are decoded");
        if (Math.Max(width, height) > (long)Math.Min(width, height) * MostAspect)
            throw new ImageFaultException(ImageFault.TooLarge, $"{width} x {height} pixels; sides of at most 1 to {MostAspect} are taken");
    }
}
