using RadTex.Metrics.Intervals;

namespace RadTex.Metrics;

/// <summary>Everything one states of a classifier's probabilities on labelled examples that it did not see.</summary>
/// <param name="Examples">Labelled examples.</param>
/// <param name="Patients">Their patients.</param>
/// <param name="Positives">Positive examples.</param>
/// <param name="Auc">Interval over patients (<see cref="ClusteredAuc"/>).</param>
/// <param name="AveragePrecision">AUCPR as a step sum; percentile bootstrap over patients. Chance is the part of positives.</param>
/// <param name="Brier">Mean squared error of the probability; normal interval over patients.</param>
/// <param name="BrierReference">What the part of positives, said of everybody, would have.</param>
/// <param name="CalibrationInTheLarge">The intercept at slope 1; 0 is right.</param>
/// <param name="CalibrationSlope">1 is right.</param>
/// <param name="Reliability">Ten bins of equal width, those that are filled.</param>
/// <param name="OperatingPoint">Null where the model has no threshold.</param>
public sealed record BinaryEvaluation(
    int Examples, int Patients, int Positives, MeasuredFigure Auc, MeasuredFigure AveragePrecision, MeasuredFigure Brier, double? BrierReference,
    MeasuredFigure CalibrationInTheLarge, MeasuredFigure CalibrationSlope, IReadOnlyList<ReliabilityBin> Reliability,
        OperatingFigures? OperatingPoint)
{
    /// <summary>Bins of the reliability plot.</summary>
    public const int Bins = 10;

    /// <summary>All figures of one classifier on examples it did not see, with intervals over patients.</summary>
    /// <param name="probabilities">Of positive, one an example.</param>
    /// <param name="labels">True where the example is positive.</param>
    /// <param name="patients">Each example's patient.</param>
    /// <param name="threshold">The model's own, chosen on other examples; null where it has none.</param>
    /// <param name="seed">Of the bootstrap.</param>
    /// <param name="resamples">Of the bootstrap; 0 leaves its interval out.</param>
    /// <param name="cancellation">Ends the bootstrap.</param>
    /// <exception cref="ArgumentException">A value is no probability, or the lengths differ.</exception>
    public static BinaryEvaluation Of(
        double[] probabilities, bool[] labels, int[] patients, OperatingThreshold? threshold, int seed = 0,
        int resamples = Bootstrap.DefaultResamples, CancellationToken cancellation = default)
    {
        MetricInput.CheckProbabilities(probabilities, labels.Length);
        MetricInput.CheckLengths(patients.Length, labels.Length);
        int positives = labels.Count(l => l), negatives = labels.Length - positives, people = patients.Distinct().Count();
        string? few = ClusteredAuc.TooFew(positives, labels.Length - positives);
        var (auc, why) = ClusteredAuc.Of(probabilities, labels, patients);
        double? reference = labels.Length == 0 ? null : (double)positives / labels.Length * negatives / labels.Length;
        var (inTheLarge, slope) = Calibrate(probabilities, labels, patients, few);
        return new(
            labels.Length, people, positives,
            auc is { } i ? new(i.Estimate, i.Lower, i.Upper) : new(Roc.Auc(probabilities, labels), null, null, why),
            Precision(probabilities, labels, patients, few, seed, resamples, cancellation), Squared(probabilities, labels, patients, people),
                reference,
            inTheLarge, slope, Calibration.Reliability(probabilities, labels, Bins),
            threshold is { } at ? OperatingFigures.At(at.Probability, probabilities, labels, patients, at.Prevalence) : null);
    }

    private static MeasuredFigure Precision(
        double[] probabilities, bool[] labels, int[] patients, string? few, int seed, int resamples, CancellationToken cancellation)
    {
        double? whole = PrecisionRecall.AveragePrecision(probabilities, labels);
        if (whole is null || few is not null || resamples == 0) return new(whole, null, null, few ?? "no bootstrap was asked for");
        var ranked = new RankedScores(probabilities, labels);
        var times = new int[labels.Length];
        var found = Bootstrap.Patients(patients, rows =>
        {
            Array.Clear(times);
            foreach (int row in rows) times[row]++;
            return ranked.AveragePrecision(times);
        }, seed, resamples, cancellation: cancellation);
        return found is { } f ? new(whole, f.Interval.Lower, f.Interval.Upper)
            : new(whole, null, null, "undefined in more than half of the resamples");
    }

    private static MeasuredFigure Squared(double[] probabilities, bool[] labels, int[] patients, int people)
    {
        if (Calibration.Brier(probabilities, labels) is not { } mean) return new(null, null, null, "no example");
        if (people < 2) return new(mean, null, null, "the examples are one patient's");
        var sums = new Dictionary<int, double>();
        for (int i = 0; i < labels.Length; i++)
            sums[patients[i]] = sums.GetValueOrDefault(patients[i]) + Math.Pow(probabilities[i] - (labels[i] ? 1 : 0), 2) - mean;
        double half = MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, 0.5 + Interval.DefaultLevel / 2)
            * Math.Sqrt(people / (people - 1.0) * sums.Values.Sum(s => s * s)) / labels.Length;
        return new(mean, Math.Max(0, mean - half), Math.Min(1, mean + half));
    }

    private static (MeasuredFigure InTheLarge, MeasuredFigure Slope) Calibrate(double[] probabilities, bool[] labels, int[] patients, string? few)
    {
        double[] logits = [.. probabilities.Select(CalibrationFit.Logit)];
        if (CalibrationFit.Of(logits, labels) is not { } fit)
        {
            var nothing = new MeasuredFigure(null, null, null, "the examples are of one class");
            return (nothing, nothing);
        }
        MeasuredFigure Figure(double? estimate, Interval? interval) =>
            estimate is null ? new(null, null, null, "the probabilities part the classes: no slope is best")
            : few is not null || interval is not { } i ? new(estimate, null, null, few ?? "the examples are one patient's")
                : new(estimate, i.Lower, i.Upper);
        var found = CalibrationIntervals.Of(fit, logits, labels, patients, Interval.DefaultLevel);
        return (Figure(fit.Intercept, found?.InTheLarge), Figure(fit.Slope, found?.Slope));
    }
}
