using MathNet.Numerics.Distributions;

namespace RadTex.Metrics.Intervals;

/// <summary>
/// What a mean over trials says of ways of training, where all trials are tested on the same patients: two sources of error, the trials' and the
/// patients'. The half-width is √(t² s²/n + z² v): Student's t with n - 1 degrees of freedom for the trials' deviation s, which is estimated from n
/// values, the normal z for the patients' variance v that the trials share (<see cref="SharedPatientVariance"/>), which is estimated from hundreds.
/// Coverage is shown by bench/coverage.cs.
/// </summary>
/// <remarks>
/// The alternatives cover otherwise: a bootstrap of both covers 0.80 to 0.93 with three trials, t over the whole is too wide, Satterthwaite's degrees
/// of freedom too narrow. The p-value is the level at which the interval touches 0, so that both always say the same; no number of resamples bounds
/// it.
/// </remarks>
public static class TrialMean
{
    /// <summary>Fewer trials give no interval: two say next to nothing of their scatter.</summary>
    public const int FewestTrials = 3;

    /// <summary>Fewer trials carry no claim.</summary>
    public const int FewestTrialsForClaim = 5;

    private const double SmallestP = 1e-9; // the tails of t are not known better

    /// <summary>The interval of a mean AUC or another share over trials, on the logit scale.</summary>
    /// <param name="trials">One value a trial, in [0, 1].</param>
    /// <param name="patientVariance">Of the test patients, as far as the trials share it; 0 to speak of these test patients alone.</param>
    /// <param name="level">The confidence level.</param>
    /// <returns>
    /// Null for fewer than <see cref="FewestTrials"/>, for a mean of 0 or 1, which has no standard error, and where neither trials nor patients
    /// scatter: an interval of width 0 would claim what was not measured.
    /// </returns>
    /// <exception cref="ArgumentException">A value is not a number of [0, 1], or the variance is negative.</exception>
    public static Interval? Of(ReadOnlySpan<double> trials, double patientVariance, double level = Interval.DefaultLevel)
    {
        foreach (double value in trials)
            if (!(value is >= 0 and <= 1)) throw new ArgumentException($"a trial's value is {value}; expected 0 to 1", nameof(trials));
        if (trials.Length < FewestTrials) return null;
        var (mean, deviation) = MeanAndDeviation(trials);
        double half = HalfWidth(deviation, trials.Length, patientVariance, level);
        return mean is <= 0 or >= 1 || half == 0 ? null : LogitInterval.Of(mean, half, level);
    }

    /// <summary>The mean difference of two ways of training over paired trials, with its interval and p-value.</summary>
    /// <param name="differences">One a trial, at least <see cref="FewestTrials"/>.</param>
    /// <param name="patientVariance">Of the mean difference, from the test patients.</param>
    /// <param name="level">The confidence level.</param>
    public static PairedComparison Compare(ReadOnlySpan<double> differences, double patientVariance, double level = Interval.DefaultLevel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(differences.Length, FewestTrials);
        var (mean, deviation) = MeanAndDeviation(differences);
        double half = HalfWidth(deviation, differences.Length, patientVariance, level);
        return new(
            new Interval(mean, mean - half, mean + half, level), PValue(mean, deviation, differences.Length, patientVariance), differences.Length)
        {
            TrialDeviation = deviation,
            PatientDeviation = Math.Sqrt(patientVariance),
        };
    }

    /// <summary>
    /// The part of the patients' variance that all trials share: what each trial's own quarrel with the patients adds to the mean is in the trials'
    /// scatter already, and must not be counted twice.
    /// </summary>
    /// <param name="ofMean">The patients' variance of the mean over trials.</param>
    /// <param name="ofTrials">The mean over trials of the patients' variance of one.</param>
    /// <param name="trials">n, at least 2.</param>
    public static double SharedPatientVariance(double ofMean, double ofTrials, int trials) =>
        Math.Max(0, (trials * ofMean - ofTrials) / (trials - 1));

    /// <summary>Half of the interval's width.</summary>
    /// <param name="trialDeviation">s, the trials' standard deviation (n - 1 in its denominator).</param>
    /// <param name="trials">n, at least 2.</param>
    /// <param name="patientVariance">v, of the mean over trials.</param>
    /// <param name="level">The confidence level.</param>
    public static double HalfWidth(double trialDeviation, int trials, double patientVariance, double level = Interval.DefaultLevel)
    {
        MetricInput.CheckLevel(level);
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(patientVariance);
        return HalfWidthAt((1 - level) / 2, trialDeviation, trials, patientVariance);
    }

