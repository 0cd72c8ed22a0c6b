using MathNet.Numerics.Distributions;
using RadTex.Metrics.Intervals;

namespace RadTex.Metrics;

/// <summary>
/// What a figure is likely to come to at more labels: the curves that the means of a learning curve allow, and an interval for the mean of as many
/// trials again on the same test patients.
/// </summary>
/// <remarks>
/// Two families on a grid, power laws and those of a linear classifier that must first find its direction, each with limit and gain drawn from their
/// normal distribution inside the bounds (limit 0.5 to 1, gain 0 or more) and weighted by the likelihood. To the trials' scatter comes what a real
/// curve departs from either, which grows with the distance forecast (<see cref="Misfit"/>: set on simulated curves of another seed than
/// bench/coverage.cs tests it on).
/// </remarks>
public static class CurveForecast
{
    /// <summary>
    /// The standard deviation, in AUC, by which curves depart from a power law at a point, and at a doubling of labels beyond the last.
    /// </summary>
    public const double Misfit = 0.002, MisfitPerDoubling = 0.002;

    private const int Shape = 24, Draws = 60, Tries = 600;
    private const double SmallestExponent = 0.02, LargestExponent = 2, LowestLimit = 0.5, TypicalExponent = 0.5;
    private const ulong ForecastStream = 0x466F7265; // "Fore"

    /// <summary>Forecasts.</summary>
    /// <param name="curve">Different numbers of labels in rising order, at least three, each with the figure of every trial, at least three.</param>
    /// <param name="targets">Numbers of labels to forecast.</param>
    /// <param name="seed">Fixes the draws.</param>
    /// <param name="level">The confidence level.</param>
    /// <returns>The law and an interval a target; null where sizes or trials are too few.</returns>
    public static (PowerLaw Law, IReadOnlyList<Interval> Expected)? Of(
        IReadOnlyList<(int Examples, double[] Trials)> curve, IReadOnlyList<int> targets, int seed, double level = Interval.DefaultLevel)
    {
        MetricInput.CheckLevel(level);
        int n = curve.Count == 0 ? 0 : curve.Min(c => c.Trials.Length);
        if (curve.Count < PowerLaw.FewestPoints || n < TrialMean.FewestTrials) return null;
        double[] means = [.. curve.Select(c => c.Trials.Average())],
            variances = Shrunk([.. curve.Select(c => Math.Pow(TrialMean.MeanAndDeviation(c.Trials).Deviation, 2))], n);
        double[] weights = [.. variances.Select(v => 1 / (v / n + Misfit * Misfit))];
        if (PowerLaw.Fit([.. curve.Select(c => (double)c.Examples)], means, weights) is not { } law) return null;
        var plausible = Plausible([.. curve.Select(c => (double)c.Examples)], means, weights, new CounterRandom((ulong)seed, ForecastStream));
        // The scatter was estimated: Student's t in place of the normal.
        double widen = StudentT.InvCDF(0, 1, curve.Count * (n - 1), 0.5 + level / 2) / Normal.InvCDF(0, 1, 0.5 + level / 2);
        var noise = new CounterRandom((ulong)seed, ForecastStream, 1);
        return (law, [.. targets.Select(target =>
        {
            double doublings = Math.Max(0, Math.Log2((double)target / curve[^1].Examples));
            double error = Math.Sqrt(variances[^1] / n + Misfit * Misfit + Math.Pow(MisfitPerDoubling * doublings, 2));
            (double Value, double Weight)[] drawn =
                [.. plausible.Select(p => (p.Limit - p.Gain * p.Fall(target) + error * Deviate(noise), p.Weight)).OrderBy(d => d.Item1)];
            double middle = Quantile(drawn, 0.5);
            double lower = middle + widen * (Quantile(drawn, (1 - level) / 2) - middle),
                upper = middle + widen * (Quantile(drawn, (1 + level) / 2) - middle);
            return new Interval(Math.Clamp(middle, 0, 1), Math.Clamp(lower, 0, 1), Math.Clamp(upper, 0, 1), level);
        })]);
    }

    /// <summary>A curve limit - gain f(N), f falling from 1 at the smallest N.</summary>
    private readonly record struct Curve(double Limit, double Gain, Func<double, double> Fall, double Weight);

