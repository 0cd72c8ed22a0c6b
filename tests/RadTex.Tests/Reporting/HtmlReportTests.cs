using System.Text.RegularExpressions;
using System.Xml.Linq;
using CsCheck;
using NetVips;
using RadTex.Reporting;

namespace RadTex.Tests.Reporting;

public sealed class HtmlReportTests
{
    private static LineChart Chart(bool isLogX = true) => new(
        "labelled radiographs", "mean AUC",
        [
            new ChartSeries("pretrained", [new(10, 0.6, 0.55, 0.65), new(30, 0.7, 0.66, 0.74), new(100, 0.8, 0.78, 0.82)]),
            new ChartSeries("random <init>", [new(10, 0.5), new(30, 0.52), new(100, 0.6)], IsDashed: true),
        ],
        isLogX, Reference: 0.5);

    private static XElement SvgOf(HtmlReport report) =>
        XElement.Parse(Regex.Match(report.ToHtml(), "<svg viewBox=\"0 0 720.*?</svg>", RegexOptions.Singleline).Value);

    [Fact]
    public void Page_fetches_nothing_and_runs_nothing()
    {
        var html = new HtmlReport("Quickstart", "lead").Heading("h").Paragraph("p").Note("n").Code("c").Tiles(("0.80", "AUC"))
            .Table(new HtmlTable(["a", "b"], [["x", "1"]]), "t").Chart(Chart(), "c")
            .Images([ReportImage.FromGrey(new byte[12], 4, 3, "d", ("True report", "r"))]).ToHtml();
        html.ShouldContain("default-src 'none'");
        html.ShouldNotContain("<script");
        html.ShouldNotContain("http://");
        html.ShouldNotContain("https://");
        Regex.Matches(html, "(src|href)=\"([^\"]*)\"")
            .ShouldAllBe(m => m.Groups[2].Value.StartsWith("data:image/png;base64,") || m.Groups[2].Value.StartsWith('#'));
    }

    [Fact]
    public void Every_text_given_is_escaped_wherever_it_stands()
    {
        const string Bad = "<img src=x onerror=\"alert(1)\">&'\u0000\u001b";
        const string Escaped = "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;";
        var series = new ChartSeries(Bad, [new(1, 2)]);
        var html = new HtmlReport(Bad, Bad).Heading(Bad).Paragraph(Bad).Note(Bad).Code(Bad).Tiles((Bad, Bad))
            .Table(new HtmlTable([Bad], [[Bad]]), Bad).Chart(new LineChart(Bad, Bad, [series]), Bad)
            .Images([new ReportImage(new byte[1], Bad, [(Bad, Bad)])]).ToHtml();
        html.ShouldNotContain("<img src=x");
        html.ShouldNotContain("\u001b");
        html.ShouldNotContain('\u0000');
        Regex.Count(html, Regex.Escape(Escaped)).ShouldBe(24);
    }

    [Fact]
    public void Escaped_text_parses_back_to_itself_as_it_may_be_shown() =>
        Gen.String.Sample(text =>
        {
            var parsed = XElement.Parse($"<p a=\"{HtmlText.Escape(text)}\">{HtmlText.Escape(text)}</p>", LoadOptions.PreserveWhitespace);
            parsed.Value.ShouldBe(PrintableText.Of(text));
        });

    [Fact]
    public void Chart_is_well_formed_and_draws_a_line_a_band_and_a_tooltip_for_each_point()
    {
        var svg = SvgOf(new HtmlReport("t").Chart(Chart()));
        string[] classes = [.. svg.Descendants().Select(e => (string?)e.Attribute("class") ?? "")];
        classes.Count(c => c.StartsWith("line ")).ShouldBe(2);
        classes.Count(c => c.StartsWith("band ")).ShouldBe(1);
        classes.Count(c => c.Contains("dashed")).ShouldBe(1);
        classes.ShouldContain("reference");
        svg.Descendants("title").Select(t => t.Value).ShouldContain("pretrained, 100: 0.8 [0.78, 0.82]");
        svg.Descendants("title").Count().ShouldBe(6);
        string[] texts = [.. svg.Elements("text").Select(t => t.Value)];
        foreach (var label in (string[])["10", "30", "100", "0.5", "0.8", "mean AUC", "labelled radiographs (log scale)"]) texts.ShouldContain(label);
    }

