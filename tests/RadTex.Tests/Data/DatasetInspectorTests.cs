using RadTex.Data;
using RadTex.Inspection;
using RadTex.Preparing;
using RadTex.Studies;

namespace RadTex.Tests.Data;

public sealed class DatasetInspectorTests : IDisposable
{
    private const int Side = 48, Odd = 6;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Strange_pictures_come_first_with_what_is_strange()
    {
        using var dataset = Make();

        var inspection = DatasetInspector.Inspect(dataset);

        var (inverted, upright) = (
            inspection.Groups.Single(g => g.View == "PA" && g.IsInverted), inspection.Groups.Single(g => g.View == "PA" && !g.IsInverted));
        inverted.MostUnlike.ShouldHaveSingleItem().ImageId.ShouldBe("inverted");
        string[] Marks(string id) => [.. upright.MostUnlike.Single(i => i.ImageId == id).Marks];
        upright.MostUnlike.Take(Odd - 1).Select(i => i.ImageId).ShouldBe(["blank", "border", "noise", "turned", "upside-down"], ignoreOrder: true);
        Marks("turned").ShouldBe(["turned 90 degrees clockwise"]);
        Marks("upside-down").ShouldBe(["turned 180 degrees clockwise"]);
        Marks("blank").ShouldContain("nearly blank");
        Marks("border").ShouldContain("plain border of 17%");
        Marks("noise").ShouldBe(["unlike the rest"]);
        upright.MostUnlike.Skip(Odd - 1).ShouldAllBe(i => i.Marks.Count == 0);
    }

    [Fact]
    public void Counts_are_those_of_the_rows()
    {
        using var dataset = Make();

        var inspection = DatasetInspector.Inspect(dataset);

        inspection.Count.ShouldBe(30 + Odd);
        inspection.Views.Select(v => (v.View, v.Splits.Values.Sum())).ShouldBe([("PA", 30 + Odd)]);
        inspection.Labels[0].Splits["train"].Positive.ShouldBe(dataset.Radiographs.Count(r => r.Split == Split.Train && r.Labels[0] > 0));
        inspection.CoOccurrence[0][1].ShouldBe(dataset.Radiographs.Count(r => r.Labels[0] > 0 && r.Labels[1] > 0));
        inspection.CoOccurrence[1][0].ShouldBe(inspection.CoOccurrence[0][1]);
        inspection.Text.Captions.ShouldBe(30 + Odd);
        inspection.Text.Histogram.ShouldBe([18, 18]); // four and fourteen words
        foreach (var levels in inspection.GreyLevels.Values) levels.Sum().ShouldBe(1, 1e-4);
        inspection.Duplicates.Select(d => (d.First, d.Second)).ShouldBe([("chest0", "chest29")]);
    }

    [Fact]
    public void Page_and_json_hold_what_was_found()
    {
        using var dataset = Make();
        var inspection = DatasetInspector.Inspect(dataset);

        DatasetInspector.Write(inspection, folder.File("inspection.json"));
        var html = InspectionPage.Render(inspection, dataset).ToHtml();

        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(folder.File("inspection.json")));
        json.RootElement.GetProperty("groups")[0].GetProperty("most_unlike")[0].GetProperty("marks")[0].GetString().ShouldBe("inverted");
        html.ShouldContain("SYNTHETIC");
        html.ShouldContain("view PA, inverted (bone dark): 1");
        html.ShouldContain("chest29 (");
    }

    /// <summary>Thirty rough chests, the last a copy of the first, and six pictures something is wrong with.</summary>
    private PreparedDataset Make()
    {
        var writer = new PreparedDatasetWriter(["Edema", "Mass"], Side) { Synthetic = true };
        int row = 0;
        void Add(string id, byte[] pixels)
        {
            double?[] labels = [row % 2, row % 3 == 0 ? 1 : null];
            var text = row % 2 == 0 ? "The lungs are clear." : "One two three four five six seven eight nine ten eleven twelve thirteen fourteen";
            writer.Add(new(id, $"p{row}", $"s{row}", "PA", (Split)(row % 3), text, labels), pixels, Side, Side);
            row++;
        }
        for (int i = 0; i < 30; i++) Add($"chest{i}", Chest(i % 29));
        Add("inverted", [.. Chest(40).Select(v => (byte)(255 - v))]);
        Add("turned", Picture((x, y) => Chest(41)[(Side - 1 - x) * Side + y]));
        Add("upside-down", Picture((x, y) => Chest(42)[(Side - 1 - y) * Side + Side - 1 - x]));
        Add("blank", Picture((x, y) => (byte)(100 + x % 2)));
        Add("border", Picture((x, y) => x < 8 ? (byte)0 : Chest(43)[y * Side + x]));
        var random = new Random(3);
        Add("noise", Picture((x, y) => (byte)random.Next(256)));
        writer.Write(folder.File("set"));
        return PreparedDataset.Open(folder.File("set"));
    }

    private static byte[] Chest(int seed)
    {
        var random = new Random(seed);
        double wide = 0.17 + 0.03 * random.NextDouble(), high = 0.26 + 0.03 * random.NextDouble(), shift = 0.03 * random.NextDouble();
        return Picture((x, y) =>
        {
            double u = (double)x / Side, v = (double)y / Side;
            double Lung(double centre) => Math.Pow((u - centre - shift) / wide, 2) + Math.Pow((v - 0.42) / high, 2);
            double value = Lung(0.27) < 1 || Lung(0.73) < 1 ? 70 : 190;
            return (byte)(value + 20 * v + random.Next(16));
        });
    }

    private static byte[] Picture(Func<int, int, byte> value) => [.. Enumerable.Range(0, Side * Side).Select(i => value(i % Side, i / Side))];
}