    /// <summary>
    /// The shapes, each with its weight before the points are seen: N^-c, steepest from the start (c about 0.5, within a factor e once in three times
    /// not); and 1 - √(N / (N + k)), of a linear classifier that must first find its direction (k about the middle of the sizes, within e²).
    /// </summary>
    private static IEnumerable<(Func<double, double> Fall, double LogPrior)> Shapes(double smallest, double largest)
    {
        for (int e = 0; e < Shape; e++)
        {
            double exponent = SmallestExponent * Math.Pow(LargestExponent / SmallestExponent, e / (Shape - 1.0));
            yield return (n => Math.Pow(n / smallest, -exponent), Prior(Math.Log(exponent / TypicalExponent)));
        }
        for (int k = 0; k < Shape; k++)
        {
            double half = smallest / 10 * Math.Pow(1_000 * largest / smallest, k / (Shape - 1.0));
            double Fall(double n) => 1 - Math.Sqrt(n / (n + half));
            double first = Fall(smallest);
            yield return (n => Fall(n) / first, Prior(Math.Log(half / Math.Sqrt(smallest * largest)) / 2));
        }
        static double Prior(double distance) => -distance * distance / 2;
    }

    /// <summary>Curves that the points allow.</summary>
    private static List<Curve> Plausible(double[] sizes, double[] means, double[] weights, CounterRandom random)
    {
        var all = new List<(Curve Curve, double LogWeight)>();
        foreach (var (fall, logPrior) in Shapes(sizes[0], sizes[^1]))
        {
            double[] basis = [.. sizes.Select(n => -fall(n))];
            // Weighted least squares of means = limit + gain basis.
            double w = weights.Sum(), wb = Sum(i => weights[i] * basis[i]), wbb = Sum(i => weights[i] * basis[i] * basis[i]);
            double wm = Sum(i => weights[i] * means[i]), wbm = Sum(i => weights[i] * basis[i] * means[i]), determinant = w * wbb - wb * wb;
            double limit = (wbb * wm - wb * wbm) / determinant, gain = (w * wbm - wb * wm) / determinant;
            double loss = Sum(i => weights[i] * Math.Pow(means[i] - limit - gain * basis[i], 2));
            // The covariance's Cholesky factor: [[limitError, 0], [slope, rest]].
            double limitError = Math.Sqrt(wbb / determinant), slope = -wb / determinant / limitError,
                rest = Math.Sqrt(Math.Max(0, w / determinant - slope * slope));
            var kept = new List<Curve>();
            int tries = 0;
            while (tries < Tries && kept.Count < Draws)
            {
                tries++;
                double first = Deviate(random), second = Deviate(random);
                double l = limit + limitError * first, g = gain + slope * first + rest * second;
                if (l is >= LowestLimit and <= 1 && g >= 0) kept.Add(new(l, g, fall, 0));
            }
            double logWeight = logPrior - loss / 2 - Math.Log(determinant) / 2 + Math.Log((double)kept.Count / tries);
            all.AddRange(kept.Select(k => (k, logWeight - Math.Log(kept.Count))));
        }
        // No curve inside the bounds comes near: the figure falls with more labels, or lies below 0.5. The points' own mean, flat.
        if (all.Count == 0) return [new(Math.Clamp(means.Zip(weights).Sum(p => p.First * p.Second) / weights.Sum(), 0, 1), 0, _ => 0, 1)];
        double largest = all.Max(c => c.LogWeight);
        return [.. all.Select(c => c.Curve with { Weight = Math.Exp(c.LogWeight - largest) })];

        double Sum(Func<int, double> term) => Enumerable.Range(0, sizes.Length).Sum(term);
    }

    /// <summary>Variances of few trials drawn towards their mean, which four more degrees of freedom stand for.</summary>
    private static double[] Shrunk(double[] variances, int trials)
    {
        double mean = variances.Average();
        return [.. variances.Select(v => ((trials - 1) * v + 4 * mean) / (trials + 3))];
    }

    private static double Quantile((double Value, double Weight)[] sorted, double share)
    {
        double sought = share * sorted.Sum(s => s.Weight), passed = 0;
        foreach (var (value, weight) in sorted)
            if ((passed += weight) >= sought) return value;
        return sorted[^1].Value;
    }

    private static double Deviate(CounterRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.UniformDouble())) * Math.Cos(2 * Math.PI * random.UniformDouble());
}
