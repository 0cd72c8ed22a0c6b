using RadTex.Imaging;
using RadTex.Imaging.Dicom;

namespace RadTex.Tests.Imaging.Dicom;

/// <summary>The reader against values known by construction.</summary>
public sealed class DicomReaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(8, false, true)]
    [InlineData(8, true, false)]
    [InlineData(12, false, false)]
    [InlineData(12, true, true)]
    [InlineData(16, true, true)]
    [InlineData(16, false, true)]
    public void Stored_values_of_any_depth_and_sign_are_read(int bits, bool signed, bool isExplicit)
    {
        int low = signed ? -(1 << (bits - 1)) : 0;
        int Value(int x, int y) => low + (x * 977 + y * 131) % (1 << bits);
        var image = Open(DicomDocument.Radiograph(21, 17, Value, bits, signed), isExplicit);

        var values = image.Words.Select(w => signed ? (w << (32 - bits)) >> (32 - bits) : (int)w).ToArray();

        values.ShouldBe(Enumerable.Range(0, 17 * 21).Select(i => Value(i % 21, i / 21)));
        new DicomGreyscale(image).StoredValues().ShouldBe(values.Select(v => (ushort)Math.Max(0, v)));
    }

    [Fact]
    public void Bits_above_and_below_the_stored_ones_are_ignored()
    {
        // 10 bits from bit 3 to bit 12; the others hold an overlay and noise.
        var document = DicomDocument.Radiograph(16, 16, (x, y) => ((x * 16 + y) << 3) | 0xE005, 16).Words(0x0028_0101, "US", 10)
            .Words(0x0028_0102, "US", 12);

        new DicomGreyscale(Open(document)).StoredValues().ShouldBe(Enumerable.Range(0, 256).Select(i => (ushort)(i % 16 * 16 + i / 16)));
    }

    [Theory]
    [InlineData("LINEAR", 2048, 1000, 1500, 0.0)]
    [InlineData("LINEAR", 2048, 1000, 2047, (2047 - 2047.5) / 999 + 0.5)]
    [InlineData("LINEAR", 2048, 1000, 2600, 1.0)]
    [InlineData("LINEAR_EXACT", 2048, 1000, 1948, 0.4)]
    [InlineData("LINEAR_EXACT", 2048, 1000, 2548, 1.0)]
    [InlineData("SIGMOID", 2048, 1000, 2048, 0.5)]
    [InlineData("SIGMOID", 2048, 1000, 2298, 0.7310585786300049)]
    public void Window_functions_are_the_standards(string function, int center, int width, int value, double expected)
    {
        var document = DicomDocument.Radiograph(16, 16, (x, y) => x + y == 0 ? value : 0)
            .Text(0x0028_1050, "DS", $"{center}\\1").Text(0x0028_1051, "DS", $"{width}\\1").Text(0x0028_1056, "CS", function);

        new DicomGreyscale(Open(document)).Display()[0].ShouldBe((ushort)Math.Round(65535 * expected));
    }

    [Fact]
    public void Order_is_rescale_then_window_then_one_inversion()
    {
        // Stored 100 becomes 2 * 100 - 50 = 150, in a window of 100 to 300: a quarter; MONOCHROME1 turns it to three quarters.
        DicomDocument Document(string photometric, string shape) =>
            DicomDocument.Radiograph(16, 16, (x, y) => x + y == 0 ? 100 : 0, photometric: photometric)
            .Text(0x0028_1052, "DS", "-50").Text(0x0028_1053, "DS", "2").Text(0x0028_1050, "DS", "200").Text(0x0028_1051, "DS", "200")
            .Text(0x0028_1056, "CS", "LINEAR_EXACT").Text(0x2050_0020, "CS", shape);
        double First(string photometric, string shape) => new DicomGreyscale(Open(Document(photometric, shape))).Display()[0] / 65535.0;

        First("MONOCHROME2", "IDENTITY").ShouldBe(0.25, 1e-4);
        First("MONOCHROME2", "INVERSE").ShouldBe(0.75, 1e-4);
        First("MONOCHROME1", "IDENTITY").ShouldBe(0.75, 1e-4);
        First("MONOCHROME1", "INVERSE").ShouldBe(0.75, 1e-4); // the shape a MONOCHROME1 image must state: not inverted twice
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Lookup_tables_map_values_and_clamp_outside(bool isExplicit)
    {
        var modality = new DicomDocument().Words(0x0028_3002, "US", 4, 10, 16).Words(0x0028_3006, "OW", 0, 100, 200, 300);
        var voi = new DicomDocument().Words(0x0028_3002, "US", 301, 0, 12).Words(0x0028_3006, "OW", Enumerable.Range(0, 301).Select(i => 4095 - i));
        var document = DicomDocument.Radiograph(16, 16, (x, y) => x).Sequence(0x0028_3000, modality).Sequence(0x0028_3010, voi)
            .Text(0x0028_1050, "DS", "7").Text(0x0028_1051, "DS", "3"); // the table comes before the window
        if (!isExplicit) document = DicomDocument.Radiograph(16, 16, (x, y) => x).Sequence(0x0028_3010, voi);

        var display = new DicomGreyscale(Open(document, isExplicit)).Display();

        for (int x = 0; x < 16; x++)
        {
            int input = isExplicit ? Math.Clamp(x - 10, 0, 3) * 100 : x;
            display[x].ShouldBe((ushort)Math.Round(65535 * ((4095 - input) / 4095.0)), $"stored {x}");
        }
    }

    [Fact]
    public void Table_of_bytes_packed_two_a_word_is_read()
    {
        var voi = new DicomDocument().Words(0x0028_3002, "US", 16, 0, 8)
            .Bytes(0x0028_3006, "OW", [.. Enumerable.Range(0, 16).Select(i => (byte)(i * 17))]);

        var display = new DicomGreyscale(Open(DicomDocument.Radiograph(16, 16, (x, y) => x).Sequence(0x0028_3010, voi))).Display();

        display[..16].ShouldBe(Enumerable.Range(0, 16).Select(i => (ushort)(i * 17 * 257)));
    }

    [Theory]
    [InlineData("MONOCHROME1")]
    [InlineData("MONOCHROME2")]
    public void Without_a_window_the_images_own_range_is_shown_and_padding_is_black(string photometric)
    {
        // 100 to 199 are image, 4,000 and above padding.
        var document = DicomDocument.Radiograph(20, 20, (x, y) => y < 5 ? 4000 + x : 100 + (y - 5) * 99 / 14, photometric: photometric)
            .Words(0x0028_0120, "US", 4000).Words(0x0028_0121, "US", 4095);

        var display = new DicomGreyscale(Open(document)).Display();

        display[..100].ShouldAllBe(v => v == 0);
        int top = photometric == "MONOCHROME1" ? 65535 : 0;
        ((int)display[5 * 20]).ShouldBe(top);
        ((int)display[19 * 20]).ShouldBe(65535 - top);
    }

    [Fact]
    public void Reader_gives_bone_bright_pictures_in_every_intensity()
    {
        // A bright disc ("bone") on a dark ground, stored low-is-bright with an offset.
        int Value(int x, int y) => Math.Pow(x - 32, 2) + Math.Pow(y - 32, 2) < 200 ? 1000 + x : 3000 + x;
        var path = DicomDocument.Radiograph(64, 64, Value, photometric: "MONOCHROME1").Text(0x0018_5101, "CS", "PA").Write(folder.File("m1.dcm"));

        var display = new GreyImageReader(32).Read(path);
        var equalised = new GreyImageReader(32, ImageIntensity.Equalised).Read(path);
        var liao = new GreyImageReader(32, ImageIntensity.Liao).Read(path);

        display.View.ShouldBe("PA");
        Centre(display).ShouldBeGreaterThan(Corner(display) + 150);
        Centre(equalised).ShouldBeGreaterThan(Corner(equalised) + 20);
        equalised.Pixels.Max().ShouldBe((byte)255);
        liao.Pixels.Max().ShouldBe((byte)255);
        Centre(liao).ShouldBeInRange(80, 95); // (1,000 + 32) / 3,063 of 255: dark, for it is not inverted
        Corner(liao).ShouldBeInRange(248, 252);
    }

    [Fact]
    public void Equalising_follows_the_formula()
    {
        var random = new Random(3);
        var document = DicomDocument.Radiograph(32, 32, (x, y) => (int)(4095 * Math.Pow(random.NextDouble(), 3)));
        var stored = new DicomGreyscale(Open(document)).StoredValues().Select(v => (int)v).ToArray();
        double min = stored.Min(), spread = stored.Max() - min;
        var bytes = stored.Select(v => (int)((v - min) / spread * 255)).ToArray();
        int darkest = bytes.Min(), before = bytes.Count(b => b == darkest);

        var image = new GreyImageReader(32, ImageIntensity.Equalised).Read(document.Write(folder.File("e.dcm")));

        image.Pixels.ShouldBe(bytes.Select(b => (byte)MathF.Round((bytes.Count(other => other <= b) - before) * (255f / (1024 - before)))));
    }

    [Theory]
    [InlineData("PA", "", "PA")]
    [InlineData("", "antero-posterior", "AP")]
    [InlineData("", "left lateral", "LL")]
    [InlineData("", "antero-posterior oblique", "ANTERO-POSTERIOR OBLIQUE")]
    [InlineData("LATERAL", "postero-anterior", "LATERAL")]
    [InlineData("", "", "")]
    [InlineData("P*'><", "", "")]
    public void View_comes_from_the_position_else_from_the_code(string position, string meaning, string expected)
    {
        var document = DicomDocument.Radiograph(16, 16, (x, y) => x).Text(0x0018_5101, "CS", position);
        if (meaning.Length > 0) document.Sequence(0x0054_0220, new DicomDocument().Text(0x0008_0104, "LO", meaning));

        Open(document).View.ShouldBe(expected);
    }

    [Fact]
    public void What_is_not_read_says_why()
    {
        static DicomDocument Good() => DicomDocument.Radiograph(16, 16, (x, y) => x);
        Refused(Good().Text(0x0008_0060, "CS", "CT"), ImageFault.NotRadiography, "modality CT; expected CR, DX, DR");
        Refused(Good().Text(0x0028_0008, "IS", "3"), ImageFault.UnsupportedDicom, "3 frames; a radiograph has one");
        Refused(
            Good().Text(0x0028_0004, "CS", "RGB").Words(0x0028_0002, "US", 3), ImageFault.UnsupportedDicom,
            "3 samples a pixel and photometric interpretation RGB");
        Refused(Good().Without(0x7FE0_0010), ImageFault.UnsupportedDicom, "no pixel data");
        Refused(Good().Words(0x0028_0010, "US", 17), ImageFault.Unreadable, "512 bytes of pixels; 16 x 17 of 16 bits are 544");
        Refused(Good().Words(0x0028_0010, "US", 60000).Words(0x0028_0011, "US", 60000), ImageFault.TooLarge, "at most 100,000,000");
        Refused(Good().Words(0x0028_0100, "US", 32), ImageFault.UnsupportedDicom, "32 bits allocated");
        Refused(Good().Words(0x0028_0101, "US", 17), ImageFault.Unreadable, "17 bits stored");
        Refused(
            Good().Text(0x0028_1050, "DS", "1").Text(0x0028_1051, "DS", "9").Text(0x0028_1056, "CS", "CUBIC"), ImageFault.UnsupportedDicom,
            "VOI LUT function CUBIC");
        File.WriteAllBytes(folder.File("x.dcm"), Good().Encapsulated("1.2.840.10008.1.2.4.201", [1, 2]));
        Should.Throw<ImageFaultException>(() => new GreyImageReader(16).Read(folder.File("x.dcm"))).Message
            .ShouldBe("transfer syntax 1.2.840.10008.1.2.4.201 is not read");
    }

    [Theory]
    [InlineData(true, "II*\0")]
    [InlineData(false, "II*\0")]
    [InlineData(false, "MM\0*")]
    [InlineData(false, "\u00FF\u00D8\u00FF\u00E0")]
    [InlineData(false, "\u0089PNG\r\n\u001A\n")]
    public void Preamble_of_another_format_does_not_hide_a_dicom_file(bool isWholeTiff, string mark)
    {
        var document = DicomDocument.Radiograph(40, 32, (x, y) => 100 + x * 50 + y, photometric: "MONOCHROME1").Text(0x0018_5101, "CS", "PA");
        var plain = new GreyImageReader(32).Read(document.Write(folder.File("plain.dcm")));
        byte[] preamble = isWholeTiff ? TiffPreamble(document, 40, 32) : [.. mark.Select(c => (byte)c)];

        var read = new GreyImageReader(32).Read(WithPreamble(document, preamble, "other.dcm"));

        read.Pixels.ShouldBe(plain.Pixels); // inverted and windowed, not the words that lie in the file
        read.View.ShouldBe("PA");
        var other = WithPreamble(document.Text(0x0008_0060, "CS", "MR"), preamble, "mr.dcm");
        Should.Throw<ImageFaultException>(() => new GreyImageReader(32).Read(other)).Message.ShouldBe("modality MR; expected CR, DX, DR");
    }

    /// <summary>A TIFF directory of the 16-bit pixels of the file that follows: what other readers see in a file of both kinds.</summary>
    private static byte[] TiffPreamble(DicomDocument document, int width, int height)
    {
        int bytes = 2 * width * height, pixels = document.ToBytes().Length - bytes;
        (int Tag, int Value)[] entries =
            [(256, width), (257, height), (258, 16), (259, 1), (262, 1), (273, pixels), (277, 1), (278, height), (279, bytes)];
        byte[] Entry((int Tag, int Value) e) => [.. BitConverter.GetBytes((ushort)e.Tag), 4, 0, 1, 0, 0, 0, .. BitConverter.GetBytes(e.Value)];
        return [.. "II*\0"u8, 8, 0, 0, 0, (byte)entries.Length, 0, .. entries.SelectMany(Entry), 0, 0, 0, 0];
    }

    private string WithPreamble(DicomDocument document, byte[] preamble, string name)
    {
        var bytes = document.ToBytes();
        preamble.CopyTo(bytes, 0);
        File.WriteAllBytes(folder.File(name), bytes);
        return folder.File(name);
    }

    [Fact]
    public void Any_modality_is_read_when_asked_for()
    {
        var path = DicomDocument.Radiograph(16, 16, (x, y) => x).Text(0x0008_0060, "CS", "MG").Write(folder.File("mg.dcm"));

        new GreyImageReader(16, anyModality: true).Read(path).Width.ShouldBe(16);
    }

    [Fact]
    public void Run_lengths_are_unpacked_segment_by_segment()
    {
        // 16 x 16 of 16 bits: the upper bytes are one value, the lower ones a literal of 128 twice and a no-op between.
        byte[] upper = [129, 2, 129, 2]; // 128 times 2, twice
        byte[] literal = [.. Enumerable.Range(0, 128).Select(i => (byte)i)];
        byte[] lower = [127, .. literal, 128, 127, .. literal];
        byte[] stream = [2, 0, 0, 0, 64, 0, 0, 0, .. BitConverter.GetBytes(64 + upper.Length), .. new byte[52], .. upper, .. lower];
        var document = DicomDocument.Radiograph(16, 16, (x, y) => 0);
        File.WriteAllBytes(folder.File("r.dcm"), document.Encapsulated("1.2.840.10008.1.2.5", stream[..70], stream[70..]));

        var image = DicomImage.Read(folder.File("r.dcm"), false);

        image.Words.ShouldBe(Enumerable.Range(0, 256).Select(i => (ushort)(512 + i % 128)));
    }

    [Fact]
    public void Sequences_that_nest_too_deep_and_deflate_bombs_are_refused()
    {
        var nested = new DicomDocument().Words(0x0028_0010, "US", 1);
        for (int i = 0; i < 40; i++) nested = new DicomDocument().Sequence(0x0040_A730, nested);
        Refused(nested, ImageFault.Unreadable, "nest more than 16 deep");

        using var bomb = new MemoryStream();
        bomb.Write(DicomDocument.Radiograph(16, 16, (x, y) => x).Encapsulated("1.2.840.10008.1.2.1.99").AsSpan(0, MetaLength()));
        using (var deflate = new System.IO.Compression.DeflateStream(bomb, System.IO.Compression.CompressionLevel.SmallestSize, leaveOpen: true))
            for (int i = 0; i < 30; i++) deflate.Write(new byte[1 << 20]);
        File.WriteAllBytes(folder.File("bomb.dcm"), bomb.ToArray());
        Should.Throw<ImageFaultException>(() => DicomImage.Read(folder.File("bomb.dcm"), false)).Fault.ShouldBe(ImageFault.TooLarge);

        static int MetaLength()
        {
            var bytes = DicomDocument.Radiograph(16, 16, (x, y) => x).Encapsulated("1.2.840.10008.1.2.1.99");
            return 132 + 12 + BitConverter.ToInt32(bytes, 140);
        }
    }

    [Fact]
    public void Missing_converter_is_named_with_the_way_to_get_it()
    {
        DicomConverter.Find("/nowhere:relative:").ShouldBeNull();
        var e = Should.Throw<ImageFaultException>(() => DicomConverter.ToNative("x.dcm", DicomSyntax.Find("1.2.840.10008.1.2.4.90"), null));
        e.Fault.ShouldBe(ImageFault.UnsupportedDicom);
        e.Message.ShouldContain("JPEG 2000, which is read through gdcmconv, and that is not installed. Install it");
    }

    [Fact]
    public void Converter_that_fails_leaves_nothing_behind()
    {
        var program = folder.File("gdcmconv");
        File.WriteAllText(program, "#!/bin/sh\necho secret >&2\ntouch \"$3\"\nexit 3\n");
        if (OperatingSystem.IsLinux()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        int Folders() => Directory.GetDirectories(Path.GetTempPath(), "radtex-dicom-*").Length;
        int before = Folders();

        var e = Should.Throw<ImageFaultException>(() => DicomConverter.ToNative("x.dcm", DicomSyntax.Find("1.2.840.10008.1.2.4.80"), program));

        e.Message.ShouldBe("damaged DICOM: gdcmconv cannot decompress its JPEG-LS pixels");
        Folders().ShouldBe(before);
    }

    private DicomImage Open(DicomDocument document, bool isExplicit = true) =>
        DicomImage.Read(document.Write(folder.File("d.dcm"), isExplicit), false);

    private void Refused(DicomDocument document, ImageFault fault, string message)
    {
        var e = Should.Throw<ImageFaultException>(() => new GreyImageReader(16).Read(document.Write(folder.File("d.dcm"))));
        e.Message.ShouldContain(message);
        e.Fault.ShouldBe(fault);
    }

    private static int Centre(GreyImage image) => image.Pixels[image.Height / 2 * image.Width + image.Width / 2];

    private static int Corner(GreyImage image) => image.Pixels[0];
}
