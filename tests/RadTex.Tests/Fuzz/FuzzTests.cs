using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using RadTex.Imaging;
using RadTex.Studies;
using RadTex.Studies.Archives;
using RadTex.Studies.Tables;
using RadTex.Text;

namespace RadTex.Tests.Fuzz;

public sealed class FuzzTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Damaged_dicom_files_end_as_pictures_or_reasons() => FuzzRun.Run("DICOM", 3000, DicomSeeds(), ReadPicture);

    [Fact]
    public void Damaged_png_files_end_as_pictures_or_reasons() =>
        FuzzRun.Run("PNG", 300, PictureSeeds(".png"), bytes => ReadPicture(RepairChecksums(bytes)));

    [Fact]
    public void Damaged_jpeg_files_end_as_pictures_or_reasons() => FuzzRun.Run("JPEG", 300, PictureSeeds(".jpg"), ReadPicture);

    [Fact]
    public void Damaged_tables_end_as_radiographs_inside_the_root_or_as_reasons()
    {
        var root = folder.File("archive");
        Pictures.WriteRadiograph(Path.Combine(root, "a.png"), 1);
        Pictures.WriteRadiograph(folder.File("outside.png"), 2);
        byte[][] seeds =
        [
            [
                .. "image,patient_id,view,text,split,Edema\na.png,1,PA,\"Clear, \"\"no\"\" effusion.\nHeart normal.\",train,1\n"u8,
                .. "a.png,2,AP,,test,\n../a.png,3,PA,x,validate,-1\n"u8,
            ],
            "image;patient_id;view\na.png;1;PA\n../outside.png;2;PA\n"u8.ToArray().Select(b => b == ';' ? (byte)',' : b).ToArray(),
            [0xEF, 0xBB, 0xBF, .. "path,subject_id,ViewPosition,finding\r\na.png,7,PA,Edema|Mass\r\n./a.png,8,AP,\r\n"u8],
        ];
        FuzzRun.Run("CSV", 300, seeds, bytes =>
        {
            using var file = new OwnFile(root, ".csv", bytes);
            try
            {
                var listing = new TableSource(file.Path, new TableColumns()).List(new StudyOptions(ViewFilter.All));
                foreach (var radiograph in listing.Radiographs)
                    if (listing.Images.Resolve(radiograph.ImagePath) is { } path) path.ShouldStartWith(root + "/");
                return true;
            }
            catch (UserErrorException) { return false; }
        });
    }

    [Fact]
    public void Damaged_reports_end_as_text_or_none()
    {
        byte[][] seeds =
        [
            Encoding.UTF8.GetBytes(
                " FINAL REPORT\n EXAMINATION: CHEST (PA AND LAT)\n\n FINDINGS: \n The lungs are clear.\n \n IMPRESSION: \n No acute process.\n"),
            Encoding.UTF8.GetBytes(
                " WET READ: ___ 3:14 PM\n ______________________\n FINAL REPORT\n INDICATION: ___ year old\n IMPRESSION:\n 1. "
                    + "Edema.\n 2. \u00e9panchement.\n \n Last paragraph.\n"),
        ];
        FuzzRun.Run("report", 300, seeds, bytes =>
        {
            var sections = ReportSections.Parse(Encoding.UTF8.GetString(bytes));
            foreach (var policy in SectionPolicy.All)
                if (policy.Select(sections) is { } text) text.Trim().ShouldNotBeEmpty();
            return sections.Sections.Count > 1;
        });
    }

    private static bool ReadPicture(byte[] bytes)
    {
        using var file = new OwnFile(Path.GetTempPath(), ".picture", bytes);
        try
        {
            var image = new GreyImageReader(16, Enum.GetValues<ImageIntensity>()[bytes.Length % 3]).Read(file.Path);
            image.Pixels.Length.ShouldBe(image.Width * image.Height);
            Math.Min(image.Width, image.Height).ShouldBe(16);
            return true;
        }
        catch (ImageFaultException e)
        {
            e.Message.ShouldNotBeNullOrWhiteSpace();
            return false;
        }
    }

    /// <summary>Makes the checksums of a PNG's chunks true again, so that the damage gets past them, in three of four files.</summary>
    private static byte[] RepairChecksums(byte[] bytes)
    {
        if (bytes.Length % 4 == 0) return bytes;
        for (int at = 8; at <= bytes.Length - 12;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
            if (length > bytes.Length - at - 12) break;
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at + 8 + (int)length), Crc32.HashToUInt32(bytes.AsSpan(at + 4, 4 + (int)length)));
            at += 12 + (int)length;
        }
        return bytes;
    }

    private static List<byte[]> DicomSeeds()
    {
        static DicomDocument Small(int bits = 12, bool signed = false) =>
            DicomDocument.Radiograph(23, 19, (x, y) => (x * 31 + y * 17) % (1 << (bits - 1)), bits, signed);
        var lut = new DicomDocument().Words(0x0028_3002, "US", 64, 0, 12).Words(0x0028_3006, "OW", Enumerable.Range(0, 64).Select(i => i * 60));
        return
        [
            .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Golden", "dicom"), "*.dcm").Order(StringComparer.Ordinal)
                .Select(File.ReadAllBytes),
            Small().ToBytes(), Small(16, true).ToBytes(isExplicit: false), Small(8).Words(0x0028_0120, "US", 3).ToBytes(),
            Small().Text(0x0028_1050, "DS", "1024").Text(0x0028_1051, "DS", "900.5").Text(0x0028_1056, "CS", "SIGMOID").Text(0x0028_1052, "DS", "-10")
                .Text(0x0028_1053, "DS", "1.5").ToBytes(),
            Small().Sequence(0x0028_3000, lut).Sequence(0x0028_3010, lut).Text(0x2050_0020, "CS", "INVERSE").ToBytes(),
            Small().Sequence(0x0028_3010, lut).Sequence(0x0040_0555, new DicomDocument().Sequence(0x0040_0555, lut)).ToBytes(isExplicit: false),
        ];
    }

    private List<byte[]> PictureSeeds(string ending)
    {
        var seeds = new List<byte[]>();
        foreach (var (width, height) in new[] { (20, 30), (64, 48), (130, 120) })
            seeds.Add(File.ReadAllBytes(Pictures.WriteRadiograph(folder.File($"seed{width}{ending}"), width, width, height)));
        return seeds;
    }

    /// <summary>A file for the time of one trial.</summary>
    private sealed class OwnFile : IDisposable
    {
        internal OwnFile(string folder, string ending, byte[] bytes)
        {
            Path = System.IO.Path.Combine(folder, $"radtex-fuzz-{Environment.ProcessId}-{Environment.CurrentManagedThreadId}{ending}");
            File.WriteAllBytes(Path, bytes);
        }

        internal string Path { get; }

        public void Dispose() => File.Delete(Path);
    }
}
