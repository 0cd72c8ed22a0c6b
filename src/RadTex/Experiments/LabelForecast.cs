using RadTex.Metrics;

namespace RadTex.Experiments;

/// <summary>What more labels are likely to bring: a power law through a learning curve, with an interval, tried out on the largest sizes left out.</summary>
/// <param name="Initialisation">Whose curve.</param>
/// <param name="Head">Which head.</param>
/// <param name="Law">The fit to all sizes.</param>
/// <param name="Expected">The figure expected at further numbers of labels.</param>
/// <param name="LeftOut">What the fit to the smaller sizes alone says of the larger ones, beside what they came to.</param>
public sealed record LabelForecast(
    string Initialisation, string Head, PowerLaw Law, IReadOnlyList<(int Examples, Interval Expected)> Expected,
    IReadOnlyList<(int From, int Examples, Interval Expected, double Observed)> LeftOut)
{
    private const int Resamples = 200;
    private const ulong ForecastStream = 0x466F7265; // "Fore"

    /// <summary>Fits a curve.</summary>
    /// <param name="initialisation">Whose curve.</param>
    /// <param name="head">Which head.</param>
    /// <param name="curve">Numbers of labels in rising order, each with the figure of every trial.</param>
    /// <param name="targets">Numbers of labels to forecast.</param>
    /// <param name="seed">Of the bootstrap over trials.</param>
    /// <returns>Null for fewer than three sizes or two trials.</returns>
    internal static LabelForecast? Of(string initialisation, string head, IReadOnlyList<(int Examples, double[] Trials)> curve, IReadOnlyList<int> targets, int seed)
    {
        if (curve.Count < PowerLaw.FewestPoints || curve.Any(c => c.Trials.Length < 2 || c.Trials.Length != curve[0].Trials.Length)) return null;
        if (Fit(curve) is not { } law) return null;
        var leftOut = new List<(int, int, Interval, double)>();
        for (int kept = PowerLaw.FewestPoints; kept < curve.Count; kept++)
        {
            var known = curve.Take(kept).ToList();
            var predictions = Predict(known, [.. curve.Skip(kept).Select(c => c.Examples)], seed);
            leftOut.AddRange(predictions.Zip(curve.Skip(kept)).Select(p => (known[^1].Examples, p.Second.Examples, p.First.Interval, p.Second.Trials.Average())));
        }
        return new(initialisation, head, law, [.. Predict(curve, targets, seed).Select(p => (p.Examples, p.Interval))], leftOut);
    }

    private static PowerLaw? Fit(IReadOnlyList<(int Examples, double[] Trials)> curve, int[]? trials = null) => PowerLaw.Fit(
        [.. curve.Select(c => (double)c.Examples)], [.. curve.Select(c => trials is null ? c.Trials.Average() : trials.Average(t => c.Trials[t]))],
        // Few labels scatter more between trials, and say less of the limit.
        [.. curve.Select(c => 1 / (1e-4 + Variance(c.Trials) / c.Trials.Length))]);

    /// <summary>
    /// The forecast and its interval: the trials drawn anew, the curve fitted anew each time, and the misfit of the points to the curve added, since a power
    /// law is an assumption. The drawing's deviation is raised by √(n / (n - 1)) as few trials understate their scatter.
    /// </summary>
    private static IEnumerable<(int Examples, Interval Interval)> Predict(IReadOnlyList<(int Examples, double[] Trials)> curve, IReadOnlyList<int> targets, int seed)
    {
        if (Fit(curve) is not { } law) yield break;
        var random = new CounterRandom((ulong)seed, ForecastStream);
        int n = curve[0].Trials.Length;
        double misfit = curve.Sum(c => Math.Pow(law.At(c.Examples) - c.Trials.Average(), 2)) / Math.Max(1, curve.Count - 2), spread = Math.Sqrt(n / (n - 1.0));
        PowerLaw[] fits = [.. Enumerable.Range(0, Resamples).Select(_ => Fit(curve, [.. Enumerable.Range(0, n).Select(_ => random.Below(n))]) ?? law)];
        foreach (int target in targets)
        {
            double expected = law.At(target);
            double[] drawn = [.. fits.Select(f => expected + spread * (f.At(target) - expected) + Math.Sqrt(misfit) * Normal(random)).Order()];
            yield return (target, new(expected, Math.Min(expected, Bootstrap.Percentile(drawn, 0.025)), Math.Min(1, Math.Max(expected, Bootstrap.Percentile(drawn, 0.975))), Interval.DefaultLevel));
        }
    }

    private static double Normal(CounterRandom random) => Math.Sqrt(-2 * Math.Log(1 - random.UniformDouble())) * Math.Cos(2 * Math.PI * random.UniformDouble());

    private static double Variance(double[] values)
    {
        double mean = values.Average();
        return values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
    }
}
