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

    internal const int Width = 720, Height = 380;

    private const int Left = 62, Right = 18, Top = 34, Bottom = 52;
    private const string Markers = "odstv"; // disc, diamond, square, triangle up, triangle down

    /// <summary>More bands lie on each other as a blot: further intervals are drawn as whiskers, set side by side.</summary>
    private const int MostBands = 2;
    private const double WhiskerDistance = 6;

    /// <param name="chart">What the axes are fitted to.</param>
    /// <param name="panel">Those of its lines that are drawn.</param>
    /// <param name="id">An identifier no other chart of the page has.</param>
    internal static string Render(LineChart chart, ChartPanel panel, string id)
    {
        var drawing = Drawing(chart, panel, id);
        return drawing.Length == 0 ? "<p class=\"empty\">No data to draw.</p>\n"
            : "<div class=\"scroll chart\" tabindex=\"0\" role=\"group\" aria-label=\"Chart\">"
                + $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Escape(Description(chart, panel))}\">\n{drawing}</svg></div>\n"
                + Legend(panel);
    }

    /// <summary>What is inside the svg element; empty where no point of the chart can be drawn.</summary>
    internal static string Drawing(LineChart chart, ChartPanel panel, string id)
    {
        ChartPoint[] points = [.. chart.Series.SelectMany(s => s.Points).Where(IsDrawn).Select(p => Cut(chart, p))];
        if (chart.IsLogX && Array.Exists(points, p => p.X <= 0))
            throw new ArgumentException("a logarithmic axis needs every x above 0", nameof(chart));
        if (points.Length == 0) return "";

        var svg = new StringBuilder();
        var x = ChartAxis.Along([.. points.Select(p => p.X)], chart.IsLogX, Left, Width - Right);
        var y = YAxis(chart, points);
        AppendFrame(svg, chart, x, y);
        double[] shifts = Shifts(panel, out bool hasWhiskers);
        var frame = $"x=\"{Left}\" y=\"{Top}\" width=\"{Width - Left - Right}\" height=\"{Height - Top - Bottom}\"";
        svg.Append($"<clipPath id=\"{id}\"><rect {frame}/></clipPath>\n<g clip-path=\"url(#{id})\">\n");
        for (int i = 0; i < panel.Lines.Count; i++)
        {
            var (series, _, colour) = panel.Lines[i];
            foreach (var run in Runs([.. series.Points.Select(p => Cut(chart, p))], p => IsDrawn(p) && HasInterval(p)))
            {
                // A band needs two points: one alone gets a bar.
                if (run.Count == 1 || hasWhiskers && series.HasMarkers) AppendBars(svg, run, colour, shifts[i], x, y);
                else AppendBand(svg, run, colour, x, y);
            }
        }
        svg.Append("</g>\n");
        for (int i = 0; i < panel.Lines.Count; i++) AppendLine(svg, chart, panel.Lines[i], shifts[i], x, y);
        return svg.ToString();
    }

    private static bool IsDrawn(ChartPoint point) => double.IsFinite(point.X) && double.IsFinite(point.Y);

    private static bool HasInterval(ChartPoint point) =>
        point is { Lower: { } lower, Upper: { } upper } && double.IsFinite(lower) && double.IsFinite(upper);

    /// <summary>How many pixels to the right each line is drawn, so that its whiskers do not lie on another's.</summary>
    private static double[] Shifts(ChartPanel panel, out bool hasWhiskers)
    {
        bool[] has = [.. panel.Lines.Select(l => l.Series.HasMarkers && l.Series.Points.Any(HasInterval))];
        int intervals = has.Count(h => h), next = 0;
        hasWhiskers = intervals > MostBands;
        return [.. has.Select(h => h && intervals > MostBands ? WhiskerDistance * (next++ - (intervals - 1) / 2.0) : 0)];
    }

    private static ChartPoint Cut(LineChart chart, ChartPoint point) => !chart.IsShare ? point : point with
    {
        Lower = point.Lower is { } lower ? Math.Clamp(lower, 0, 1) : null,
        Upper = point.Upper is { } upper ? Math.Clamp(upper, 0, 1) : null,
    };

    /// <summary>An end that is asked for holds but for values beyond it: an interval may be cut, a value never.</summary>
    private static ChartAxis YAxis(LineChart chart, ChartPoint[] points)
    {
        double least = points.Min(p => chart.YMin is null ? Math.Min(p.Y, p.Lower ?? p.Y) : p.Y);
        double greatest = points.Max(p => chart.YMax is null ? Math.Max(p.Y, p.Upper ?? p.Y) : p.Y);
        double? start = least < chart.YMin ? null : chart.YMin, end = greatest > chart.YMax ? null : chart.YMax;
        return ChartAxis.Linear(least, greatest, start, end, Height - Bottom, Top, 6);
    }

    /// <summary>The chart in words, for those who cannot see it.</summary>
    private static string Description(LineChart chart, ChartPanel panel)
    {
        static string At(ChartPoint point) => $"{point.Y:0.###} at {point.X:#,0.##}";
        var lines = panel.Lines.Select(l => (l.Name, Points: l.Series.Points.Where(IsDrawn).ToList())).Where(l => l.Points.Count > 0)
            .Select(l => l.Points is [var only] ? $"{l.Name}: {At(only)}" : $"{l.Name}: from {At(l.Points[0])} to {At(l.Points[^1])}");
        return $"{(panel.Title.Length == 0 ? "" : $"{panel.Title}: ")}{chart.YLabel} against {chart.XLabel}. {string.Join("; ", lines)}.";
    }

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
        svg.Append(
            $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 10}\" "
                + $"text-anchor=\"middle\">{Escape(chart.XLabel)}{(chart.IsLogX ? " (log scale)" : "")}</text>");
        svg.Append($"<text x=\"12\" y=\"16\">{Escape(chart.YLabel)}</text>\n");
        if (chart.Reference is { } reference)
        {
            var at = Coordinate(y.Pixel(reference));
            svg.Append($"<line class=\"reference\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{at}\" y2=\"{at}\"/>\n");
        }
    }

    private static void AppendBars(StringBuilder svg, IReadOnlyList<ChartPoint> run, int colour, double shift, ChartAxis x, ChartAxis y)
    {
        foreach (var point in run)
        {
            var (at, low, high) = (x.Pixel(point.X) + shift, y.Pixel(point.Lower!.Value), y.Pixel(point.Upper!.Value));
            svg.Append($"<path class=\"bar s{colour % Colours}\" d=\"M{Coordinate(at - 3)} {Coordinate(low)}h6m-3 0V{Coordinate(high)}m-3 0h6\"/>\n");
        }
    }

    private static void AppendBand(StringBuilder svg, IReadOnlyList<ChartPoint> run, int colour, ChartAxis x, ChartAxis y)
    {
        var outline = run.Select(p => (p.X, Y: p.Upper!.Value)).Concat(run.Reverse().Select(p => (p.X, Y: p.Lower!.Value)));
        var path = string.Join('L', outline.Select(p => $"{Coordinate(x.Pixel(p.X))} {Coordinate(y.Pixel(p.Y))}"));
        svg.Append($"<path class=\"band s{colour % Colours}\" d=\"M{path}Z\"/>\n");
    }

    private static void AppendLine(
        StringBuilder svg, LineChart chart, (ChartSeries Series, string Name, int Colour) line, double shift, ChartAxis x, ChartAxis y)
    {
        var dashed = line.Series.IsDashed ? " dashed" : "";
        foreach (var run in Runs([.. line.Series.Points.Select(p => Cut(chart, p))], IsDrawn))
        {
            var path = string.Join('L', run.Select(p => $"{Coordinate(x.Pixel(p.X) + shift)} {Coordinate(y.Pixel(p.Y))}"));
            if (run.Count > 1) svg.Append($"<path class=\"line s{line.Colour % Colours}{dashed}\" d=\"M{path}\"/>\n");
            if (!line.Series.HasMarkers && run.Count > 1) continue;
            foreach (var p in run)
            {
                var interval = p.Lower is { } lower && p.Upper is { } upper ? $" [{lower:0.####}, {upper:0.####}]" : "";
                var text = Escape($"{line.Name}, {p.X:0.####}: {p.Y:0.####}{interval}");
                var marker = Marker(line.Colour, x.Pixel(p.X) + shift, y.Pixel(p.Y));
                svg.Append($"<g class=\"mark s{line.Colour % Colours}\">{marker}<title>{text}</title></g>\n");
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
    private static string Legend(ChartPanel panel)
    {
        var html = new StringBuilder("<ul class=\"legend\">");
        foreach (var (series, name, colour) in panel.Lines)
        {
            var line = $"line s{colour % Colours}{(series.IsDashed ? " dashed" : "")}";
            html.Append($"<li><svg viewBox=\"0 0 34 14\" aria-hidden=\"true\"><path class=\"{line}\" d=\"M1 7L33 7\"/>");
            if (series.HasMarkers) html.Append($"<g class=\"mark s{colour % Colours}\">{Marker(colour, 17, 7)}</g>");
            html.Append($"</svg>{Escape(name)}</li>");
        }
        return html.Append("</ul>\n").ToString();
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
