namespace RadTex.Reporting;

/// <summary>Lines of a chart that are drawn together: all of them where they are few, else one of the small multiples.</summary>
/// <param name="Title">What its lines share; empty where there is one panel.</param>
/// <param name="Lines">The lines, each with the name its legend gives and the number of its colour.</param>
internal sealed record ChartPanel(string Title, IReadOnlyList<(ChartSeries Series, string Name, int Colour)> Lines)
{
    /// <summary>More lines in one frame cannot be followed.</summary>
    internal const int MostSeries = 6;

    /// <summary>
    /// The panels of a chart: one a <see cref="ChartSeries.Group"/>, a group of too many lines cut into parts of about one size. A name keeps its
    /// colour in all panels.
    /// </summary>
    internal static IReadOnlyList<ChartPanel> Of(LineChart chart)
    {
        static string Whole(ChartSeries series) => series.Group.Length == 0 ? series.Name : $"{series.Name}, {series.Group}";
        if (chart.Series.Count <= MostSeries) return [new("", [.. chart.Series.Select((s, i) => (s, Whole(s), i))])];
        List<string> names = [.. chart.Series.Select(s => s.Name).Distinct()];
        var panels = new List<ChartPanel>();
        foreach (var group in chart.Series.GroupBy(s => s.Group))
        {
            ChartSeries[] lines = [.. group];
            int parts = (lines.Length + MostSeries - 1) / MostSeries;
            for (int part = 0; part < parts; part++)
            {
                var own = lines[(lines.Length * part / parts)..(lines.Length * (part + 1) / parts)];
                var title = parts == 1 ? group.Key : $"{(group.Key.Length == 0 ? "part" : $"{group.Key}, part")} {part + 1} of {parts}";
                panels.Add(new(title, [.. own.Select((s, i) => (s, s.Name, names.Count <= LineChartSvg.Colours ? names.IndexOf(s.Name) : i))]));
            }
        }
        return panels;
    }
}
