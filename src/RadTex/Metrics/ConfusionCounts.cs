namespace RadTex.Metrics;

/// <summary>How yes/no predictions compare with the truth, and the rates that follow.</summary>
/// <param name="TruePositives">Positive and called so.</param>
/// <param name="FalsePositives">Negative but called positive.</param>
/// <param name="TrueNegatives">Negative and called so.</param>
/// <param name="FalseNegatives">Positive but called negative.</param>
/// <remarks>
/// Precision, recall and F1 are 0 where their denominator is, as in scikit-learn; balanced accuracy, which would mislead then, is
/// null where one of the classes is absent.
/// </remarks>
public readonly record struct ConfusionCounts(int TruePositives, int FalsePositives, int TrueNegatives, int FalseNegatives)
{
    /// <summary>The number of examples, the sum of the four counts.</summary>
    public int Total => TruePositives + FalsePositives + TrueNegatives + FalseNegatives;

    /// <summary>The part of all examples that is right; 0 where there is none.</summary>
    public double Accuracy => Ratio(TruePositives + TrueNegatives, Total);

    /// <summary>Positive predictive value: the part of those called positive that is.</summary>
    public double Precision => Ratio(TruePositives, TruePositives + FalsePositives);

    /// <summary>Sensitivity: the part of the positives that is called positive.</summary>
    public double Recall => Ratio(TruePositives, TruePositives + FalseNegatives);

    /// <summary>The part of the negatives that is called negative.</summary>
    public double Specificity => Ratio(TrueNegatives, TrueNegatives + FalsePositives);

    /// <summary>The harmonic mean of precision and recall.</summary>
    public double F1 => Ratio(2 * TruePositives, 2 * TruePositives + FalsePositives + FalseNegatives);

    /// <summary>The mean of recall and specificity; null where a class is absent.</summary>
    public double? BalancedAccuracy =>
        TruePositives + FalseNegatives == 0 || TrueNegatives + FalsePositives == 0 ? null : (Recall + Specificity) / 2;

    /// <summary>Counts, an example being called positive where its score is at least <paramref name="threshold"/>.</summary>
    /// <param name="scores">One score an example.</param>
    /// <param name="labels">True where the example is positive.</param>
    /// <param name="threshold">0.5 for probabilities, 0 for logits; a threshold chosen by looking at the labels must come from other data.</param>
    /// <exception cref="ArgumentException">A score or the threshold is NaN, or the lengths differ.</exception>
    public static ConfusionCounts At(double threshold, ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        MetricInput.CheckScores(scores, labels.Length);
        if (double.IsNaN(threshold)) throw new ArgumentException("the threshold is not a number", nameof(threshold));
        int hits = 0, alarms = 0, positives = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            bool called = scores[i] >= threshold;
            if (labels[i]) positives++;
            if (called && labels[i]) hits++;
            else if (called) alarms++;
        }
        return new ConfusionCounts(hits, alarms, scores.Length - positives - alarms, positives - hits);
    }

    private static double Ratio(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
