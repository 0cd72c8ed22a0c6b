using RadTex.Data;
using RadTex.Imaging;
using RadTex.Preparing;
using RadTex.Studies;
using RadTex.Studies.Archives;

namespace RadTex.Phantoms.Tests;

/// <summary>Phantoms as DICOM files: readable by others, and prepared as the archive whose layout they have.</summary>
public sealed class PhantomDicomTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(16)]
    public void Files_are_valid_and_show_what_the_jpeg_shows(int bits)
    {
        using var folder = new TemporaryFolder();
        PhantomArchive.Write(new(4, 5, 96) { DicomBits = bits }, folder.File("dicom"));
        PhantomArchive.Write(new(4, 5, 96), folder.File("jpeg"));
        var files = Directory.GetFiles(folder.File("dicom"), "*.dcm", SearchOption.AllDirectories);
        files.Length.ShouldBe(4);
        foreach (var file in files)
        {
            var jpeg = Path.ChangeExtension(file.Replace(folder.File("dicom"), folder.File("jpeg")), ".jpg");
            var (shown, compressed) = (new GreyImageReader(96).Read(file), new GreyImageReader(96).Read(jpeg));
            shown.Pixels.Zip(compressed.Pixels).Average(p => Math.Abs(p.First - p.Second)).ShouldBeLessThan(2.5);
            shown.View.ShouldBeOneOf("AP", "PA");
            shown.BodyPart.ShouldBe("CHEST");
            FullRadiographReader.Read(file).Tables[0].Greys.Length.ShouldBe(1 << bits);
        }
    }

    [Fact]
    public void Dicom3tools_finds_no_error()
    {
        using var folder = new TemporaryFolder();
        PhantomArchive.Write(new(2, 5, 96) { DicomBits = 12 }, folder.File("dicom"));
        foreach (var file in Directory.GetFiles(folder.File("dicom"), "*.dcm", SearchOption.AllDirectories))
            ExternalProgram.Run("dciodvfy", "dicom3tools", file); // its exit status tells of errors; warnings go to the same stream
    }

    [Fact]
    public void They_are_prepared_as_mimic_cxr()
    {
        using var folder = new TemporaryFolder();
        PhantomArchive.Write(new(20, 5, 96) { DicomBits = 12 }, folder.File("dicom"));
        DatasetPreparation.Run(
            new MimicCxrSource(folder.File("dicom")), new(folder.File("dataset"), new(Split: SplitRule.Hash), 64),
            cancellation: TestContext.Current.CancellationToken);
        using var dataset = PreparedDataset.Open(folder.File("dataset"));
        dataset.Count.ShouldBeGreaterThan(15);
        dataset.Radiographs.ShouldAllBe(r => r.View == "AP" || r.View == "PA");
    }
}
