using RadTex.Reporting;

namespace RadTex.Tests.Reporting;

public sealed class ChartFileTests
{
    [Fact]
    public void A_chart_becomes_a_file_that_needs_no_page()
    {
        using var folder = new TemporaryFolder();
        var chart = new LineChart(
            "labels", "AUC", [new("a & b", [new(10, 0.6, 0.5, 0.7), new(100, 0.8, 0.75, 0.85)]), new("random", [new(10, 0.5)], IsDashed: true)],
            IsLogX: true, Reference: 0.5);
        ChartFile.Save(chart, folder.File("chart"), "Synthetic <radiographs>").ShouldBeNull();
        var svg = File.ReadAllText(folder.File("chart.svg"));
        System.Xml.Linq.XDocument.Parse(svg).Root!.Name.LocalName.ShouldBe("svg");
        svg.ShouldNotContain("var(");
        svg.ShouldContain("a &amp; b");
        svg.ShouldContain("Synthetic &lt;radiographs&gt;");
        using var picture = NetVips.Image.NewFromFile(folder.File("chart.png"));
        picture.Width.ShouldBe(1440);
        // Not a blank page: lines, bands and words.
        picture.Deviate().ShouldBeGreaterThan(5);
    }

    [Fact]
    public void A_chart_without_points_says_so() => ChartFile.Svg(new("x", "y", [new("empty", [])])).ShouldContain("No data");
}
