using System.Text;
using static RadTex.Reporting.HtmlText;

namespace RadTex.Reporting;

/// <summary>
/// Draws a <see cref="LineChart"/> as SVG for <see cref="HtmlReport"/>'s style sheet. Lines differ in colour, marker and, where
/// asked, dash, so that they can be told apart in print and by the colour-blind; a pointer over a marker shows its figures.
/// </summary>
/// <remarks>Not through a drawing library: on a machine without fonts those leave every label out, and a picture cannot follow a dark page.</remarks>
internal static class LineChartSvg
{
    /// <summary>The style sheet has this many colours (s0, s1 …); further lines start again with other markers.</summary>
    internal const int Colours = 7;

    private const int Width = 720, Height = 380, Left = 62, Right = 18, Top = 34, Bottom = 52;
    private const string Markers = "odstv"; // disc, diamond, square, triangle up, triangle down

    /// <param name="chart">What to draw.</param>
    /// <param name="id">An identifier no other chart of the page has.</param>
    internal static string Render(LineChart chart, string id)
    {
        ChartPoint[] points = [.. chart.Series.SelectMany(s => s.Points).Where(IsDrawn)];
        if (chart.IsLogX && Array.Exists(points, p => p.X <= 0))
            throw new ArgumentException("a logarithmic axis needs every x above 0", nameof(chart));
        if (points.Length == 0) return "<p class=\"empty\">No data to draw.</p>\n";

        var svg = new StringBuilder();
        svg.Append($"<div class=\"scroll\"><svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Escape($"{chart.YLabel} against {chart.XLabel}")}\">\n");
        var x = ChartAxis.Along([.. points.Select(p => p.X)], chart.IsLogX, Left, Width - Right);
        var y = ChartAxis.Linear(
            points.Min(p => Math.Min(p.Y, p.Lower ?? p.Y)), points.Max(p => Math.Max(p.Y, p.Upper ?? p.Y)), chart.YMin, chart.YMax, Height - Bottom, Top, 6);
        AppendFrame(svg, chart, x, y);
        svg.Append($"<clipPath id=\"{id}\"><rect x=\"{Left - 6}\" y=\"{Top - 6}\" width=\"{Width - Left - Right + 12}\" height=\"{Height - Top - Bottom + 12}\"/></clipPath>\n");
        svg.Append($"<g clip-path=\"url(#{id})\">\n");
        for (int i = 0; i < chart.Series.Count; i++) AppendBand(svg, chart.Series[i], i, x, y);
        for (int i = 0; i < chart.Series.Count; i++) AppendLine(svg, chart.Series[i], i, x, y);
        svg.Append("</g>\n</svg></div>\n");
        AppendLegend(svg, chart);
        return svg.ToString();
    }

    private static bool IsDrawn(ChartPoint point) => double.IsFinite(point.X) && double.IsFinite(point.Y);

    private static void AppendFrame(StringBuilder svg, LineChart chart, ChartAxis x, ChartAxis y)
    {
        foreach (double tick in y.Ticks)
        {
            var at = Coordinate(y.Pixel(tick));
            svg.Append($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{at}\" y2=\"{at}\"/>");
            svg.Append($"<text x=\"{Left - 8}\" y=\"{at}\" text-anchor=\"end\" dominant-baseline=\"middle\">{Escape(y.Label(tick))}</text>\n");
        }
        foreach (double tick in x.Ticks)
        {
            var at = Coordinate(x.Pixel(tick));
            svg.Append($"<line class=\"grid\" x1=\"{at}\" x2=\"{at}\" y1=\"{Top}\" y2=\"{Height - Bottom}\"/>");
            svg.Append($"<text x=\"{at}\" y=\"{Height - Bottom + 20}\" text-anchor=\"middle\">{Escape(x.Label(tick))}</text>\n");
        }
        svg.Append($"<line class=\"axis\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Height - Bottom}\" y2=\"{Height - Bottom}\"/>");
        svg.Append($"<line class=\"axis\" x1=\"{Left}\" x2=\"{Left}\" y1=\"{Top}\" y2=\"{Height - Bottom}\"/>\n");
        svg.Append($"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 10}\" text-anchor=\"middle\">{Escape(chart.XLabel)}{(chart.IsLogX ? " (log scale)" : "")}</text>");
        svg.Append($"<text x=\"12\" y=\"16\">{Escape(chart.YLabel)}</text>\n");
        if (chart.Reference is { } reference)
        {
            var at = Coordinate(y.Pixel(reference));
            svg.Append($"<line class=\"reference\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{at}\" y2=\"{at}\"/>\n");
        }
    }

