using RadTex.Heads;

namespace RadTex.Tests.Heads;

/// <summary>Features on the disk, row by row: gone on with in whole batches, and refused where they are of something else.</summary>
public sealed class FeatureFilesTests : IDisposable
{
    private const int Rows = 10, Width = 3, Batch = 4;

    private readonly TemporaryFolder folder = new();
    private readonly RadiographFeatures features = MadeFeatures.Of(
        Rows, Width, (i, j) => 10 * i + j, ["Edema"], i => [i % 3 == 0 ? null : i % 2], i => $"p{i / 2}");

    private string Output => folder.File("features");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Rows_that_were_appended_are_read_back_and_the_card_comes_last()
    {
        using (var work = FeatureFolder.Open(Output, Card()))
        {
            work.IsComplete.ShouldBeFalse();
            work.Rows.ShouldBe(0);
            work.ReadRows(new float[Rows * Width]).ShouldBe(0);
            for (int i = 0; i < Rows; i++) work.Append(features.Row(i));
            work.Rows.ShouldBe(Rows);
            Directory.GetFiles(Output).Select(Path.GetFileName).ShouldNotContain(FeatureFolder.CardName);
            work.Complete(Card(), features.Radiographs, features.LabelNames);
        }
        Directory.GetFiles(Output, "features.*").Select(Path.GetFileName).Order()
            .ShouldBe([FeatureFolder.CardName, FeatureFolder.Values, FeatureFolder.Table]);
        using var whole = FeatureFolder.Open(Output, Card());
        whole.IsComplete.ShouldBeTrue();
        var values = new float[Rows * Width];
        whole.ReadRows(values).ShouldBe(Rows);
        values.ShouldBe(Enumerable.Range(0, Rows).SelectMany(i => features.Row(i).ToArray()));
        File.ReadAllBytes(Path.Combine(Output, FeatureFolder.Values)).Length.ShouldBe(128 + 4 * Rows * Width);
    }

    [Fact]
    public void Interrupted_pass_goes_on_after_the_last_whole_batch_that_was_safe()
    {
        using (var work = FeatureFolder.Open(Output, Card()))
            for (int i = 0; i < 7; i++) work.Append(features.Row(i));
        File.WriteAllText(Path.Combine(Output, FeatureFolder.Progress), File.ReadAllText(Path.Combine(Output, FeatureFolder.Progress))
            .Replace("\"rows\": 0", "\"rows\": 7", StringComparison.Ordinal));
        using (var again = FeatureFolder.Open(Output, Card()))
        {
            again.Rows.ShouldBe(Batch);
            var values = new float[Rows * Width];
            again.ReadRows(values).ShouldBe(Batch);
            values.Take(Batch * Width).ShouldBe(Enumerable.Range(0, Batch).SelectMany(i => features.Row(i).ToArray()));
            Should.Throw<InvalidOperationException>(() => again.Complete(Card(), features.Radiographs, features.LabelNames)).Message
                .ShouldBe("4 rows written, 10 expected");
        }
        using var anew = FeatureFolder.Open(Output, Card(), force: true);
        anew.Rows.ShouldBe(0);
    }

    [Fact]
    public void Features_of_something_else_are_refused_and_replaced_on_request()
    {
        using (var work = FeatureFolder.Open(Output, Card()))
        {
            foreach (int i in Enumerable.Range(0, Rows)) work.Append(features.Row(i));
            work.Complete(Card(), features.Radiographs, features.LabelNames);
        }
        Refusal(Card() with { EncoderSha256 = "fedcba9876543210" })
            .ShouldContain("the encoder e with weights 0123456789ab, not e with weights fedcba987654");
        Refusal(Card() with { DatasetHash = "d2" }).ShouldContain("radiographs of data (dataset hash d1, 10 radiographs)");
        Refusal(Card() with { View = "view 3" }).ShouldContain("centre views of 64 px, 1 channels, scaling max, Float32, batches of 4; not view 3");
        Should.Throw<UserErrorException>(() => FeatureFolder.Begin(Output, Width, force: false)).Setting.ShouldBe("force");
        using var replaced = FeatureFolder.Open(Output, Card() with { View = "view 3" }, force: true);
        replaced.IsComplete.ShouldBeFalse();
    }

    [Fact]
    public void Features_of_unknown_number_begin_anew_and_get_their_card_at_the_end()
    {
        for (int pass = 0; pass < 2; pass++)
        {
            using var work = FeatureFolder.Begin(Output, Width, force: pass > 0);
            for (int i = 0; i < 5; i++) work.Append(features.Row(i));
            if (pass > 0) work.Complete(Card() with { Count = 5 }, [.. features.Radiographs.Take(5)], features.LabelNames);
        }
        using var whole = FeatureFolder.Open(Output, Card() with { Count = 5 });
        var values = new float[5 * Width];
        whole.ReadRows(values).ShouldBe(5);
        values[^1].ShouldBe(42);
    }

    [Fact]
    public void Damaged_files_are_told_with_what_to_do()
    {
        Directory.CreateDirectory(Output);
        using (var work = FeatureFolder.Open(Output, Card()))
        {
            foreach (int i in Enumerable.Range(0, Rows)) work.Append(features.Row(i));
            work.Complete(Card(), features.Radiographs, features.LabelNames);
        }
        using (var stream = File.OpenWrite(Path.Combine(Output, FeatureFolder.Values))) stream.SetLength(stream.Length - 1);
        using (var whole = FeatureFolder.Open(Output, Card()))
            Should.Throw<UserErrorException>(() => whole.ReadRows(new float[Rows * Width])).Message
                .ShouldContain("has 247 bytes, expected 248 for 10 rows of 3 features. Delete");
        File.WriteAllText(Path.Combine(Output, FeatureFolder.CardName), "{");
        Refusal(Card()).ShouldEndWith("Delete it to begin again.");
    }

    private string Refusal(FeatureCard card) => Should.Throw<UserErrorException>(() => FeatureFolder.Open(Output, card).Dispose()).Message;

    private FeatureCard Card() => new(
        "e", "0123456789abcdef", 64, 1, "max", "Float32", Batch, Width, "data", "d1", FeatureCard.HashOf(features.Radiographs.Select(r => r.ImageId)),
        Rows, "centre", false, true);
}
