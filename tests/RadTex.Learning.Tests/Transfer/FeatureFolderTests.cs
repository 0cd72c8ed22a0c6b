using RadTex.Data;
using RadTex.Files;
using RadTex.Learning.Models;
using RadTex.Learning.Transfer;

namespace RadTex.Learning.Tests.Transfer;

[Collection(nameof(SerialTorch))]
public sealed class FeatureFolderTests : IDisposable
{
    private const int Batch = 40, WriteBuffer = 1 << 16;

    private readonly TemporaryFolder folder = new();
    private readonly PreparedDataset dataset;
    private readonly EncoderSource encoder = TinyTransfer.Encoder(0);

    public FeatureFolderTests() => dataset = PreparedDataset.Open(TinyTransfer.WriteDataset(folder.File("dataset")));

    public void Dispose()
    {
        encoder.Dispose();
        dataset.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Features_are_written_as_they_come_and_no_more_than_a_batch_of_them_is_held()
    {
        var extractor = Extractor();
        int[] many = [.. Enumerable.Range(0, 30 * Batch).Select(i => i % dataset.Count)];
        var growing = folder.File("features/features.npy" + AtomicFile.TemporarySuffix);
        long row = extractor.Width * 4L, mostHeld = 0;

        extractor.Write(dataset, folder.File("features"), many, progress: new Reports(r =>
            mostHeld = Math.Max(mostHeld, r.Done * row - new FileInfo(growing).Length)));

        (many.Length * row).ShouldBeGreaterThan(4 * WriteBuffer);
        mostHeld.ShouldBeLessThanOrEqualTo(WriteBuffer + Batch * row);
    }

    [Fact]
    public void Features_of_a_folder_of_pictures_are_written_as_they_come_too()
    {
        const int Count = 20 * Batch;
        Pictures.WriteRadiograph(folder.File("one.png"), 1);
        Directory.CreateDirectory(folder.File("pictures"));
        for (int i = 0; i < Count; i++) File.Copy(folder.File("one.png"), folder.File($"pictures/{i:0000}.png"));
        // A folder has no training radiographs that the norms of random weights could be measured on.
        var named = EncoderSource.Of("made", encoder.Encoder, encoder.Card); // the encoder's, not to be disposed of
        var extractor = new FeatureExtractor(named, new(Precision.Fp32, Batch: Batch));
        var growing = folder.File("features/features.npy" + AtomicFile.TemporarySuffix);
        long row = extractor.Width * 4L, mostHeld = 0;

        FolderEmbedding.Run(extractor, folder.File("pictures"), folder.File("features"), progress: new Reports(r =>
            mostHeld = Math.Max(mostHeld, r.Done * row - new FileInfo(growing).Length))).Embedded.ShouldBe(Count);

        (Count * row).ShouldBeGreaterThan(4 * WriteBuffer);
        mostHeld.ShouldBeLessThanOrEqualTo(WriteBuffer + Batch * row);
    }

    [Fact]
    public void Half_written_features_go_on_where_they_stopped_with_the_same_bytes()
    {
        var extractor = Extractor();
        extractor.Write(dataset, folder.File("whole"));
        var whole = File.ReadAllBytes(folder.File("whole/features.npy"));
        Directory.CreateDirectory(folder.File("half"));
        int there = whole.Length - dataset.Count * extractor.Width * 4 + Batch * extractor.Width * 4;
        File.WriteAllBytes(folder.File("half/features.npy" + AtomicFile.TemporarySuffix), whole[..there]);
        File.WriteAllText(
            folder.File("half/features.progress"), $$"""{"rows":{{Batch}},"card":{{File.ReadAllText(folder.File("whole/features.json"))}}}""");

        var second = Extractor();
        second.Write(dataset, folder.File("half"));

        second.EncodedImages.ShouldBe(dataset.Count - Batch);
        foreach (var name in new[] { "features.npy", "features.parquet", "features.json" })
            File.ReadAllBytes(folder.File($"half/{name}")).ShouldBe(File.ReadAllBytes(folder.File($"whole/{name}")));
        File.Exists(folder.File("half/features.progress")).ShouldBeFalse();
    }

    private FeatureExtractor Extractor() => new(encoder, new(Precision.Fp32, Batch: Batch));

    private sealed class Reports(Action<ProgressReport> action) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => action(value);
    }
}
