using NetVips;

namespace RadTex.Reporting;

/// <summary>
/// A map over a picture as a small PNG file. Colour and opacity both rise with the value: from 0, which is clear, to the map's largest
/// value. The page's reader enlarges it smoothly.
/// </summary>
/// <param name="Png">The file.</param>
/// <param name="Largest">The value that gets the last colour; 0 where none is above 0.</param>
public sealed record MapPicture(ReadOnlyMemory<byte> Png, double Largest)
{
    /// <summary>The colours from 0 to the largest value, equally spaced: viridis (van der Walt and Smith 2015). Its lightness rises evenly.</summary>
    internal static readonly IReadOnlyList<(byte Red, byte Green, byte Blue)> Colours =
        [(68, 1, 84), (71, 45, 123), (59, 82, 139), (44, 114, 142), (33, 145, 140), (40, 174, 128), (94, 201, 98), (173, 220, 48), (253, 231, 37)];

    /// <summary>The largest value's: the radiograph below stays visible.</summary>
    internal const double MostOpaque = 0.75;

    private const double SignedOpacity = 0.6;
    private static readonly (byte Red, byte Green, byte Blue) For = (255, 170, 40), Against = (70, 150, 255);

    /// <summary>Colours a map of values, each relative to the largest.</summary>
    /// <param name="values">Row by row; those below 0 are as clear as 0.</param>
    /// <param name="width">Values a row.</param>
    /// <param name="height">Rows.</param>
    public static MapPicture Of(IReadOnlyList<float> values, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Count, width * height);
        double largest = Math.Max(0, values.Max());
        var pixels = new byte[4 * values.Count];
        for (int i = 0; i < values.Count; i++)
        {
            double strength = largest > 0 ? Math.Max(0, values[i] / largest) : 0;
            (pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2]) = Colour(strength);
            pixels[4 * i + 3] = (byte)Math.Round(255 * MostOpaque * strength);
        }
        using var image = Image.NewFromMemoryCopy(pixels, width, height, 4, Enums.BandFormat.Uchar);
        return new MapPicture(image.PngsaveBuffer(), largest);
    }

    /// <summary>A picture under a map that has a sign: amber above 0, blue below, stronger the farther from it.</summary>
    /// <param name="grey">Height x width bytes, row by row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="value">-1 to 1 at a row and a column.</param>
    /// <returns>A PNG file.</returns>
    public static byte[] Over(ReadOnlySpan<byte> grey, int height, int width, Func<int, int, double> value)
    {
        using var image = Image.NewFromMemoryCopy(Pixels(grey, height, width, value), width, height, 3, Enums.BandFormat.Uchar);
        return image.PngsaveBuffer();
    }

    /// <summary>The same as [height, width, 3] bytes of red, green and blue.</summary>
    internal static byte[] Pixels(ReadOnlySpan<byte> grey, int height, int width, Func<int, int, double> value)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(grey.Length, width * height);
        var pixels = new byte[3 * grey.Length];
        for (int i = 0; i < grey.Length; i++)
        {
            double at = Math.Clamp(value(i / width, i % width), -1, 1), opacity = SignedOpacity * Math.Abs(at);
            var (red, green, blue) = at > 0 ? For : Against;
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) = (Mixed(grey[i], red), Mixed(grey[i], green), Mixed(grey[i], blue));
            byte Mixed(byte below, byte above) => (byte)Math.Round(below + opacity * (above - below));
        }
        return pixels;
    }

    /// <summary>The colours with their opacities as a CSS gradient.</summary>
    internal static string Gradient() =>
        string.Join(", ", Colours.Select((c, i) => $"rgb({c.Red} {c.Green} {c.Blue} / {MostOpaque * i / (Colours.Count - 1):0.###})"));

    private static (byte Red, byte Green, byte Blue) Colour(double strength)
    {
        double at = strength * (Colours.Count - 1);
        int below = Math.Min((int)at, Colours.Count - 2);
        byte Between(byte low, byte high) => (byte)Math.Round(low + (at - below) * (high - low));
        var (low, high) = (Colours[below], Colours[below + 1]);
        return (Between(low.Red, high.Red), Between(low.Green, high.Green), Between(low.Blue, high.Blue));
    }
}