    [Fact]
    public void Logarithmic_axis_spaces_equal_ratios_equally()
    {
        var places = SvgOf(new HtmlReport("t").Chart(new LineChart("n", "y", [new("a", [new(10, 0), new(100, 1), new(1000, 2)])], IsLogX: true)))
            .Descendants("circle").Select(c => (double)c.Attribute("cx")!).ToArray();
        (places[1] - places[0]).ShouldBe(places[2] - places[1], 0.011);
        Should.Throw<ArgumentException>(() => new HtmlReport("t").Chart(new LineChart("n", "y", [new("a", [new(0, 1)])], IsLogX: true)));
    }

    [Fact]
    public void Higher_values_are_drawn_higher_and_inside_the_frame() =>
        Gen.Select(Gen.Double[-1e6, 1e6], Gen.Double[0.001, 1e6]).Sample((low, range) =>
        {
            var circles = SvgOf(new HtmlReport("t").Chart(new LineChart("x", "y", [new("a", [new(1, low), new(2, low + range)])])))
                .Descendants("circle").ToArray();
            double first = (double)circles[0].Attribute("cy")!, second = (double)circles[1].Attribute("cy")!;
            second.ShouldBeLessThan(first);
            first.ShouldBeInRange(34, 328.01);
            second.ShouldBeInRange(33.99, 328);
        });

    [Fact]
    public void Axis_from_zero_is_labelled_zero_and_not_minus_zero()
    {
        ChartPoint[] points = [.. Enumerable.Range(0, 20).Select(i => new ChartPoint(i, i / 100.0))];
        string[] texts =
            [.. SvgOf(new HtmlReport("t").Chart(new LineChart("step", "loss", [new("a", points)]))).Elements("text").Select(t => t.Value)];
        texts.ShouldNotContain(t => t.StartsWith("-0"));
        texts.ShouldBe(["0.00", "0.05", "0.10", "0.15", "0.20", "0", "5", "10", "15", "step", "loss"]);
    }

    [Fact]
    public void Line_breaks_at_a_value_that_is_not_finite()
    {
        var svg = SvgOf(
            new HtmlReport("t").Chart(new LineChart("x", "y", [new("a", [new(1, 1), new(2, 2), new(3, double.NaN), new(4, 4), new(5, 5)])])));
        svg.Descendants("path").Count(p => ((string?)p.Attribute("class") ?? "").StartsWith("line ")).ShouldBe(2);
    }

    [Fact]
    public void Chart_without_data_says_so() =>
        new HtmlReport("t").Chart(new LineChart("x", "y", [new("a", [new(1, double.NaN)]), new("b", [])])).ToHtml().ShouldContain("No data to draw.");

    [Fact]
    public void Charts_of_a_page_share_no_identifier()
    {
        var html = new HtmlReport("t").Chart(Chart()).Chart(Chart()).ToHtml();
        var ids = Regex.Matches(html, " id=\"([^\"]+)\"").Select(m => m.Groups[1].Value).ToList();
        ids.Count.ShouldBe(2);
        ids.ShouldBeUnique();
        new HtmlReport("t").Chart(Chart()).ToHtml().ShouldBe(new HtmlReport("t").Chart(Chart()).ToHtml());
    }

