using RadTex.Data;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Transfer;
using RadTex.Prediction;
using RadTex.Preparing;
using RadTex.Studies;

namespace RadTex.Learning.Tests.Transfer;

/// <summary>An encoder meets only radiographs of the intensity it learnt from.</summary>
public sealed class IntensityTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Encoder_refuses_a_dataset_of_another_intensity()
    {
        var writer = new PreparedDatasetWriter([], 32);
        writer.Add(new("i", "p", "s", "PA", Split.Test, null, []), new byte[32 * 32], 32, 32);
        writer.Write(folder.File("set"));
        using var dataset = PreparedDataset.Open(folder.File("set"));
        using var source = Source("liao");

        Should.Throw<UserErrorException>(() => new FeatureExtractor(source).Extract(dataset)).Message
            .ShouldContain("with the setting 'intensity' = liao");
    }

    [Fact]
    public void Folder_of_pictures_is_read_with_the_encoders_intensity()
    {
        Directory.CreateDirectory(folder.File("pictures"));
        DicomDocument.Radiograph(40, 40, (x, y) => 500 + 10 * x + y, photometric: "MONOCHROME1").Write(folder.File("pictures/a.dcm"));
        using var display = Source("display");
        using var liao = Source("liao");

        FolderEmbedding.Run(new FeatureExtractor(display), folder.File("pictures"), folder.File("display")).Embedded.ShouldBe(1);
        FolderEmbedding.Run(new FeatureExtractor(liao), folder.File("pictures"), folder.File("liao"));

        File.ReadAllBytes(folder.File("display/features.npy")).ShouldNotBe(File.ReadAllBytes(folder.File("liao/features.npy")));
    }

    private static EncoderSource Source(string intensity) => EncoderSource.Of(
        "made", Encoders.Create(new("resnet18", 4), Draw.Stream),
        new EncoderCard("resnet18", 4, 1, 32, "max", "MONOCHROME2", 32, "made", false, "", intensity));
}
