using RadTex.Metrics.Intervals;

namespace RadTex.Metrics;

/// <summary>How a threshold that was chosen elsewhere does.</summary>
/// <param name="Threshold">An example of at least this probability is called positive.</param>
/// <param name="Counts">Right and wrong calls.</param>
/// <param name="Sensitivity">The part of positives called.</param>
/// <param name="Specificity">The part of negatives not called.</param>
/// <param name="Prevalence">What the predictive values hold for.</param>
/// <param name="PositivePredictiveValue">See <see cref="PredictiveValues"/>.</param>
/// <param name="NegativePredictiveValue">See <see cref="PredictiveValues"/>.</param>
public sealed record OperatingFigures(
    double Threshold, ConfusionCounts Counts, MeasuredFigure Sensitivity, MeasuredFigure Specificity, double? Prevalence,
    MeasuredFigure PositivePredictiveValue, MeasuredFigure NegativePredictiveValue)
{
    /// <summary>The figures at a threshold, each with its interval over patients where it has one.</summary>
    /// <param name="threshold">Chosen on other examples.</param>
    /// <param name="probabilities">One an example.</param>
    /// <param name="labels">True where the example is positive.</param>
    /// <param name="patients">Each example's patient.</param>
    /// <param name="prevalence">Null for the examples' own.</param>
    /// <param name="level">The confidence level.</param>
    public static OperatingFigures At(
        double threshold, double[] probabilities, bool[] labels, int[] patients, double? prevalence, double level = Interval.DefaultLevel)
    {
        Interval? Part(bool label) => PatientProportion.Of(
            [.. Rows(label).Select(i => probabilities[i] >= threshold == label)], [.. Rows(label).Select(i => patients[i])], level);
        IEnumerable<int> Rows(bool label) => Enumerable.Range(0, labels.Length).Where(i => labels[i] == label);
        var (sensitivity, specificity) = (Part(true), Part(false));
        int positives = labels.Count(l => l);
        double? at = prevalence ?? (positives > 0 && positives < labels.Length ? (double)positives / labels.Length : null);
        var values = at is { } known ? PredictiveValues.At(sensitivity, specificity, known) : new(0, null, null);
        var counts = ConfusionCounts.At(threshold, probabilities, labels);
        var reason = sensitivity is null || specificity is null ? "positive or negative examples are missing" : null;
        return new(
            threshold, counts, MeasuredFigure.Of(sensitivity, "no positive example"), MeasuredFigure.Of(specificity, "no negative example"), at,
            MeasuredFigure.Of(values.Positive, reason ?? "nobody is called positive"),
                MeasuredFigure.Of(values.Negative, reason ?? "nobody is called negative"));
    }
}
