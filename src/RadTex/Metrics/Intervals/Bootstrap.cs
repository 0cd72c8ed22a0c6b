using System.Runtime.InteropServices;
using MathNet.Numerics.Distributions;

namespace RadTex.Metrics.Intervals;

/// <summary>
/// Bootstrap over patients: whole patients are drawn with replacement, so that several radiographs of one patient do not pass for independent ones.
/// One figure has the percentile interval, a difference the normal one. The same seed gives the same interval.
/// </summary>
public static class Bootstrap
{
    /// <summary>How often patients are drawn where nothing else is asked for.</summary>
    public const int DefaultResamples = 2_000;

    private const ulong BootstrapStream = 0x426F6F74; // "Boot"

    /// <summary>The interval of any figure.</summary>
    /// <param name="patients">The patient of each example: any numbers, equal for one patient.</param>
    /// <param name="figure">The figure of the examples whose indices it is given (with repeats, in no order); null where undefined.</param>
    /// <param name="seed">Fixes the draws.</param>
    /// <param name="resamples">How many resamples to draw.</param>
    /// <param name="level">The confidence level.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>Null where the figure is undefined on all examples or in more than half of the resamples.</returns>
    /// <exception cref="ArgumentException">The figure is NaN in a resample.</exception>
    public static BootstrapInterval? Patients(
        ReadOnlySpan<int> patients,
        Func<int[], double?> figure,
        int seed,
        int resamples = DefaultResamples,
        double level = Interval.DefaultLevel,
        CancellationToken cancellation = default)
    {
        var (whole, drawn) = Draw(patients, figure, seed, resamples, level, cancellation);
        if (whole is not { } estimate || drawn.Count * 2 < resamples) return null;
        return new BootstrapInterval(PercentileInterval(estimate, drawn, level), drawn.Count, resamples - drawn.Count);
    }

    /// <summary>The difference of two models' figures on the same resamples, and the p-value of no difference.</summary>
    /// <param name="patients">The patient of each example.</param>
    /// <param name="first">The first model's figure of the examples whose indices it is given; null where undefined.</param>
    /// <param name="second">The second model's.</param>
    /// <param name="seed">Fixes the draws.</param>
    /// <param name="resamples">How many resamples to draw.</param>
    /// <param name="level">The confidence level.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>
    /// Null as for <see cref="Patients"/>. Interval and p-value are normal with the resamples' standard deviation: counting resamples on either side
    /// of 0 would bound p at 2 / (resamples + 1), which no correction for many comparisons survives.
    /// </returns>
    public static PairedComparison? PairedDifference(
        ReadOnlySpan<int> patients,
        Func<int[], double?> first,
        Func<int[], double?> second,
        int seed,
        int resamples = DefaultResamples,
        double level = Interval.DefaultLevel,
        CancellationToken cancellation = default)
    {
        var (whole, drawn) = Draw(patients, rows => first(rows) - second(rows), seed, resamples, level, cancellation);
        if (whole is not { } difference || drawn.Count * 2 < resamples) return null;
        double error = Math.Sqrt(Variance(drawn)), half = Normal.InvCDF(0, 1, 0.5 + level / 2) * error;
        double p = error > 0 ? 2 * Normal.CDF(0, 1, -Math.Abs(difference) / error) : difference == 0 ? 1 : 0;
        return new(new Interval(difference, difference - half, difference + half, level), p) { PatientDeviation = error };
    }

