using System.Globalization;

namespace RadTex.Reporting;

/// <summary>Maps values to pixels along one axis and chooses its ticks.</summary>
internal sealed class ChartAxis
{
    private readonly double start, end; // in axis units: the value, or its logarithm
    private readonly double startPixel, endPixel;
    private readonly bool isLog;

    private ChartAxis(double start, double end, double startPixel, double endPixel, bool isLog, IReadOnlyList<double> ticks, int decimals)
    {
        (this.start, this.end, this.startPixel, this.endPixel, this.isLog) = (start, end, startPixel, endPixel, isLog);
        Ticks = ticks;
        Decimals = decimals;
    }

    /// <summary>The values that get a tick, rising.</summary>
    internal IReadOnlyList<double> Ticks { get; }

    private int Decimals { get; }

    internal double Pixel(double value) => startPixel + ((isLog ? Math.Log10(value) : value) - start) / (end - start) * (endPixel - startPixel);

    internal string Label(double tick) =>
        Math.Abs(tick) >= 1e5 ? tick.ToString("0.#e0") : tick.ToString("N" + Decimals, CultureInfo.InvariantCulture);

    /// <summary>A linear axis: its ends are the given ones, or the next ticks outside the values.</summary>
    internal static ChartAxis Linear(
        double least, double greatest, double? fixedStart, double? fixedEnd, double startPixel, double endPixel, int wantedTicks)
    {
        double low = fixedStart ?? least, high = fixedEnd ?? greatest;
        if (!(high > low)) (low, high) = (low - 0.5, low + 0.5); // one value only, or ends the wrong way round
        double step = NiceStep((high - low) / wantedTicks);
        if (fixedStart is null) low = Math.Floor(low / step + 1e-9) * step;
        if (fixedEnd is null) high = Math.Ceiling(high / step - 1e-9) * step;
        var ticks = new List<double>();
        for (double i = Math.Ceiling(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) ticks.Add(i * step + 0.0); // no "-0"
        return new ChartAxis(low, high, startPixel, endPixel, isLog: false, ticks, Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9)));
    }

    /// <summary>An axis whose ticks are the data's own places where they are few (10, 30, 100 …), else round numbers.</summary>
    internal static ChartAxis Along(IReadOnlyList<double> places, bool isLog, double startPixel, double endPixel)
    {
        double[] distinct = [.. places.Distinct().Order()];
        if (!isLog && distinct.Length > 8) return Linear(distinct[0], distinct[^1], distinct[0], distinct[^1], startPixel, endPixel, 6);
        double low = Unit(distinct[0]), high = Unit(distinct[^1]);
        double margin = high > low ? 0.03 * (high - low) : 0.5;
        var axis = new ChartAxis(
            low - margin, high + margin, startPixel, endPixel, isLog, [], distinct.All(d => d == Math.Floor(d)) || distinct[^1] >= 100 ? 0 : 2);
        IEnumerable<double> candidates = distinct.Length <= 8 ? distinct : OneTwoFive(distinct[0], distinct[^1]);
        return new ChartAxis(axis.start, axis.end, startPixel, endPixel, isLog, axis.FarEnoughApart(candidates), axis.Decimals);

        double Unit(double value) => isLog ? Math.Log10(value) : value;
    }

    /// <summary>Drops ticks whose labels would touch, the last one kept.</summary>
    private List<double> FarEnoughApart(IEnumerable<double> candidates)
    {
        const double LeastPixels = 44;
        var kept = new List<double>();
        foreach (double tick in candidates.OrderDescending())
        {
            if (kept.Count == 0 || Pixel(kept[^1]) - Pixel(tick) >= LeastPixels) kept.Add(tick);
        }
        kept.Reverse();
        return kept;
    }

    private static IEnumerable<double> OneTwoFive(double least, double greatest)
    {
        for (int power = (int)Math.Floor(Math.Log10(least)); power <= Math.Log10(greatest); power++)
        {
            foreach (int factor in (int[])[1, 2, 5])
            {
                double tick = factor * Math.Pow(10, power);
                if (tick >= least && tick <= greatest) yield return tick;
            }
        }
    }

    private static double NiceStep(double rough)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double factor = rough / power;
        return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
    }
}
