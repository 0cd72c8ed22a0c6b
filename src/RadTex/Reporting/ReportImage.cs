using NetVips;

namespace RadTex.Reporting;

/// <summary>A picture of an image grid with what is said under it.</summary>
/// <param name="Png">The picture as a PNG file.</param>
/// <param name="Description">What it shows, for those who cannot see it, such as "synthetic radiograph 12".</param>
/// <param name="Captions">Texts under the picture, each with a short head, such as ("True report", "…"); any text, it is escaped.</param>
public sealed record ReportImage(ReadOnlyMemory<byte> Png, string Description, IReadOnlyList<(string Head, string Text)> Captions)
{
    /// <summary>A picture of grey bytes.</summary>
    /// <param name="grey">Height x width bytes, row by row, 0 black to 255 white.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="description">What it shows.</param>
    /// <param name="captions">Texts under the picture.</param>
    public static ReportImage FromGrey(
        ReadOnlySpan<byte> grey, int width, int height, string description, params IReadOnlyList<(string Head, string Text)> captions)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(grey.Length, width * height);
        using var image = Image.NewFromMemoryCopy(grey.ToArray(), width, height, 1, Enums.BandFormat.Uchar);
        return new ReportImage(image.PngsaveBuffer(), description, captions);
    }
}