    /// <summary>
    /// The difference of two ways of training, over their paired trials (the same draw of labels in both) and over the test patients: the trials'
    /// scatter from their differences on all patients, the patients' variance, as far as the trials share it, from resamples
    /// (<see cref="TrialMean"/>).
    /// </summary>
    /// <param name="patients">The patient of each example.</param>
    /// <param name="trials">Paired trials, at least <see cref="TrialMean.FewestTrials"/>.</param>
    /// <param name="difference">
    /// The figure of the first way's trial less the second's, of the same draw, on the examples whose indices it is given; null where either is
    /// undefined.
    /// </param>
    /// <param name="seed">Fixes the draws.</param>
    /// <param name="resamples">How many resamples to draw.</param>
    /// <param name="level">The confidence level.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>As for <see cref="PairedDifference"/>.</returns>
    public static PairedComparison? PairedOverTrials(
        ReadOnlySpan<int> patients,
        int trials,
        Func<int, int[], double?> difference,
        int seed,
        int resamples = DefaultResamples,
        double level = Interval.DefaultLevel,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, TrialMean.FewestTrials);
        int[] everyRow = [.. Enumerable.Range(0, patients.Length)];
        double?[] whole = [.. Enumerable.Range(0, trials).Select(t => difference(t, everyRow))];
        if (patients.Length == 0 || whole.Contains(null)) return null;
        return SharedPatientVariance(patients, trials, difference, seed, resamples, cancellation) is { } variance
            ? TrialMean.Compare([.. whole.Select(d => d!.Value)], variance, level)
            : null;
    }

    /// <summary>The variance of a figure over the test patients.</summary>
    /// <param name="patients">The patient of each example.</param>
    /// <param name="figure">The figure of the examples whose indices it is given; null where undefined.</param>
    /// <param name="seed">Fixes the draws.</param>
    /// <param name="resamples">How many resamples to draw.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>Null where the figure is undefined on all examples or in more than half of the resamples.</returns>
    public static double? PatientVariance(
        ReadOnlySpan<int> patients, Func<int[], double?> figure, int seed, int resamples = DefaultResamples, CancellationToken cancellation = default)
    {
        var (whole, drawn) = Draw(patients, figure, seed, resamples, Interval.DefaultLevel, cancellation);
        return whole is null || drawn.Count * 2 < resamples ? null : Variance(drawn);
    }

    /// <summary>The variance over the test patients that several trials share (<see cref="TrialMean.SharedPatientVariance"/>).</summary>
    /// <param name="patients">The patient of each example.</param>
    /// <param name="trials">At least 2.</param>
    /// <param name="figure">The figure of a trial on the examples whose indices it is given; null where undefined.</param>
    /// <param name="seed">Fixes the draws.</param>
    /// <param name="resamples">How many resamples to draw.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>Null as for <see cref="PatientVariance"/>, whichever trial's figure is undefined.</returns>
    public static double? SharedPatientVariance(
        ReadOnlySpan<int> patients, int trials, Func<int, int[], double?> figure, int seed, int resamples = DefaultResamples,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 2);
        var each = new List<double>[trials];
        for (int t = 0; t < trials; t++) each[t] = [];
        double? Mean(int[] rows)
        {
            var values = new double[trials];
            for (int t = 0; t < trials; t++)
            {
                if (figure(t, rows) is not { } value) return null;
                values[t] = value;
            }
            for (int t = 0; t < trials; t++) each[t].Add(values[t]);
            return values.Average();
        }
        var (whole, drawn) = Draw(patients, Mean, seed, resamples, Interval.DefaultLevel, cancellation);
        if (whole is null || drawn.Count * 2 < resamples) return null;
        // The first value of each trial is that on all examples.
        return TrialMean.SharedPatientVariance(Variance(drawn), each.Average(values => Variance(values[1..])), trials);
    }

    private static (double? Whole, List<double> Drawn) Draw(
        ReadOnlySpan<int> patients, Func<int[], double?> figure, int seed, int resamples, double level, CancellationToken cancellation)
    {
        MetricInput.CheckLevel(level);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 2);
        int[][] rowsOf =
            [.. patients.ToArray().Select((patient, row) => (patient, row)).GroupBy(p => p.patient, p => p.row).Select(g => g.ToArray())];
        var drawn = new List<double>(resamples);
        if (rowsOf.Length == 0 || figure([.. Enumerable.Range(0, patients.Length)]) is not { } whole) return (null, drawn);
        var random = new CounterRandom((ulong)seed, BootstrapStream);
        var rows = new List<int>(patients.Length);
        for (int r = 0; r < resamples; r++)
        {
            cancellation.ThrowIfCancellationRequested();
            rows.Clear();
            for (int p = 0; p < rowsOf.Length; p++) rows.AddRange(rowsOf[random.Below(rowsOf.Length)]);
            if (figure([.. rows]) is not { } value) continue;
            if (double.IsNaN(value))
                throw new ArgumentException("the figure of a resample is not a number; expected null where it is undefined", nameof(figure));
            drawn.Add(value);
        }
        return (whole, drawn);
    }

    private static double Variance(List<double> values) => Math.Pow(TrialMean.MeanAndDeviation(CollectionsMarshal.AsSpan(values)).Deviation, 2);

    private static Interval PercentileInterval(double estimate, List<double> drawn, double level)
    {
        drawn.Sort();
        return new Interval(estimate, Percentile(drawn, (1 - level) / 2), Percentile(drawn, (1 + level) / 2), level);
    }

    /// <summary>The quantile of sorted values, interpolated linearly between neighbours.</summary>
    internal static double Percentile(IReadOnlyList<double> sorted, double part)
    {
        double position = part * (sorted.Count - 1);
        int below = (int)Math.Floor(position);
        int above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
