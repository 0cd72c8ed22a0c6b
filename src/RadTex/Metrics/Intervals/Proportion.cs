using MathNet.Numerics.Distributions;

namespace RadTex.Metrics.Intervals;

/// <summary>A part of independent examples, such as a sensitivity, with its interval.</summary>
public static class Proportion
{
    /// <summary>The exact interval (Clopper and Pearson 1934): it covers at least the level, whatever the true part is.</summary>
    /// <param name="hits">Examples that count, 0 to <paramref name="total"/>.</param>
    /// <param name="total">All examples.</param>
    /// <param name="level">The confidence level.</param>
    /// <returns>Null where there is no example.</returns>
    public static Interval? Exact(int hits, int total, double level = Interval.DefaultLevel)
    {
        Check(hits, total, level);
        if (total == 0) return null;
        double tail = (1 - level) / 2;
        double lower = hits == 0 ? 0 : Beta.InvCDF(hits, total - hits + 1, tail);
        double upper = hits == total ? 1 : Beta.InvCDF(hits + 1, total - hits, 1 - tail);
        return new Interval((double)hits / total, lower, upper, level);
    }

    /// <summary>Wilson's interval (1927): narrower than the exact one, right on average over true parts; for plots.</summary>
    /// <inheritdoc cref="Exact"/>
    public static Interval? Wilson(int hits, int total, double level = Interval.DefaultLevel)
    {
        Check(hits, total, level);
        if (total == 0) return null;
        double z = Normal.InvCDF(0, 1, 0.5 + level / 2), part = (double)hits / total, scale = 1 + z * z / total;
        double centre = (part + z * z / (2 * total)) / scale;
        double half = z / scale * Math.Sqrt(part * (1 - part) / total + z * z / (4.0 * total * total));
        return new Interval(part, hits == 0 ? 0 : centre - half, hits == total ? 1 : centre + half, level);
    }

    private static void Check(int hits, int total, double level)
    {
        MetricInput.CheckLevel(level);
        ArgumentOutOfRangeException.ThrowIfNegative(total);
        if (hits < 0 || hits > total) throw new ArgumentOutOfRangeException(nameof(hits), hits, $"expected 0 to {total}");
    }
}
