namespace RadTex.Reporting;

/// <summary>A chart of lines with interval bands, drawn as SVG in the page: its text is the reader's browser's, so no font is needed here.</summary>
/// <param name="XLabel">What is along the x axis, with its unit.</param>
/// <param name="YLabel">What is along the y axis, with its unit.</param>
/// <param name="Series">The lines, in the legend's order.</param>
/// <param name="IsLogX">Whether x is drawn on a logarithmic axis (then every x must be above 0).</param>
/// <param name="YMin">The y axis' lower end, unless a value lies below; null to fit the data.</param>
/// <param name="YMax">The y axis' upper end, unless a value lies above; null to fit the data.</param>
/// <param name="Reference">A value drawn as a thin dotted line across, such as chance at 0.5; null for none.</param>
/// <param name="IsShare">Whether values can only lie from 0 to 1, as an AUC does: intervals are then cut there, and the axis goes no further.</param>
public sealed record LineChart(
    string XLabel, string YLabel, IReadOnlyList<ChartSeries> Series, bool IsLogX = false,
    double? YMin = null, double? YMax = null, double? Reference = null, bool IsShare = false);
