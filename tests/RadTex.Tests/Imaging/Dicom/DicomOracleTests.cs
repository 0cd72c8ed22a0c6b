using System.Runtime.InteropServices;
using RadTex.Imaging;
using RadTex.Imaging.Dicom;
using RadTex.Imaging.Jpeg;

namespace RadTex.Tests.Imaging.Dicom;

/// <summary>The reader against dcmtk, gdcm and pydicom, on files they wrote and on real ones.</summary>
public sealed class DicomOracleTests : IDisposable
{
    private const string Display = """
        import sys, numpy, pydicom
        from pydicom.pixel_data_handlers.util import apply_modality_lut, apply_voi_lut
        data = pydicom.dcmread(sys.argv[1])
        stored = data.pixel_array
        stored.astype("<i4").tofile(sys.argv[2])
        values = apply_voi_lut(apply_modality_lut(stored, data), data).astype(float)
        if "VOILUTSequence" in data:
            low, high = 0, 2 ** data.VOILUTSequence[0].LUTDescriptor[2] - 1
        elif "WindowCenter" in data:
            low, high = (-(2 ** (data.BitsStored - 1)), 2 ** (data.BitsStored - 1) - 1) if data.PixelRepresentation else (0, 2 ** data.BitsStored - 1)
            if "RescaleSlope" in data:
                low, high = low * data.RescaleSlope + data.RescaleIntercept, high * data.RescaleSlope + data.RescaleIntercept
        else:
            low, high = values.min(), values.max()
        shown = (values - low) / (high - low)
        if data.PhotometricInterpretation == "MONOCHROME1":
            shown = 1 - shown
        shown.astype("<f8").tofile(sys.argv[3])
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, int, bool, string[]> Syntaxes()
    {
        var data = new TheoryData<string, int, bool, string[]>();
        foreach (var (bits, signed) in new[] { (8, false), (12, true), (16, false) })
        {
            foreach (var option in new[] { "+te", "+ti", "+tb", "+td" }) data.Add("dcmconv", bits, signed, [option]);
            data.Add("dcmcrle", bits, signed, []);
            data.Add("dcmcrle", bits, signed, ["+fs", "1"]); // many fragments
            data.Add("dcmcjpeg", bits, signed, ["+e1"]);
            data.Add("dcmcjpls", bits, signed, ["+el"]);
            data.Add("gdcmconv", bits, signed, ["--j2k"]);
        }
        for (int predictor = 1; predictor <= 7; predictor++) data.Add("dcmcjpeg", 12, false, ["+el", "+sv", $"{predictor}"]);
        data.Add("dcmcjpeg", 16, false, ["+e1", "+fs", "1"]);
        return data;
    }

    [Theory]
    [MemberData(nameof(Syntaxes))]
    public void Every_lossless_syntax_gives_the_stored_values(string program, int bits, bool signed, string[] options)
    {
        int low = signed ? -(1 << (bits - 1)) : 0;
        // Smooth with noise and jumps, odd sizes: blocks and rows end in the middle. Predictor 6 of 16-bit values would overflow in dcmtk.
        int Value(int x, int y) => low + ((x * 40 + y * 23 + (x * 7919 ^ y * 104729) % 16 + (x / 20 % 2 == 0 ? 900 : 0)) & ((1 << bits) - 1));
        var plain = DicomDocument.Radiograph(61, 47, Value, bits, signed).Write(folder.File("plain.dcm"));
        Convert(program, options, plain, folder.File("coded.dcm"));

        var image = DicomImage.Read(folder.File("coded.dcm"), false);

        var mask = (1 << bits) - 1;
        image.Words.Select(w => w & mask).SequenceEqual(Enumerable.Range(0, 61 * 47).Select(i => Value(i % 61, i / 61) & mask)).ShouldBeTrue();
        image.Header.IsSigned.ShouldBe(signed);
    }

    [Theory]
    [InlineData(8, "+eb")]
    [InlineData(8, "+ee")]
    [InlineData(12, "+ee")]
    public void Lossy_syntaxes_give_what_dcmtk_decodes(int bits, string option)
    {
        int Value(int x, int y) =>
            (int)((1 << bits) * (0.5 + 0.3 * Math.Sin(x / 9.0) + 0.15 * Math.Cos(y / 7.0) + 0.02 * ((x * 7919 ^ y * 104729) % 5 - 2)));
        var plain = DicomDocument.Radiograph(101, 75, Value, bits).Write(folder.File("plain.dcm"));
        ExternalProgram.Run("dcmcjpeg", "dcmtk", option, "+q", "92", plain, folder.File("coded.dcm"));
        ExternalProgram.Run("dcmdjpeg", "dcmtk", folder.File("coded.dcm"), folder.File("decoded.dcm"));

        var mine = DicomImage.Read(folder.File("coded.dcm"), false).Words;
        var theirs = DicomImage.Read(folder.File("decoded.dcm"), false).Words;

        mine.Zip(theirs, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThanOrEqualTo(1); // the transform may round either way
        mine.Zip(Enumerable.Range(0, 101 * 75), (m, i) => Math.Abs(m - Value(i % 101, i / 101))).Max().ShouldBeLessThan(1 << (bits - 3));
    }

    [Fact]
    public void Restart_markers_are_followed()
    {
        int Value(int x, int y) => (x * 40 + y * 23 + (x * 7919 ^ y * 104729) % 16) & 255;
        Assert.SkipUnless(File.Exists("/usr/bin/cjpeg"), "needs cjpeg: apt-get install libjpeg-turbo-progs");
        byte[] pgm = [.. "P5 61 47 255\n"u8, .. Enumerable.Range(0, 61 * 47).Select(i => (byte)Value(i % 61, i / 61))];
        File.WriteAllBytes(folder.File("x.pgm"), pgm);
        ExternalProgram.Run(
            "cjpeg", "libjpeg-turbo-progs", "-quality", "95", "-restart", "3B", "-outfile", folder.File("x.jpg"), folder.File("x.pgm"));
        ExternalProgram.Run("djpeg", "libjpeg-turbo-progs", "-dct", "float", "-outfile", folder.File("y.pgm"), folder.File("x.jpg"));

        var mine = JpegDecoder.Decode(File.ReadAllBytes(folder.File("x.jpg")), 47, 61);

        var theirs = File.ReadAllBytes(folder.File("y.pgm"))[^(61 * 47)..];
        mine.Zip(theirs, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThanOrEqualTo(1);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("window")]
    [InlineData("signed window")]
    [InlineData("exact")]
    [InlineData("sigmoid")]
    [InlineData("tables")]
    public void Display_equals_pydicoms_of_a_made_file(string kind)
    {
        bool signed = kind.StartsWith("signed", StringComparison.Ordinal);
        int Value(int x, int y) => (signed ? -1500 : 300) + (x * 53 + y * 29) % 3000;
        var document = DicomDocument.Radiograph(50, 40, Value, 12, signed, kind == "window" ? "MONOCHROME1" : "MONOCHROME2");
        if (kind is not ("plain" or "tables"))
            document.Text(0x0028_1052, "DS", "-100.5").Text(0x0028_1053, "DS", "1.25").Text(0x0028_1050, "DS", signed ? "20" : "1800")
                .Text(0x0028_1051, "DS", "1500.5");
        if (kind == "exact") document.Text(0x0028_1056, "CS", "LINEAR_EXACT");
        if (kind == "sigmoid") document.Text(0x0028_1056, "CS", "SIGMOID");
        if (kind == "tables")
        {
            document.Sequence(
                0x0028_3000,
                new DicomDocument().Words(0x0028_3002, "US", 2000, 500, 16).Words(0x0028_3006, "OW", Enumerable.Range(0, 2000).Select(i => i * 30))
                    .Text(0x0028_3004, "LO", "US"));
            document.Sequence(
                0x0028_3010,
                new DicomDocument().Words(0x0028_3002, "US", 0, 0, 16)
                    .Words(0x0028_3006, "OW", Enumerable.Range(0, 65536).Select(i => 65535 - i * (long)i / 65536).Select(i => (int)i)));
        }
        CompareWithPydicom(document.Write(folder.File("made.dcm")));
    }

    [Theory]
    [InlineData("nih_cxr_dx_implicit_le.dcm")]
    [InlineData("rsna_nih_mono2_jpeg_baseline.dcm")]
    [InlineData("nema_rg1_cr_chest_pa_j2k_mono1_15bit.dcm")]
    public void Display_equals_pydicoms_of_a_real_file_and_so_do_its_recodings(string name)
    {
        var real = SharedData.Require($"dicom/{name}");
        ExternalProgram.Run("gdcmconv", "libgdcm-tools", "--raw", real, folder.File("native.dcm"));
        CompareWithPydicom(folder.File("native.dcm"));
        var native = DicomImage.Read(folder.File("native.dcm"), false);

        var asItIs = DicomImage.Read(real, false);
        asItIs.Words.Zip(native.Words, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThanOrEqualTo(1); // JPEG baseline may round either way
        foreach (var (program, options) in new[] { ("dcmconv", "+td"), ("dcmcrle", ""), ("dcmcjpeg", "+e1"), ("gdcmconv", "--jpegls") })
        {
            Convert(program, options.Length > 0 ? [options] : [], folder.File("native.dcm"), folder.File("coded.dcm"));
            DicomImage.Read(folder.File("coded.dcm"), false).Words.AsSpan().SequenceEqual(native.Words).ShouldBeTrue($"{program} {options}");
        }
    }

    [Theory]
    [InlineData("MR_small.dcm", "MR")] // a TIFF file too, by its preamble
    [InlineData("CT_small.dcm", "CT")]
    public void Pydicoms_files_that_are_tiff_too_are_read_as_dicom(string name, string modality)
    {
        var path = $"/usr/lib/python3/dist-packages/pydicom/data/test_files/{name}";
        Assert.SkipUnless(File.Exists(path), "needs Python's pydicom with its test files: apt-get install python3-pydicom");

        Should.Throw<ImageFaultException>(() => new GreyImageReader(32).Read(path)).Message.ShouldBe($"modality {modality}; expected CR, DX, DR");
        CompareWithPydicom(path, anyModality: true);
    }

    /// <summary>Stored values to the last bit; what is shown to a thousandth of a grey level.</summary>
    private void CompareWithPydicom(string path, bool anyModality = false)
    {
        ExternalProgram.RunPython("pydicom", Display, path, folder.File("stored"), folder.File("shown"));
        var image = DicomImage.Read(path, anyModality);
        int bits = image.Header.BitsStored;
        int[] stored = [.. image.Words.Select(w => image.Header.IsSigned ? (w << (32 - bits)) >> (32 - bits) : w)];
        stored.AsSpan().SequenceEqual(MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(folder.File("stored")))).ShouldBeTrue();

        var shown = new DicomGreyscale(image).Display();

        var expected = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(folder.File("shown")));
        double worst = 0;
        for (int i = 0; i < expected.Length; i++) worst = Math.Max(worst, Math.Abs(shown[i] - 65535 * expected[i]));
        worst.ShouldBeLessThan(1.0);
    }

    private static void Convert(string program, string[] options, string input, string output) =>
        ExternalProgram.Run(program, program == "gdcmconv" ? "libgdcm-tools" : "dcmtk", [.. options, input, output]);
}
