using RadTex.Metrics;

namespace RadTex.Heads;

/// <summary>The probability from which a head calls a radiograph positive, chosen on its own labels: each scored by a head that learnt from other
/// patients' folds.</summary>
/// <param name="Probability">A radiograph of at least this is called positive.</param>
/// <param name="Rule">How it was chosen, such as "largest Youden index".</param>
/// <param name="Positives">Positive labels it rests on.</param>
/// <param name="Negatives">Negative ones.</param>
public sealed record HeadThreshold(double Probability, string Rule, int Positives, int Negatives)
{
    /// <summary>A threshold on fewer labels of either class moves by much from draw to draw.</summary>
    public const int FewLabels = 10;

    /// <summary>The rule that maximises sensitivity + specificity - 1 (Youden 1950).</summary>
    public const string YoudenRule = "largest Youden index";

    /// <summary>The rule in words that reaches a sensitivity, 0 to 1, with the highest specificity: "sensitivity of at least 0.9".</summary>
    public static string SensitivityRule(double sensitivity) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"sensitivity of at least {sensitivity:0.###}");

    /// <summary>The rule in words; of no sensitivity the largest Youden index.</summary>
    internal static string RuleOf(double? sensitivity) => sensitivity is { } s ? SensitivityRule(s) : YoudenRule;

    /// <summary>Chooses on logits that no head saw in training.</summary>
    /// <param name="logits">One a labelled radiograph.</param>
    /// <param name="positive">Its label.</param>
    /// <param name="sensitivity">To be reached; null for the largest Youden index (sensitivity + specificity - 1).</param>
    /// <returns>Null where there is none: no threshold is better than chance, or too few positives for a sensitivity.</returns>
    internal static HeadThreshold? Choose(double[] logits, bool[] positive, double? sensitivity)
    {
        double? logit = sensitivity is { } target ? OperatingPoint.ForSensitivity(target, logits, positive).Point?.Threshold
            : OperatingPoint.Youden(logits, positive);
        int positives = positive.Count(p => p);
        return logit is { } at
            ? new(1 / (1 + Math.Exp(-at)), RuleOf(sensitivity), positives, positive.Length - positives) : null;
    }
}
