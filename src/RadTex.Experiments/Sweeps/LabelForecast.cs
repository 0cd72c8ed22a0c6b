using RadTex.Metrics;
using RadTex.Metrics.Intervals;

namespace RadTex.Experiments.Sweeps;

/// <summary>
/// What more labels are likely to bring: a power law through a learning curve, with an interval, tried out on the largest sizes left out.
/// </summary>
/// <param name="Initialisation">Whose curve.</param>
/// <param name="Head">Which head.</param>
/// <param name="Law">The fit to all sizes.</param>
/// <param name="Expected">The figure expected at further numbers of labels.</param>
/// <param name="LeftOut">What the fit to the smaller sizes alone says of the larger ones, beside what they came to.</param>
public sealed record LabelForecast(
    string Initialisation, string Head, PowerLaw Law, IReadOnlyList<(int Examples, Interval Expected)> Expected,
    IReadOnlyList<(int From, int Examples, Interval Expected, double Observed)> LeftOut)
{
    /// <summary>Fits a curve.</summary>
    /// <param name="initialisation">Whose curve.</param>
    /// <param name="head">Which head.</param>
    /// <param name="curve">Numbers of labels in rising order, each with the figure of every trial.</param>
    /// <param name="targets">Numbers of labels to forecast.</param>
    /// <param name="seed">Fixes the interval's draws.</param>
    /// <returns>Null for fewer than three sizes or three trials.</returns>
    internal static LabelForecast? Of(
        string initialisation, string head, IReadOnlyList<(int Examples, double[] Trials)> curve, IReadOnlyList<int> targets, int seed)
    {
        if (CurveForecast.Of(curve, targets, seed) is not { } whole) return null;
        var leftOut = new List<(int, int, Interval, double)>();
        for (int kept = PowerLaw.FewestPoints; kept < curve.Count; kept++)
        {
            var left = curve.Skip(kept).ToList();
            if (CurveForecast.Of([.. curve.Take(kept)], [.. left.Select(c => c.Examples)], seed) is not { } part) continue;
            leftOut.AddRange(part.Expected.Zip(left).Select(p => (curve[kept - 1].Examples, p.Second.Examples, p.First, p.Second.Trials.Average())));
        }
        return new(initialisation, head, whole.Law, [.. targets.Zip(whole.Expected)], leftOut);
    }
}
