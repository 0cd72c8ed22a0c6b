namespace RadTex.Metrics;

/// <summary>
/// Percentile bootstrap over patients: whole patients are drawn with replacement, so that several radiographs of one patient do
/// not pass for independent ones. The same seed gives the same interval.
/// </summary>
public static class Bootstrap
{
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
        var (whole, drawn) = Draw(patients, 1, (_, rows) => figure(rows), seed, resamples, level, cancellation);
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
    /// Null as for <see cref="Patients"/>. The p-value is twice the smaller part of resamples on either side of 0 (those at 0 on
    /// both), with one added to count and total: it is never below 2 / (resamples + 1).
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
        var (whole, drawn) = Draw(patients, 1, (_, rows) => first(rows) - second(rows), seed, resamples, level, cancellation);
        return Compared(whole, drawn, resamples, level);
    }

    /// <summary>
    /// The difference of two ways of training, over their paired trials (the same draw of labels in both) and over the test patients at
    /// once: each resample draws trials and patients with replacement, and takes the mean difference over the drawn trials.
    /// </summary>
    /// <param name="patients">The patient of each example.</param>
    /// <param name="trials">Paired trials, at least 2: one says nothing of scatter.</param>
    /// <param name="first">The figure of the first way's trial on the examples whose indices it is given; null where undefined.</param>
    /// <param name="second">The second way's, of the trial of the same draw.</param>
    /// <param name="seed">Fixes the draws.</param>
    /// <param name="resamples">How many resamples to draw.</param>
    /// <param name="level">The confidence level.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>As for <see cref="PairedDifference"/>.</returns>
    /// <remarks>
    /// Resampling n trials sees (n - 1) / n of their variance, with five trials 0.8: each resample's mean over trials is spread from the
    /// whole sample's by √(n / (n - 1)), so that the variance is right. With few trials the interval still is narrower than Student's.
    /// </remarks>
    public static PairedComparison? PairedOverTrials(
        ReadOnlySpan<int> patients,
        int trials,
        Func<int, int[], double?> first,
        Func<int, int[], double?> second,
        int seed,
        int resamples = DefaultResamples,
        double level = Interval.DefaultLevel,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 2);
        var (whole, drawn) = Draw(patients, trials, (trial, rows) => first(trial, rows) - second(trial, rows), seed, resamples, level, cancellation);
        return Compared(whole, drawn, resamples, level);
    }

    private static PairedComparison? Compared(double? whole, List<double> drawn, int resamples, double level)
    {
        if (whole is not { } estimate || drawn.Count * 2 < resamples) return null;
        int tail = Math.Min(drawn.Count(d => d <= 0), drawn.Count(d => d >= 0));
        return new PairedComparison(PercentileInterval(estimate, drawn, level), Math.Min(1, 2.0 * (tail + 1) / (drawn.Count + 1)));
    }

    private static (double? Whole, List<double> Drawn) Draw(
        ReadOnlySpan<int> patients, int trials, Func<int, int[], double?> figure, int seed, int resamples, double level, CancellationToken cancellation)
    {
        MetricInput.CheckLevel(level);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        int[][] rowsOf = [.. patients.ToArray().Select((patient, row) => (patient, row)).GroupBy(p => p.patient, p => p.row).Select(g => g.ToArray())];
        var drawn = new List<double>(resamples);
        int[] everyTrial = [.. Enumerable.Range(0, trials)];
        if (rowsOf.Length == 0 || Mean(everyTrial, [.. Enumerable.Range(0, patients.Length)], figure) is not { } whole) return (null, drawn);
        var random = new CounterRandom((ulong)seed, BootstrapStream);
        var rows = new List<int>(patients.Length);
        for (int r = 0; r < resamples; r++)
        {
            cancellation.ThrowIfCancellationRequested();
            rows.Clear();
            for (int p = 0; p < rowsOf.Length; p++) rows.AddRange(rowsOf[random.Below(rowsOf.Length)]);
            if (Resampled([.. rows]) is not { } value) continue;
            if (double.IsNaN(value)) throw new ArgumentException("the figure of a resample is not a number; expected null where it is undefined", nameof(figure));
            drawn.Add(value);
        }
        return (whole, drawn);

        // One trial is no sample of trials: its figure stands as it is, and no random number is spent on it.
        double? Resampled(int[] rows)
        {
            if (trials == 1) return figure(0, rows);
            double?[] each = [.. everyTrial.Select(t => figure(t, rows))];
            double? all = each.Aggregate((double?)0, (sum, v) => sum + v) / trials;
            double? some = everyTrial.Aggregate((double?)0, (sum, _) => sum + each[random.Below(trials)]) / trials;
            return all + (some - all) * Math.Sqrt(trials / (trials - 1.0));
        }
    }

    private static double? Mean(int[] trials, int[] rows, Func<int, int[], double?> figure) =>
        trials.Aggregate((double?)0, (sum, trial) => sum + figure(trial, rows)) / trials.Length;

    private static Interval PercentileInterval(double estimate, List<double> drawn, double level)
    {
        drawn.Sort();
        return new Interval(estimate, Percentile(drawn, (1 - level) / 2), Percentile(drawn, (1 + level) / 2), level);
    }

    /// <summary>The quantile of sorted values, interpolated linearly between neighbours.</summary>
    internal static double Percentile(IReadOnlyList<double> sorted, double part)
    {
        double place = part * (sorted.Count - 1);
        int below = (int)Math.Floor(place);
        int above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