    private static void AppendBand(StringBuilder svg, ChartSeries series, int index, ChartAxis x, ChartAxis y)
    {
        foreach (var run in Runs(series.Points, p => IsDrawn(p) && p.Lower is { } l && p.Upper is { } u && double.IsFinite(l) && double.IsFinite(u)))
        {
            if (run.Count == 1) // a band needs two points: one alone gets a bar
            {
                var at = Coordinate(x.Pixel(run[0].X));
                svg.Append($"<line class=\"bar s{index % Colours}\" x1=\"{at}\" x2=\"{at}\" y1=\"{Coordinate(y.Pixel(run[0].Lower!.Value))}\" y2=\"{Coordinate(y.Pixel(run[0].Upper!.Value))}\"/>\n");
                continue;
            }
            var outline = run.Select(p => (p.X, Y: p.Upper!.Value)).Concat(run.Reverse().Select(p => (p.X, Y: p.Lower!.Value)));
            svg.Append($"<path class=\"band s{index % Colours}\" d=\"M{string.Join('L', outline.Select(p => $"{Coordinate(x.Pixel(p.X))} {Coordinate(y.Pixel(p.Y))}"))}Z\"/>\n");
        }
    }

    private static void AppendLine(StringBuilder svg, ChartSeries series, int index, ChartAxis x, ChartAxis y)
    {
        foreach (var run in Runs(series.Points, IsDrawn))
        {
            var path = string.Join('L', run.Select(p => $"{Coordinate(x.Pixel(p.X))} {Coordinate(y.Pixel(p.Y))}"));
            if (run.Count > 1) svg.Append($"<path class=\"line s{index % Colours}{(series.IsDashed ? " dashed" : "")}\" d=\"M{path}\"/>\n");
            if (!series.HasMarkers && run.Count > 1) continue;
            foreach (var p in run)
            {
                var interval = p.Lower is { } lower && p.Upper is { } upper ? $" [{lower:0.####}, {upper:0.####}]" : "";
                svg.Append($"<g class=\"mark s{index % Colours}\">{Marker(index, x.Pixel(p.X), y.Pixel(p.Y))}<title>{Escape($"{series.Name}, {p.X:0.####}: {p.Y:0.####}{interval}")}</title></g>\n");
            }
        }
    }

    internal static string Marker(int index, double x, double y)
    {
        var (cx, cy) = (Coordinate(x), Coordinate(y));
        return Markers[index % Markers.Length] switch
        {
            'o' => $"<circle cx=\"{cx}\" cy=\"{cy}\" r=\"4\"/>",
            'd' => $"<path d=\"M{cx} {cy}m-5 0l5 -5l5 5l-5 5z\"/>",
            's' => $"<path d=\"M{cx} {cy}m-4 -4h8v8h-8z\"/>",
            't' => $"<path d=\"M{cx} {cy}m-5 4l5 -9l5 9z\"/>",
            _ => $"<path d=\"M{cx} {cy}m-5 -4l5 9l5 -9z\"/>",
        };
    }

    /// <summary>The legend is HTML, which wraps and knows how wide its words are.</summary>
    private static void AppendLegend(StringBuilder svg, LineChart chart)
    {
        svg.Append("<ul class=\"legend\">");
        for (int i = 0; i < chart.Series.Count; i++)
        {
            var series = chart.Series[i];
            svg.Append($"<li><svg viewBox=\"0 0 34 14\" aria-hidden=\"true\"><path class=\"line s{i % Colours}{(series.IsDashed ? " dashed" : "")}\" d=\"M1 7L33 7\"/>");
            if (series.HasMarkers) svg.Append($"<g class=\"mark s{i % Colours}\">{Marker(i, 17, 7)}</g>");
            svg.Append($"</svg>{Escape(series.Name)}</li>");
        }
        svg.Append("</ul>\n");
    }

    /// <summary>The stretches of neighbours that hold: a gap breaks the line.</summary>
    private static IEnumerable<IReadOnlyList<ChartPoint>> Runs(IReadOnlyList<ChartPoint> points, Func<ChartPoint, bool> holds)
    {
        var run = new List<ChartPoint>();
        foreach (var point in points)
        {
            if (holds(point)) run.Add(point);
            else if (run.Count > 0)
            {
                yield return run;
                run = [];
            }
        }
        if (run.Count > 0) yield return run;
    }
}
