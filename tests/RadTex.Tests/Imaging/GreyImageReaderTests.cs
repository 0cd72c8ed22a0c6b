using NetVips;
using RadTex.Imaging;

namespace RadTex.Tests.Imaging;

public sealed class GreyImageReaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly GreyImageReader reader = new(16);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a.png")]
    [InlineData("a.tif")]
    public void Picture_of_the_right_size_is_kept_byte_for_byte(string name)
    {
        var path = Pictures.WriteGrey(folder.File(name), 20, 16, (x, y) => (byte)(x * 12 + y));

        var image = reader.Read(path);

        (image.Width, image.Height, image.Upscaled).ShouldBe((20, 16, false));
        for (int y = 0; y < 16; y++)
            for (int x = 0; x < 20; x++) image.Pixels[y * 20 + x].ShouldBe((byte)(x * 12 + y));
    }

    [Fact]
    public void Sixteen_bit_values_are_scaled_by_the_maximum_and_do_not_wrap()
    {
        var values = Enumerable.Range(0, 256).Select(i => (ushort)(i * 200)).ToArray(); // 0 to 51,000: above 32,767 an int16 would wrap
        var path = folder.File("deep.png");
        using (var deep = Image.NewFromMemory(values, 16, 16, 1, Enums.BandFormat.Ushort))
        using (var grey16 = deep.Copy(interpretation: Enums.Interpretation.Grey16))
            grey16.Pngsave(path);

        var image = reader.Read(path);

        image.Pixels.ShouldBe(values.Select(v => (byte)Math.Round(v / 51000.0 * 255, MidpointRounding.ToEven)));
    }

    [Fact]
    public void Colour_becomes_luma()
    {
        var path = folder.File("colour.png");
        var bytes = Enumerable.Range(0, 256).SelectMany(i => new[] { (byte)i, (byte)(255 - i), (byte)(i / 2) }).ToArray();
        using (var colour = Image.NewFromMemory(bytes, 16, 16, 3, Enums.BandFormat.Uchar))
        using (var srgb = colour.Copy(interpretation: Enums.Interpretation.Srgb))
            srgb.Pngsave(path);

        var image = reader.Read(path);

        for (int i = 0; i < 256; i++)
            image.Pixels[i].ShouldBe((byte)Math.Round(0.299 * i + 0.587 * (255 - i) + 0.114 * (i / 2)), $"pixel {i}");
    }

    [Fact]
    public void Transparency_is_laid_on_black()
    {
        var path = folder.File("alpha.png");
        var bytes = Enumerable.Range(0, 256).SelectMany(i => new[] { (byte)200, (byte)i }).ToArray();
        using (var withAlpha = Image.NewFromMemory(bytes, 16, 16, 2, Enums.BandFormat.Uchar))
        using (var grey = withAlpha.Copy(interpretation: Enums.Interpretation.Bw))
            grey.Pngsave(path);

        var image = reader.Read(path);

        image.Pixels[0].ShouldBe((byte)0);
        image.Pixels[255].ShouldBe((byte)200);
        image.Pixels[128].ShouldBeInRange((byte)99, (byte)101);
    }

    [Fact]
    public void Exif_orientation_is_obeyed()
    {
        // Orientation 6: the camera lay on its side; the picture must be turned a quarter clockwise.
        var path = folder.File("turned.jpg");
        using (var flat = Image.NewFromArray(new double[,] { { 0 } }))
        using (var wide = (flat + 0).Cast(Enums.BandFormat.Uchar).Embed(0, 0, 64, 32, extend: Enums.Extend.Black))
        using (var drawn = wide.Mutate(m => { m.DrawRect([255], 0, 0, 32, 32, fill: true); m.Set(GValue.GIntType, "orientation", 6); }))
            drawn.Jpegsave(path, q: 95);

        var image = reader.Read(path);

        (image.Width, image.Height).ShouldBe((16, 32));
        image.Pixels[4 * 16 + 8].ShouldBeGreaterThan((byte)240); // left became top
        image.Pixels[28 * 16 + 8].ShouldBeLessThan((byte)15);
    }

    [Theory]
    [InlineData(60, 40, 24, 16, false)]
    [InlineData(40, 60, 16, 24, false)]
    [InlineData(41, 64, 16, 25, false)]
    [InlineData(10, 8, 20, 16, true)]
    [InlineData(16, 16, 16, 16, false)]
    public void Short_side_is_met_and_the_aspect_kept(int width, int height, int expectedWidth, int expectedHeight, bool upscaled)
    {
        var image = reader.Read(Pictures.WriteRadiograph(folder.File("r.png"), 1, width, height));

        (image.Width, image.Height, image.Upscaled).ShouldBe((expectedWidth, expectedHeight, upscaled));
        image.Pixels.Length.ShouldBe(expectedWidth * expectedHeight);
    }

    [Fact]
    public void Reducing_averages_as_a_triangle_filter_computed_by_hand()
    {
        static byte Value(int x, int y) => (byte)((x * 37 ^ y * 91) & 255); // hard detail: anything but antialiasing would show
        var image = reader.Read(Pictures.WriteGrey(folder.File("detail.png"), 100, 80, Value));

        double scale = 80 / 16.0;
        for (int row = 2; row < 14; row++) // at the border the two treat what lies outside differently
        {
            for (int column = 2; column < 18; column++)
            {
                double sum = 0, weights = 0;
                for (int y = 0; y < 80; y++)
                {
                    for (int x = 0; x < 100; x++)
                    {
                        double weight = Triangle((x + 0.5) / scale - (column + 0.5)) * Triangle((y + 0.5) / scale - (row + 0.5));
                        sum += weight * Value(x, y);
                        weights += weight;
                    }
                }
                ((double)image.Pixels[row * 20 + column]).ShouldBe(sum / weights, 1.6, $"pixel {column}, {row}");
            }
        }

        static double Triangle(double distance) => Math.Max(0, 1 - Math.Abs(distance));
    }

    [Theory]
    [InlineData(400, 328, 1.5, 8)]
    [InlineData(403, 331, 4.0, 17)] // no multiples of 8: off by up to an eighth of a pixel, whose step is 34 grey levels here
    public void Jpeg_shrunk_while_decoding_looks_as_the_whole_one_reduced(int width, int height, double mean, int most)
    {
        static byte Value(int x, int y) => (byte)(128 + 60 * Math.Sin(x / 23.0) + 50 * Math.Cos(y / 31.0));
        var jpeg = reader.Read(Pictures.WriteGrey(folder.File("big.jpg"), width, height, Value));
        var png = reader.Read(Pictures.WriteGrey(folder.File("big.png"), width, height, Value));

        (jpeg.Width, jpeg.Height).ShouldBe((png.Width, png.Height));
        var differences = jpeg.Pixels.Zip(png.Pixels, (a, b) => Math.Abs(a - b)).ToArray();
        differences.Average().ShouldBeLessThan(mean);
        differences.Max().ShouldBeLessThan(most);
    }

    [Theory]
    [InlineData("cut.jpg")]
    [InlineData("cut.png")]
    [InlineData("cut.tif")]
    public void File_cut_off_is_unreadable_not_half_grey(string name)
    {
        var path = Pictures.WriteRadiograph(folder.File(name), 3, 300, 200);
        var bytes = File.ReadAllBytes(path);
        foreach (int keep in new[] { 20, bytes.Length / 2, bytes.Length * 9 / 10 })
        {
            File.WriteAllBytes(path, bytes[..keep]);
            Should.Throw<ImageFaultException>(() => reader.Read(path)).Fault.ShouldBe(ImageFault.Unreadable, $"{keep} of {bytes.Length} bytes");
        }
    }

    [Theory]
    [InlineData("bad.jpg")]
    [InlineData("bad.png")]
    public void Damaged_bytes_are_an_error_or_a_picture_of_the_right_size_never_a_crash(string name)
    {
        var path = Pictures.WriteRadiograph(folder.File(name), 3, 60, 50);
        var good = File.ReadAllBytes(path);
        var random = new Random(5);
        int refused = 0;
        for (int trial = 0; trial < 200; trial++)
        {
            var bad = (byte[])good.Clone();
            for (int i = 0; i < 4; i++) bad[random.Next(3, bad.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, bad);
            try
            {
                var image = reader.Read(path);
                image.Pixels.Length.ShouldBe(image.Width * image.Height);
                Math.Min(image.Width, image.Height).ShouldBe(16);
            }
            catch (ImageFaultException) { refused++; }
        }
        refused.ShouldBeGreaterThan(30);
    }

    [Fact]
    public void What_is_no_picture_is_told_apart()
    {
        FaultOf("empty.png", []).ShouldBe(ImageFault.Unreadable);
        FaultOf("text.jpg", "not a picture at all, but long enough to be one".Select(c => (byte)c).ToArray()).ShouldBe(ImageFault.UnsupportedFormat);
        FaultOf("vector.png", "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='90'/>"u8.ToArray()).ShouldBe(ImageFault.UnsupportedFormat);
        FaultOf("scan.dcm", [.. new byte[128], (byte)'D', (byte)'I', (byte)'C', (byte)'M', 2, 0]).ShouldBe(ImageFault.Unreadable);
    }

    [Fact]
    public void Real_dicom_is_read_as_any_other_format()
    {
        var image = reader.Read(SharedData.Require("dicom/rsna_nih_mono2_jpeg_baseline.dcm"));

        (image.Width, image.Height, image.View).ShouldBe((16, 16, "PA"));
    }

    [Fact]
    public void Header_that_claims_a_giant_is_refused_before_decoding()
    {
        var path = Pictures.WriteRadiograph(folder.File("giant.png"), 1);
        var bytes = File.ReadAllBytes(path);
        byte[] chunk = [.. "IHDR"u8, 0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0, 8, 0, 0, 0, 0]; // 100,000 x 100,000, 8-bit grey
        chunk.CopyTo(bytes, 12);
        BitConverter.GetBytes(Crc(chunk)).Reverse().ToArray().CopyTo(bytes, 29);
        File.WriteAllBytes(path, bytes);

        Should.Throw<ImageFaultException>(() => reader.Read(path)).Fault.ShouldBe(ImageFault.TooLarge);
    }

    [Fact]
    public void Ribbon_and_blank_picture_are_refused()
    {
        Should.Throw<ImageFaultException>(() => reader.Read(Pictures.WriteRadiograph(folder.File("ribbon.png"), 1, 400, 20)))
            .Fault.ShouldBe(ImageFault.TooLarge);
        Should.Throw<ImageFaultException>(() => reader.Read(Pictures.WriteGrey(folder.File("blank.png"), 40, 40, (_, _) => 77)))
            .Fault.ShouldBe(ImageFault.Blank);
    }

    [Fact]
    public void Reading_from_many_threads_gives_the_same()
    {
        var paths = Enumerable.Range(0, 24).Select(i => Pictures.WriteRadiograph(folder.File($"{i}.png"), i, 50 + i, 60)).ToArray();
        var alone = paths.Select(p => reader.Read(p).Pixels).ToArray();

        var together = paths.AsParallel().AsOrdered().WithDegreeOfParallelism(4).Select(p => reader.Read(p).Pixels).ToArray();

        for (int i = 0; i < paths.Length; i++) together[i].ShouldBe(alone[i]);
    }

    private ImageFault FaultOf(string name, byte[] bytes)
    {
        File.WriteAllBytes(folder.File(name), bytes);
        return Should.Throw<ImageFaultException>(() => reader.Read(folder.File(name))).Fault;
    }

    /// <summary>The checksum of PNG chunks (CRC-32, ISO 3309).</summary>
    private static uint Crc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++) crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
        }
        return ~crc;
    }
}