    [Fact]
    public void More_than_six_lines_become_panels_on_the_same_axes_in_which_a_name_keeps_its_colour()
    {
        string[] names = ["a", "b", "c", "d"];
        ChartSeries[] series = [.. ((string[])["own", "paper"]).SelectMany(
            group => names.Select((n, i) => new ChartSeries(n, [new(10, 0.5 + 0.01 * i), new(100, group == "own" ? 0.6 : 0.95)], Group: group)))];
        var html = new HtmlReport("t").Chart(new("x", "y", series)).ToHtml();
        Regex.Matches(html, "<p class=\"panel\">([^<]*)</p>").Select(m => m.Groups[1].Value).ShouldBe(["own", "paper"]);
        XElement[] panels = [.. Regex.Matches(html, "<svg viewBox=\"0 0 720.*?</svg>", RegexOptions.Singleline).Select(m => XElement.Parse(m.Value))];
        static string[] Lines(XElement svg) =>
            [.. svg.Descendants("path").Select(p => (string?)p.Attribute("class") ?? "").Where(c => c.StartsWith("line "))];
        Lines(panels[0]).ShouldBe(["line s0", "line s1", "line s2", "line s3"]);
        Lines(panels[1]).ShouldBe(Lines(panels[0]));
        panels[1].Elements("text").Select(t => t.Value).ShouldBe(panels[0].Elements("text").Select(t => t.Value));

        ChartSeries[] many = [.. Enumerable.Range(0, 17).Select(i => new ChartSeries($"{i}", [new(1, i)]))];
        ChartPanel.Of(new("x", "y", many)).Select(p => (p.Title, p.Lines.Count))
            .ShouldBe([("part 1 of 3", 5), ("part 2 of 3", 6), ("part 3 of 3", 6)]);
        ChartPanel.Of(new("x", "y", series[..6])).ShouldHaveSingleItem().Lines.Select(l => l.Name)
            .ShouldBe(["a, own", "b, own", "c, own", "d, own", "a, paper", "b, paper"]);
    }

    [Fact]
    public void Intervals_are_cut_at_the_frame_and_values_are_not()
    {
        var svg = SvgOf(
            new HtmlReport("t").Chart(
                new LineChart("x", "y", [new("a", [new(1, 0.3, -0.2, 0.8), new(2, 0.9, 0.5, 1.3)])], YMin: 0.4, YMax: 1, IsShare: true)));
        var frame = svg.Descendants("rect").ShouldHaveSingleItem();
        ((double)frame.Attribute("y")!, (double)frame.Attribute("height")!).ShouldBe((34, 294));
        svg.Descendants("path").Single(p => ((string?)p.Attribute("class"))!.StartsWith("band ")).Parent!.Attribute("clip-path").ShouldNotBeNull();
        svg.Descendants("title").Select(t => t.Value).ShouldBe(["a, 1: 0.3 [0, 0.8]", "a, 2: 0.9 [0.5, 1]"]);
        svg.Descendants("circle").ShouldAllBe(c => (double)c.Attribute("cy")! >= 34 && (double)c.Attribute("cy")! <= 328);
        svg.Elements("text").Select(t => t.Value).ShouldContain("0.2"); // the axis goes as low as the value
        svg.Elements("text").Select(t => t.Value).ShouldNotContain("1.1");
    }

    [Fact]
    public void More_intervals_than_two_are_whiskers_side_by_side()
    {
        ChartSeries Line(int i) => new($"{i}", [new(1, 0.5, 0.4, 0.6), new(2, 0.6, 0.5, 0.7)]);
        XElement Svg(int lines) => SvgOf(new HtmlReport("t").Chart(new LineChart("x", "y", [.. Enumerable.Range(0, lines).Select(Line)])));
        static int Count(XElement svg, string kind) => svg.Descendants().Count(e => ((string?)e.Attribute("class") ?? "").StartsWith(kind));
        (Count(Svg(2), "band "), Count(Svg(2), "bar ")).ShouldBe((2, 0));
        (Count(Svg(4), "band "), Count(Svg(4), "bar ")).ShouldBe((0, 8));
        Svg(4).Descendants().Where(e => (string?)e.Attribute("class") is { } c && c.StartsWith("bar "))
            .Select(e => ((string)e.Attribute("d")!).Split(' ')[0]).ShouldBeUnique();
    }

    [Fact]
    public void Contents_list_the_sections_and_verdicts_come_before_them_whenever_they_are_given()
    {
        var page = new HtmlReport("t").Heading("one & two").Subheading("a part").Heading("three").Heading("four").Verdict("yes", "is it so?");
        var html = page.ToHtml();
        Regex.Matches(html, "<a href=\"#section\\d\">([^<]*)</a>").Select(m => m.Groups[1].Value)
            .ShouldBe(["one &amp; two", "a part", "three", "four"]);
        html.IndexOf("is it so?", StringComparison.Ordinal).ShouldBeLessThan(html.IndexOf("<nav", StringComparison.Ordinal));
        new HtmlReport("t").Heading("one").Heading("two").ToHtml().ShouldNotContain("<nav");
        var gallery = new HtmlReport("t").Heading("one").Heading("two").Heading("radiographs");
        for (int i = 0; i < 30; i++) gallery.Subheading($"radiograph {i}");
        Regex.Count(gallery.ToHtml(), "<a href=\"#section\\d+\">").ShouldBe(3);
        Should.Throw<InvalidOperationException>(() => new HtmlReport("t").Subheading("a part"));
    }

