using NetVips;

namespace RadTex.Tests.Imaging;

/// <summary>Writes picture files for tests.</summary>
internal static class Pictures
{
    /// <summary>A grey picture whose pixel (x, y) is <paramref name="value"/> of them; the ending of the name chooses the format.</summary>
    internal static string WriteGrey(string path, int width, int height, Func<int, int, byte> value)
    {
        var bytes = new byte[width * height];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) bytes[y * width + x] = value(x, y);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var image = Image.NewFromMemory(bytes, width, height, 1, Enums.BandFormat.Uchar);
        Write(image, path);
        return path;
    }

    /// <summary>A smooth picture with some detail, different for each seed.</summary>
    internal static string WriteRadiograph(string path, int seed, int width = 80, int height = 64) =>
        WriteGrey(path, width, height, (x, y) => (byte)(40 + (x * 7 + y * 3 + seed * 13) % 180));

    internal static void Write(Image image, string path)
    {
        if (path.EndsWith(".jpg", StringComparison.Ordinal)) image.Jpegsave(path, q: 95);
        else if (path.EndsWith(".tif", StringComparison.Ordinal)) image.Tiffsave(path);
        else image.Pngsave(path);
    }
}
