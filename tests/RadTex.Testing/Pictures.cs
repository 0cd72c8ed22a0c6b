using NetVips;

namespace RadTex.Testing;

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

    /// <summary>A smooth picture of a dozen waves, another for each seed, the same at every size.</summary>
    internal static string WriteRadiograph(string path, int seed, int width = 80, int height = 64)
    {
        var random = new Random(seed);
        var waves = Enumerable.Range(0, 12).Select(
            _ => (X: random.Next(1, 12), Y: random.Next(1, 12), Phase: random.NextDouble() * Math.Tau)).ToArray();
        return WriteGrey(path, width, height, (x, y) => (byte)Math.Clamp(
            128 + 18 * waves.Sum(w => Math.Cos(Math.PI * (w.X * (x + 0.5) / width + w.Y * (y + 0.5) / height) + w.Phase)), 1, 254));
    }

    internal static void Write(Image image, string path)
    {
        if (path.EndsWith(".jpg", StringComparison.Ordinal)) image.Jpegsave(path, q: 95);
        else if (path.EndsWith(".tif", StringComparison.Ordinal)) image.Tiffsave(path);
        else image.Pngsave(path);
    }
}