    [Fact]
    public void Heads_over_several_columns_say_how_many()
    {
        var html = new HtmlReport("t").Table(
            new(["", "AUC", "F1", "AUC"], [["row", "0.8 [0.7, 0.9]", "0.5", "n/a: no weights given"]], Groups: [("10 labels", 2), ("100 labels", 1)]))
                .ToHtml();
        html.ShouldContain("<th scope=\"colgroup\" colspan=\"2\" class=\"first\">10 labels</th>");
        html.ShouldContain(
            "<td class=\"first\"><span>0.8</span> <span class=\"interval\">[0.7, 0.9]</span></td><td>0.5</td><td "
                + "class=\"first long\">n/a: no weights given</td>");
        Should.Throw<ArgumentException>(() => new HtmlReport("t").Table(new(["", "a"], [["", ""]], Groups: [("g", 2)]))).Message
            .ShouldContain("groups over 2");
    }

    [Fact]
    public void A_maps_colour_and_opacity_rise_with_its_value_from_clear_at_0()
    {
        var map = MapPicture.Of([-1, 0, 0.5f, 2], 2, 2);
        map.Largest.ShouldBe(2);
        using var image = Image.NewFromBuffer(map.Png.ToArray());
        byte[] pixels = image.WriteToMemory<byte>();
        (pixels[3], pixels[7]).ShouldBe(((byte)0, (byte)0));
        pixels[8..12].ShouldBe<byte>([59, 82, 139, 48]); // a quarter of the way
        pixels[12..16].ShouldBe<byte>([253, 231, 37, 191]);
        // Lightness rises evenly, so that order is seen without colours too.
        double[] lightness = [.. MapPicture.Colours.Select(c => 0.2126 * c.Red + 0.7152 * c.Green + 0.0722 * c.Blue)];
        lightness.ShouldBe(lightness.Order());
        MapPicture.Of([-1, -2], 2, 1).Largest.ShouldBe(0);
    }

    [Fact]
    public void Long_curve_is_averaged_with_the_range_of_its_neighbours()
    {
        ChartPoint[] points = [.. Enumerable.Range(0, 1_000).Select(i => new ChartPoint(i, i % 10))];
        var series = ChartSeries.Averaged("loss", points, maxPoints: 100);
        series.Points.Count.ShouldBe(100);
        series.Points.ShouldAllBe(p => p.Y == 4.5 && p.Lower == 0 && p.Upper == 9);
        series.Points[1].X.ShouldBe(14.5);
        ChartSeries.Averaged("loss", points, maxPoints: 1_000).Points.ShouldBe(points);
    }

    [Fact]
    public void Picture_in_the_page_holds_the_bytes_it_was_made_of()
    {
        byte[] grey = [0, 50, 100, 150, 200, 255];
        using var image = Image.NewFromBuffer(ReportImage.FromGrey(grey, 3, 2, "d").Png.ToArray());
        (image.Width, image.Height, image.Bands).ShouldBe((3, 2, 1));
        image.WriteToMemory<byte>().ShouldBe(grey);
        Should.Throw<ArgumentException>(() => ReportImage.FromGrey(grey, 2, 2, "d"));
    }

    [Fact]
    public void Table_row_of_another_length_is_an_error() =>
        Should.Throw<ArgumentException>(() => new HtmlReport("t").Table(new HtmlTable(["a", "b"], [["1"]]))).Message.ShouldContain("row 0");

    [Fact]
    public void Saved_page_is_the_document()
    {
        using var folder = new TemporaryFolder();
        var report = new HtmlReport("t").Paragraph("é — ok");
        report.Save(folder.File("report.html"));
        File.ReadAllText(folder.File("report.html")).ShouldBe(report.ToHtml());
    }
}
