using RadTex.Imaging;

namespace RadTex.Tests.Imaging;

/// <summary>What a viewer shows is what a dataset is made of.</summary>
public sealed class FullRadiographTests
{
    private const int Side = 64;

    public static TheoryData<string, int, bool, string> Files => new()
    {
        { "plain", 12, false, "MONOCHROME2" }, { "inverse", 12, false, "MONOCHROME1" }, { "signed", 12, true, "MONOCHROME2" },
        { "window", 12, false, "MONOCHROME1" }, { "table", 10, false, "MONOCHROME2" }, { "padding", 12, false, "MONOCHROME2" },
        { "bytes", 8, false, "MONOCHROME2" }, { "words", 16, true, "MONOCHROME1" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Greys_are_those_of_a_prepared_dataset_within_one_level(string kind, int bits, bool isSigned, string photometric)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("picture.dcm");
        int most = 1 << bits;
        var document = DicomDocument.Radiograph(
            Side, Side, (x, y) => ((x * 37 + y * 101) % most) - (isSigned ? most / 2 : 0) & (most - 1), bits, isSigned, photometric);
        if (kind == "window") document.Text(0x0028_1050, "DS", "1000\\700").Text(0x0028_1051, "DS", "1500\\300");
        if (kind == "padding") document.Words(0x0028_0120, "US", 37);
        if (kind == "table")
            document.Sequence(
                0x0028_3010, new DicomDocument().Words(0x0028_3002, "US", 1024, 0, 10)
                    .Words(0x0028_3006, "US", Enumerable.Range(0, 1024).Select(i => 1023 - i / 2)));
        document.Write(path);
        var prepared = new GreyImageReader(Side).Read(path);
        var full = FullRadiographReader.Read(path);
        (full.Height, full.Width).ShouldBe((Side, Side));
        byte[] shown = Array.ConvertAll(full.Values, v => full.Tables[0].Greys[v]);
        for (int i = 0; i < shown.Length; i++) Math.Abs(shown[i] - prepared.Pixels[i]).ShouldBeLessThanOrEqualTo(1, $"pixel {i}");
        full.IsInverted.ShouldBe(photometric == "MONOCHROME1");
        if (kind == "window") full.Tables.Select(t => t.Name).ShouldBe(["window 1", "window 2", "whole range"]);
        if (kind == "table") full.Tables.Select(t => t.Name).ShouldBe(["table 1", "whole range"]);
    }

    [Theory]
    [InlineData("png")]
    [InlineData("jpg")]
    public void Pictures_are_shown_as_they_are_prepared(string ending)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File($"picture.{ending}");
        Pictures.WriteGrey(path, Side, Side, (x, y) => (byte)(x * 3 + y));
        var prepared = new GreyImageReader(Side).Read(path);
        var full = FullRadiographReader.Read(path);
        Array.ConvertAll(full.Values, v => full.Tables[0].Greys[v]).ShouldBe(prepared.Pixels);
    }

    [Fact]
    public void A_line_of_one_pixel_is_still_there_in_a_picture_made_smaller()
    {
        const int Large = 3000, Small = 700;
        var values = new ushort[Large * Large];
        for (int y = 0; y < Large; y++) values[y * Large + 1501] = 65_000;
        var picture = new FullRadiograph(values, Large, Large, [GreyTable.Of("whole range", 65_536, v => v / 65_535.0)]).Fit(Small, 1200);
        (picture.Height, picture.Width).ShouldBe((Small, Small));
        for (int y = 0; y < Small; y++)
        {
            var row = picture.Values.AsSpan(y * Small, Small);
            int sum = 0;
            foreach (ushort value in row) sum += value;
            // The mean of 4.3 pixels, one of them bright: nothing of the line is lost.
            sum.ShouldBeInRange(65_000 * Small / Large - 3, 65_000 * Small / Large + 3);
        }
    }

    [Fact]
    public void A_picture_is_never_made_larger() => FullRadiograph.Of(new byte[12], 3, 4).Fit(100, 100).Width.ShouldBe(4);
}