    /// <summary>The two-sided p-value of no difference: the level at which the half-width equals the difference.</summary>
    /// <param name="difference">The mean difference.</param>
    /// <param name="trialDeviation">s, the standard deviation of the trials' differences.</param>
    /// <param name="trials">n, at least 2.</param>
    /// <param name="patientVariance">v, of the mean difference.</param>
    public static double PValue(double difference, double trialDeviation, int trials, double patientVariance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 2);
        double distance = Math.Abs(difference);
        if (distance == 0) return 1;
        if (HalfWidthAt(SmallestP / 2, trialDeviation, trials, patientVariance) <= distance) return SmallestP;
        // The half-width falls as p rises: bisection on the logarithm.
        double low = Math.Log(SmallestP), high = 0;
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            if (HalfWidthAt(Math.Exp(middle) / 2, trialDeviation, trials, patientVariance) > distance) low = middle;
            else high = middle;
        }
        return Math.Exp((low + high) / 2);
    }

    /// <summary>The chance that a true gap is declared, its interval excluding 0: over the gap's and the deviation's sampling.</summary>
    /// <param name="gap">The true difference.</param>
    /// <param name="trialDeviation">The true deviation of a trial's difference.</param>
    /// <param name="trials">n.</param>
    /// <param name="patientVariance">Of the mean difference.</param>
    /// <param name="level">The confidence level, such as 1 - 0.05/m for m comparisons of a family.</param>
    public static double Power(double gap, double trialDeviation, int trials, double patientVariance, double level = Interval.DefaultLevel)
    {
        MetricInput.CheckLevel(level);
        double error = Math.Sqrt(trialDeviation * trialDeviation / trials + patientVariance);
        double tail = (1 - level) / 2, t = StudentQuantile(trials - 1, tail), z = -Normal.InvCDF(0, 1, tail);
        if (error == 0) return gap == 0 ? 1 - level : 1;
        const int Steps = 400;
        double power = 0;
        for (int i = 0; i < Steps; i++)
        {
            // The estimated variance is the true one times chi square over its degrees of freedom.
            double ratio = ChiSquared.InvCDF(trials - 1, (i + 0.5) / Steps) / (trials - 1);
            double half = Math.Sqrt(t * t * ratio * trialDeviation * trialDeviation / trials + z * z * patientVariance);
            power += (Normal.CDF(0, 1, (gap - half) / error) + Normal.CDF(0, 1, (-gap - half) / error)) / Steps;
        }
        return power;
    }

    /// <summary>The smallest gap that is declared with a given chance; null where even a gap of 1 is not.</summary>
    /// <param name="power">The chance, such as 0.8.</param>
    /// <param name="trialDeviation">The true deviation of a trial's difference.</param>
    /// <param name="trials">n.</param>
    /// <param name="patientVariance">Of the mean difference.</param>
    /// <param name="level">The confidence level.</param>
    public static double? SmallestGap(double power, double trialDeviation, int trials, double patientVariance, double level = Interval.DefaultLevel)
    {
        if (!(power > 0 && power < 1)) throw new ArgumentOutOfRangeException(nameof(power), power, "a power lies between 0 and 1, such as 0.8");
        if (Power(1, trialDeviation, trials, patientVariance, level) < power) return null;
        double low = 0, high = 1;
        for (int i = 0; i < 30; i++)
        {
            double middle = (low + high) / 2;
            if (Power(middle, trialDeviation, trials, patientVariance, level) < power) low = middle;
            else high = middle;
        }
        return high;
    }

    /// <summary>Half of the width of an interval over test patients alone.</summary>
    internal static double PatientHalfWidth(double patientVariance, double level = Interval.DefaultLevel) =>
        -Normal.InvCDF(0, 1, (1 - level) / 2) * Math.Sqrt(patientVariance);

    private static double HalfWidthAt(double tail, double deviation, int trials, double patientVariance)
    {
        double ofTrials = deviation == 0 ? 0 : StudentQuantile(trials - 1, tail) * deviation / Math.Sqrt(trials);
        double z = -Normal.InvCDF(0, 1, tail);
        return Math.Sqrt(ofTrials * ofTrials + z * z * patientVariance);
    }

    /// <summary>The t that is exceeded with a probability of 1e-10 to 0.5; MathNet's own search gives up near either end.</summary>
    private static double StudentQuantile(int freedom, double tail)
    {
        double low = 0, high = 1;
        while (StudentT.CDF(0, 1, freedom, -high) > tail) high *= 2;
        for (int i = 0; i < 80 && high - low > 1e-12 * high; i++)
        {
            double middle = (low + high) / 2;
            if (StudentT.CDF(0, 1, freedom, -middle) > tail) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }

    /// <summary>The mean and the standard deviation, n - 1 in its denominator.</summary>
    internal static (double Mean, double Deviation) MeanAndDeviation(ReadOnlySpan<double> values)
    {
        double mean = 0, squares = 0;
        foreach (double value in values) mean += value / values.Length;
        foreach (double value in values) squares += (value - mean) * (value - mean);
        return (mean, Math.Sqrt(squares / (values.Length - 1)));
    }
}
