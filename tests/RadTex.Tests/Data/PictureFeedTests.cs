using RadTex.Data;
using RadTex.Imaging;

namespace RadTex.Tests.Data;

/// <summary>Pictures of files, bytes and streams are one path.</summary>
public sealed class PictureFeedTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly InputPipeline pipeline = new(new(40, "display"), new(32));

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Files_bytes_and_streams_give_the_same_inputs_in_order()
    {
        for (int i = 0; i < 5; i++) Pictures.WriteRadiograph(folder.File($"{i}.png"), i);
        PictureSource Of(int i, int kind) => kind switch
        {
            0 => PictureSource.File(folder.File($"{i}.png"), $"{i}"),
            1 => PictureSource.Bytes($"{i}", File.ReadAllBytes(folder.File($"{i}.png"))),
            _ => PictureSource.Stream($"{i}", () => File.OpenRead(folder.File($"{i}.png"))),
        };
        float[][] All(Func<int, int> kind, int batchSize)
        {
            var rows = new List<float[]>();
            foreach (var batch in new PictureFeed([.. Enumerable.Range(0, 5).Select(i => Of(i, kind(i)))]).Read(pipeline, batchSize))
            {
                using var ended = batch;
                batch.Names.ShouldBe(Enumerable.Range(rows.Count, batch.Count).Select(i => $"{i}"));
                for (int i = 0; i < batch.Count; i++) rows.Add(batch.Images.Span.Slice(i * 32 * 32, 32 * 32).ToArray());
            }
            return [.. rows];
        }
        var expected = All(_ => 0, 5);
        foreach (var (found, batchSize) in new[] { (All(_ => 1, 2), 2), (All(_ => 2, 1), 1), (All(i => i % 3, 3), 3) })
            found.ShouldBe(expected, $"batches of {batchSize}");
    }

    [Fact]
    public void What_cannot_be_read_is_named_with_its_reason_and_leaves_no_file_behind()
    {
        var opened = 0;
        var stream = new PictureFeed(
        [
            PictureSource.Bytes("text", "not a picture"u8.ToArray()), PictureSource.File(folder.File("missing.png")),
            PictureSource.Stream("fails", () => throw new IOException($"gone {++opened}")),
        ]);
        using var batch = stream.Read(pipeline, 8).Single();
        batch.Count.ShouldBe(0);
        batch.Rejected.Select(r => r.Path).ShouldBe(["text", folder.File("missing.png"), "fails"]);
        batch.Rejected[0].ShouldBe(("text", "not a JPEG, PNG, TIFF or DICOM file", ImageFault.UnsupportedFormat));
        batch.Rejected[2].Reason.ShouldBe("gone 1");
    }

    [Fact]
    public void Pictures_further_on_are_not_opened_before_their_turn()
    {
        Pictures.WriteRadiograph(folder.File("0.png"), 0);
        int opened = 0;
        var sources = Enumerable.Range(0, 200).Select(i => PictureSource.Stream($"{i}", () =>
        {
            Interlocked.Increment(ref opened);
            return File.OpenRead(folder.File("0.png"));
        }));
        foreach (var batch in new PictureFeed([.. sources]).Read(pipeline, 4))
        {
            batch.Dispose();
            break;
        }
        opened.ShouldBeLessThanOrEqualTo(16); // the batch that was used, two that wait, one that is being read
    }

    [Fact]
    public void Folders_are_searched_and_a_name_that_is_nothing_is_refused()
    {
        Pictures.WriteRadiograph(folder.File("pictures/a/0.png"), 0);
        Pictures.WriteRadiograph(folder.File("1.png"), 1);
        var found = PictureFeed.Of([folder.File("pictures"), folder.File("1.png")]);
        found.Pictures.Select(p => p.Name).ShouldBe([folder.File("pictures/a/0.png"), folder.File("1.png")]);
        PictureFeed.OfFolder(folder.File("pictures")).Pictures.Single().Name.ShouldBe("a/0.png");
        Should.Throw<UserErrorException>(() => PictureFeed.Of([folder.File("nothing")])).Message.ShouldContain("neither a file nor a folder");
    }
}
