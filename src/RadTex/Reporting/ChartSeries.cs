namespace RadTex.Reporting;

/// <summary>One line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">Its points, in order of x.</param>
/// <param name="IsDashed">Drawn dashed, such as a baseline or a validation curve.</param>
/// <param name="HasMarkers">Whether each point gets a marker: right for few points, not for a loss curve.</param>
/// <param name="Group">What it shares with some of the others, such as a kind of head: of many lines each group gets a panel.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<ChartPoint> Points, bool IsDashed = false, bool HasMarkers = true, string Group = "")
{
    /// <summary>
    /// A line of many points made of at most <paramref name="maxPoints"/>: neighbours are averaged, and the band shows the least
    /// and the greatest of them. For loss curves of thousands of steps.
    /// </summary>
    public static ChartSeries Averaged(string name, IReadOnlyList<ChartPoint> points, int maxPoints = 200, bool isDashed = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPoints, 1);
        if (points.Count <= maxPoints) return new ChartSeries(name, points, isDashed, HasMarkers: false);
        var averaged = new List<ChartPoint>(maxPoints);
        for (int i = 0; i < maxPoints; i++)
        {
            int start = (int)((long)points.Count * i / maxPoints), end = (int)((long)points.Count * (i + 1) / maxPoints);
            ChartPoint[] bucket = [.. points.Take(start..end).Where(p => double.IsFinite(p.Y))];
            if (bucket.Length == 0) averaged.Add(points[start] with { Lower = null, Upper = null });
            else averaged.Add(new ChartPoint(bucket.Average(p => p.X), bucket.Average(p => p.Y), bucket.Min(p => p.Y), bucket.Max(p => p.Y)));
        }
        return new ChartSeries(name, averaged, isDashed, HasMarkers: false);
    }
}
