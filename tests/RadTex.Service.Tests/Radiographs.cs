using System.Globalization;
using RadTex.Imaging;
using RadTex.Phantoms;

namespace RadTex.Service.Tests;

/// <summary>Synthetic radiographs as files: phantoms, drawn once for all tests, written as DICOM of any identity.</summary>
internal static class Radiographs
{
    private const int Count = 6, Side = 128;

    private static readonly Lazy<GreyImage[]> Drawn = new(() =>
    {
        using var folder = new TemporaryFolder();
        _ = PhantomArchive.Write(new PhantomOptions(Count, 5, Side, 0.3), folder.Path, false, 0, null, CancellationToken.None);
        var reader = new GreyImageReader(Side);
        return [.. Directory.EnumerateFiles(folder.Path, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(reader.Read)];
    });

    internal static string Uid(int number) => string.Create(CultureInfo.InvariantCulture, $"1.2.826.0.1.3680043.2.1125.77.{number}");

    /// <summary>A frontal radiograph of its own study; elements may be added or replaced.</summary>
    internal static DicomDocument Dicom(int number)
    {
        var picture = Drawn.Value[number % Drawn.Value.Length];
        return DicomDocument.Radiograph(picture.Width, picture.Height, (x, y) => picture.Pixels[y * picture.Width + x] * 16)
            .Text(0x0008_0018, "UI", Uid(number)).Text(0x0020_000D, "UI", Uid(number) + ".1").Text(0x0020_000E, "UI", Uid(number) + ".2")
            .Text(0x0008_0020, "DA", "20260504").Text(0x0008_0030, "TM", "101112").Text(0x0008_0050, "SH", "A77").Text(0x0008_0060, "CS", "DX")
            .Text(0x0008_0090, "PN", "").Text(0x0010_0010, "PN", "SYNTHETIC^PHANTOM").Text(0x0010_0020, "LO", "p7").Text(0x0010_0030, "DA", "")
            .Text(0x0010_0040, "CS", "O").Text(0x0018_0015, "CS", "CHEST").Text(0x0018_5101, "CS", "PA").Text(0x0020_0010, "SH", "s7");
    }

    internal static byte[] Bytes(int number) => Dicom(number).ToBytes();

    internal static string WritePng(string path, int number)
    {
        var picture = Drawn.Value[number % Drawn.Value.Length];
        return Pictures.WriteGrey(path, picture.Width, picture.Height, (x, y) => picture.Pixels[y * picture.Width + x]);
    }
}
