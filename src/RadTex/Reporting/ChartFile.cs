using System.Text;
using NetVips;
using static RadTex.Reporting.HtmlText;

namespace RadTex.Reporting;

/// <summary>A chart as a file of its own: SVG with its style and legend inside, and the same drawn as PNG.</summary>
public static class ChartFile
{
    private const int Width = 720, Height = 380, RowHeight = 20, LegendColumns = 2, Scale = 2;
    private const int LegendWidth = (Width - 40) / LegendColumns;

    // The page's light colours: a file has no reader's setting to follow.
    private static readonly string[] Colours = ["#0072b2", "#c2500a", "#00835f", "#b0568a", "#a87400", "#2b8fc9", "#6b7280"];

    /// <summary>The SVG document.</summary>
    public static string Svg(LineChart chart)
    {
        var page = LineChartSvg.Render(chart, "chart");
        int start = page.IndexOf("<svg ", StringComparison.Ordinal), end = page.IndexOf("</svg>", StringComparison.Ordinal);
        if (start < 0) return $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"40\"><text x=\"12\" y=\"24\">No data to draw.</text></svg>\n";
        var drawing = page[(page.IndexOf('>', start) + 1)..end];
        int rows = (chart.Series.Count + LegendColumns - 1) / LegendColumns, height = Height + RowHeight * rows + 10;
        var svg = new StringBuilder();
        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{height}\" viewBox=\"0 0 {Width} {height}\" role=\"img\">\n<style>{Style()}</style>\n");
        svg.Append($"<rect width=\"{Width}\" height=\"{height}\" fill=\"#fff\"/>\n{drawing}");
        for (int i = 0; i < chart.Series.Count; i++)
        {
            int x = 30 + i % LegendColumns * LegendWidth, y = Height + RowHeight * (i / LegendColumns) + 8;
            svg.Append($"<path class=\"line s{i % LineChartSvg.Colours}{(chart.Series[i].IsDashed ? " dashed" : "")}\" d=\"M{x} {y}h32\"/>");
            if (chart.Series[i].HasMarkers) svg.Append($"<g class=\"mark s{i % LineChartSvg.Colours}\">{LineChartSvg.Marker(i, x + 16, y)}</g>");
            svg.Append($"<text x=\"{x + 40}\" y=\"{y + 4}\">{Escape(chart.Series[i].Name)}</text>\n");
        }
        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Writes PATH.svg and PATH.png.</summary>
    /// <returns>Why there is no PNG: this machine's libvips draws no SVG; null where there is one.</returns>
    public static string? Save(LineChart chart, string path)
    {
        var svg = Svg(chart);
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
            ".reference{stroke:#5f6670;stroke-width:1.5;stroke-dasharray:2 4}.line{fill:none;stroke-width:2.2;stroke-linejoin:round}.dashed{stroke-dasharray:7 5}" +
            ".band{opacity:.16}.bar{stroke-width:2;opacity:.6}.mark{stroke:#fff;stroke-width:1}");
        for (int i = 0; i < Colours.Length; i++)
            style.Append($".line.s{i},.bar.s{i}{{stroke:{Colours[i]}}}.band.s{i},.mark.s{i}{{fill:{Colours[i]}}}");
        return style.ToString();
    }
}
