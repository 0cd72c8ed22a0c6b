using System.Text;
using NetVips;
using RadTex.Files;
using static RadTex.Reporting.HtmlText;

namespace RadTex.Reporting;

/// <summary>A chart as a file of its own: SVG with its style and legend inside, and the same drawn as PNG.</summary>
public static class ChartFile
{
    private const int Width = LineChartSvg.Width, RowHeight = 20, TitleHeight = 26, Scale = 2;

    /// <summary>Longer names get a legend's row of their own: two columns would not hold them.</summary>
    private const int LongestName = 42;

    // The page's light colours: a file has no reader's setting to follow.
    private static readonly string[] Colours = ["#0072b2", "#c2500a", "#00835f", "#b0568a", "#a87400", "#2b8fc9", "#6b7280"];

    /// <summary>The SVG document, under a title where one is given; a chart of many lines as panels below one another.</summary>
    public static string Svg(LineChart chart, string title = "")
    {
        var body = new StringBuilder();
        int y = 0;
        if (title.Length > 0)
        {
            body.Append($"<text class=\"title\" x=\"12\" y=\"20\">{Escape(title)}</text>\n");
            y += TitleHeight;
        }
        foreach (var panel in ChartPanel.Of(chart))
        {
            var drawing = LineChartSvg.Drawing(chart, panel, $"chart{y}");
            if (drawing.Length == 0)
                return $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"40\"><text x=\"12\" y=\"24\">No data to "
                    + "draw.</text></svg>\n";
            if (panel.Title.Length > 0)
            {
                body.Append($"<text class=\"title\" x=\"12\" y=\"{y + 20}\">{Escape(panel.Title)}</text>\n");
                y += TitleHeight;
            }
            body.Append($"<g transform=\"translate(0 {y})\">\n{drawing}</g>\n");
            y += LineChartSvg.Height;
            y += AppendLegend(body, panel, y) + 10;
        }
        return $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{y}\" viewBox=\"0 0 {Width} {y}\" "
            + $"role=\"img\">\n<style>{Style()}</style>\n"
            + $"<rect width=\"{Width}\" height=\"{y}\" fill=\"#fff\"/>\n{body}</svg>\n";
    }

    private static int AppendLegend(StringBuilder svg, ChartPanel panel, int top)
    {
        int columns = panel.Lines.Any(l => l.Name.Length > LongestName) ? 1 : 2;
        for (int i = 0; i < panel.Lines.Count; i++)
        {
            var (series, name, colour) = panel.Lines[i];
            int x = 30 + i % columns * ((Width - 40) / columns), y = top + RowHeight * (i / columns) + 8;
            svg.Append($"<path class=\"line s{colour % LineChartSvg.Colours}{(series.IsDashed ? " dashed" : "")}\" d=\"M{x} {y}h32\"/>");
            if (series.HasMarkers) svg.Append($"<g class=\"mark s{colour % LineChartSvg.Colours}\">{LineChartSvg.Marker(colour, x + 16, y)}</g>");
            svg.Append($"<text x=\"{x + 40}\" y=\"{y + 4}\">{Escape(name)}</text>\n");
        }
        return RowHeight * ((panel.Lines.Count + columns - 1) / columns);
    }

    /// <summary>Writes PATH.svg and PATH.png.</summary>
    /// <returns>Why there is no PNG: this machine's libvips draws no SVG; null where there is one.</returns>
    public static string? Save(LineChart chart, string path, string title = "")
    {
        var svg = Svg(chart, title);
        AtomicFile.WriteAllText(path + ".svg", svg);
        try
        {
            using var image = Image.SvgloadBuffer(Encoding.UTF8.GetBytes(svg), scale: Scale);
            AtomicFile.WriteAllBytes(path + ".png", image.PngsaveBuffer());
            return null;
        }
        catch (VipsException e) { return $"libvips draws no SVG here ({e.Message.ReplaceLineEndings(" ")})"; }
    }

    private static string Style()
    {
        var style = new StringBuilder(
            "text{fill:#1c1e21;font:13px 'DejaVu Sans',Arial,sans-serif}.grid{stroke:#d8dce1;stroke-width:1}.axis{stroke:#5f6670;stroke-width:1}" +
            ".reference{stroke:#5f6670;stroke-width:1.5;stroke-dasharray:2 "
                + "4}.line{fill:none;stroke-width:2.2;stroke-linejoin:round}.dashed{stroke-dasharray:7 5}" +
            ".band{opacity:.16}.bar{fill:none;stroke-width:1.5;opacity:.75}.mark{stroke:#fff;stroke-width:1}.title{font-weight:bold}");
        for (int i = 0; i < Colours.Length; i++)
            style.Append($".line.s{i},.bar.s{i}{{stroke:{Colours[i]}}}.band.s{i},.mark.s{i}{{fill:{Colours[i]}}}");
        return style.ToString();
    }
}
