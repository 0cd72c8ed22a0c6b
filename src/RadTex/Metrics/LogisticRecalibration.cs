namespace RadTex.Metrics;

/// <summary>
/// A classifier's logits fitted to labels of another place: probability = 1 / (1 + e^-(intercept + slope logit)), and a threshold on it. Ranking
/// stays as it is.
/// </summary>
/// <param name="Intercept">Added.</param>
/// <param name="Slope">1 where it was not fitted.</param>
/// <param name="Rule">What was fitted, and why, in words.</param>
/// <param name="Threshold">Probability of the largest Youden index on these labels, or that reaches the sensitivity; null where they fix
/// none.</param>
/// <param name="ThresholdReason">Why there is none; null where there is one.</param>
public sealed record LogisticRecalibration(double Intercept, double Slope, string Rule, double? Threshold, string? ThresholdReason)
{
    /// <summary>Fewer positives or negatives say nothing of the intercept: its standard error is about 0.6 at five.</summary>
    public const int FewestForIntercept = 5;

    /// <summary>Fewer positives or negatives leave the slope at 1: fitted on so few it moves probabilities more than it mends them (Steyerberg et al.
    /// 2004).</summary>
    public const int FewestForSlope = 20;

    /// <summary>Fits intercept and, where there are labels enough, slope to the labels of another place, and chooses a threshold on them.</summary>
    /// <param name="probabilities">The model's, one an example.</param>
    /// <param name="labels">True where the example is positive.</param>
    /// <param name="sensitivity">What the threshold is to reach; null for the largest Youden index.</param>
    /// <exception cref="UserErrorException">Too few labels, or the model ranks the wrong way round.</exception>
    public static LogisticRecalibration Fit(double[] probabilities, bool[] labels, double? sensitivity = null)
    {
        MetricInput.CheckProbabilities(probabilities, labels.Length);
        if (sensitivity is { } s && !(s > 0 && s <= 1)) throw new UserErrorException(
            $"A sensitivity of {s}: expected above 0 and at most 1, such as 0.9.");
        int positives = labels.Count(l => l), fewest = Math.Min(positives, labels.Length - positives);
        if (fewest < FewestForIntercept)
            throw new UserErrorException(
                $"{positives:N0} positive and {labels.Length - positives:N0} negative labels: too few to recalibrate on. Expected at least "
                + $"{FewestForIntercept} of each.");
        double[] logits = [.. probabilities.Select(CalibrationFit.Logit)];
        var fit = CalibrationFit.Of(logits, labels)!.Value;
        bool enough = fewest >= FewestForSlope;
        if (enough && (fit.Slope <= 0 || Roc.Auc(probabilities, labels) <= 0.5))
            throw new UserErrorException(
                $"The AUC on these labels is {Roc.Auc(probabilities, labels):F3}: the model ranks them no better than chance, or the wrong way "
                + "round. Recalibration cannot mend ranking; check that the label means the same.");
        var (intercept, slope) = enough && fit.Slope is { } b ? (fit.JointIntercept!.Value, b) : (fit.Intercept, 1.0);
        var rule = !enough ? $"intercept alone: fewer than {FewestForSlope} positive or negative labels" : fit.Slope is null
            ? "intercept alone: the labels are parted, so that no slope is best" : "intercept and slope";
        if (fewest < FewestForSlope) return new(intercept, slope, rule, null, $"fewer than {FewestForSlope} positive or negative labels");
        double[] recalibrated = [.. logits.Select(z => intercept + slope * z)];
        var (at, why) = sensitivity is { } target ? Reaching(target, recalibrated, labels)
            : (OperatingPoint.Youden(recalibrated, labels), "no threshold is better than chance");
        return new(intercept, slope, rule, at is { } logit ? Probability(logit) : null, at is null ? why : null);
    }

    /// <summary>A probability of before as one of after.</summary>
    public static double Apply(double intercept, double slope, double probability) =>
        Probability(intercept + slope * CalibrationFit.Logit(probability));

    private static (double?, string?) Reaching(double sensitivity, double[] logits, bool[] labels)
    {
        var (point, refusal) = OperatingPoint.ForSensitivity(sensitivity, logits, labels);
        return (point?.Threshold, refusal);
    }

    private static double Probability(double logit) => 1 / (1 + Math.Exp(-logit));
}
