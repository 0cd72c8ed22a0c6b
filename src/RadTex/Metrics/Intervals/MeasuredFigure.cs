using System.Globalization;

namespace RadTex.Metrics.Intervals;

/// <summary>A figure with its interval, or why one of them is not available.</summary>
/// <param name="Estimate">Null where undefined.</param>
/// <param name="Lower">Null where there is no interval.</param>
/// <param name="Upper">Null where there is no interval.</param>
/// <param name="Reason">Why something is missing; null where nothing is.</param>
public sealed record MeasuredFigure(double? Estimate, double? Lower, double? Upper, string? Reason = null)
{
    internal static MeasuredFigure Of(Interval? interval, string reason) =>
        interval is { } i ? new(i.Estimate, i.Lower, i.Upper) : new(null, null, null, reason);

    /// <summary>"0.812 [0.745, 0.866]", "0.812 [n/a]" or "n/a".</summary>
    public override string ToString() =>
        Estimate is null ? "n/a"
            : string.Create(CultureInfo.InvariantCulture, $"{Estimate:F3} ")
            + (Lower is null ? "[n/a]" : string.Create(CultureInfo.InvariantCulture, $"[{Lower:F3}, {Upper:F3}]"));
}
