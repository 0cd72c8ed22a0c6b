using NetVips;
using RadTex.Data;
using RadTex.Imaging;
using RadTex.Inspection;
using RadTex.Studies;

namespace RadTex.Tests.Data;

public sealed class DuplicateFinderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Fingerprint_tells_copies_from_others()
    {
        var original = Fingerprint(Draw("a.png", 1));
        ImageFingerprint.Distance(original, original).ShouldBe(0);
        ImageFingerprint.Distance(original, Fingerprint(Copy(Draw("a.png", 1), i => i.Resize(0.5)))).ShouldBeLessThan(16);
        ImageFingerprint.Distance(original, Fingerprint(Draw("b.png", 2))).ShouldBeGreaterThan(80);
    }

    [Fact]
    public void Fingerprint_does_not_see_brightness_or_contrast() =>
        ImageFingerprint.Distance(Fingerprint(Draw("a.png", 1)), Fingerprint(Copy(Draw("a.png", 1), i => i * 0.5 + 20))).ShouldBeLessThan(8);

    [Theory]
    [InlineData("half as large")]
    [InlineData("JPEG")]
    [InlineData("turned")]
    [InlineData("turned back on the same canvas")]
    [InlineData("darker")]
    public void Copy_in_another_split_is_found(string kind)
    {
        var original = Draw("a.png", 1);
        var copy = kind switch
        {
            "half as large" => Copy(original, i => i.Resize(0.5)),
            "JPEG" => Copy(original, i => i, ".jpg"),
            "turned" => Copy(original, i => i.Rotate(2)),
            "darker" => Copy(original, i => i * 0.6),
            _ => Copy(original, i => SameCanvas(i.Rotate(-2), i)),
        };

        var found = Find(true, (original, Split.Train), (Draw("b.png", 2), Split.Train), (copy, Split.Test), (Draw("c.png", 3), Split.Test));

        found.Select(p => (p.First, p.Second)).ShouldBe([(0, 2)]);
        found[0].Similarity.ShouldBeInRange(0.85, 1);
    }

    [Fact]
    public void Same_pixels_have_similarity_1_and_only_pairs_across_splits_are_asked_for()
    {
        var (a, b) = (Draw("a.png", 1), Draw("b.png", 2));
        (string, Split)[] pictures = [(a, Split.Train), (a, Split.Train), (b, Split.Validate), (a, Split.Test)];

        Find(true, pictures).ShouldBe([new DuplicatePair(0, 3, 1), new DuplicatePair(1, 3, 1)]);
        Find(false, pictures).ShouldBe([new DuplicatePair(0, 1, 1), new DuplicatePair(0, 3, 1), new DuplicatePair(1, 3, 1)]);
    }

    [Fact]
    public void Small_datasets_are_searched_for_equal_pixels_only()
    {
        var path = TinyDataset.Write(folder.File("tiny"));
        using var dataset = PreparedDataset.Open(path);

        DuplicateFinder.Find(dataset, false, cancellation: TestContext.Current.CancellationToken).ShouldBeEmpty();
    }

    [Fact]
    public void Real_copies_are_found_and_strangers_are_not()
    {
        var files = Directory.GetFiles(SharedData.Require("nih-cxr14/images"), "*.png").Order(StringComparer.Ordinal)
            .DistinctBy(f => Path.GetFileName(f)[..8]).Take(80).ToArray();
        var copies = files.Select((file, i) => Copy(file, image => (i % 4) switch
        {
            0 => image.Rotate(2),
            1 => SameCanvas(image.Rotate(-2), image),
            2 => image.Resize(0.5),
            _ => image,
        }, i % 4 == 3 ? ".jpg" : ".png", i));

        var found = Find(true, [.. files.Select(f => (f, Split.Train)), .. copies.Select(f => (f, Split.Test))]);

        found.ShouldAllBe(p => p.Second == p.First + files.Length); // one a patient: every other pair would be two patients
        found.Count.ShouldBeGreaterThanOrEqualTo(76); // 95%
    }

    private string Draw(string name, int seed) => Pictures.WriteRadiograph(folder.File(name), seed, 256, 256);

    private string Copy(string path, Func<Image, Image> change, string ending = ".png", int number = 0)
    {
        using var image = Image.NewFromFile(path);
        using var grey = image.Bands > 1 ? image[0] : image.Copy();
        var copy = folder.File($"copy{number}{ending}");
        Pictures.Write(change(grey).Cast(Enums.BandFormat.Uchar), copy);
        return copy;
    }

    private static Image SameCanvas(Image turned, Image original) =>
        turned.Crop((turned.Width - original.Width) / 2, (turned.Height - original.Height) / 2, original.Width, original.Height);

    private static ImageFingerprint Fingerprint(string path)
    {
        var image = new GreyImageReader(256).Read(path);
        return ImageFingerprint.Of(image.Pixels, image.Height, image.Width);
    }

    private IReadOnlyList<DuplicatePair> Find(bool acrossSplitsOnly, params (string Path, Split Split)[] pictures)
    {
        var path = folder.File($"dataset{Guid.NewGuid():N}");
        PreparedPictures.Write(path, [.. pictures.Select((p, i) => (p.Path, $"patient{i}", p.Split))]);
        using var dataset = PreparedDataset.Open(path);
        return DuplicateFinder.Find(dataset, acrossSplitsOnly, cancellation: TestContext.Current.CancellationToken);
    }
}
