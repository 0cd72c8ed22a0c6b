using RadTex.Reporting;
using RadTex.Studio.Labelling;

namespace RadTex.Studio.Web;

/// <summary>The curve of a finding with its forecast, as SVG.</summary>
internal static class CurveChart
{
    internal static string Render(ReserveCurve curve, string finding)
    {
        var series = new List<ChartSeries>
        {
            new("so far", [.. curve.Points.Select(p => new ChartPoint(p.Labels, p.Aucs.Average(), p.Aucs.Min(), p.Aucs.Max()))]),
        };
        if (curve.Forecast.Count > 0)
            series.Add(new("forecast", [.. curve.Forecast.Select(f => new ChartPoint(f.Labels, f.Auc.Estimate, f.Auc.Lower, f.Auc.Upper))]));
        var chart = new LineChart("labels", $"AUC on the reserve: {finding}", series, IsShare: true, Reference: 0.5);
        return LineChartSvg.Render(chart, ChartPanel.Of(chart)[0], $"curve-{Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(finding))}");
    }
}
