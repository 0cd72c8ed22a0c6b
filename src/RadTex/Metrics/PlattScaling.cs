namespace RadTex.Metrics;

/// <summary>
/// Probabilities from scores: 1 / (1 + e^-(slope score + intercept)) (Platt 1999), fitted on examples that nothing else was chosen on.
/// </summary>
/// <param name="Slope">Positive where higher scores mean more positives.</param>
/// <param name="Intercept">What a score of 0 says.</param>
public readonly record struct PlattScaling(double Slope, double Intercept)
{
    private const int MostSteps = 100;
    private const double Tolerance = 1e-10, Ridge = 1e-12;

    /// <summary>
    /// Maximum likelihood with Platt's targets (positives + 1) / (positives + 2) and 1 / (negatives + 2): with them the optimum is
    /// finite even where the scores part the classes. Newton's method with step halving (Lin, Lin and Weng 2007).
    /// </summary>
    /// <param name="scores">One finite score an example, such as a logit.</param>
    /// <param name="labels">True where the example is positive.</param>
    /// <returns>Null where the labels are all alike: there is nothing to fit.</returns>
    /// <exception cref="ArgumentException">A score is not finite, or the lengths differ.</exception>
    public static PlattScaling? Fit(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        MetricInput.CheckFinite(scores, labels.Length);
        int positives = labels.Count(true), negatives = labels.Length - positives;
        if (positives == 0 || negatives == 0) return null;
        double high = (positives + 1.0) / (positives + 2.0), low = 1 / (negatives + 2.0);
        double slope = 0, intercept = Math.Log((positives + 1.0) / (negatives + 1.0));
        double loss = Loss(scores, labels, high, low, slope, intercept);
        for (int step = 0; step < MostSteps; step++)
        {
            double g1 = 0, g2 = 0, h11 = Ridge, h22 = Ridge, h12 = 0;
            for (int i = 0; i < scores.Length; i++)
            {
                double p = Probability(slope * scores[i] + intercept), error = p - (labels[i] ? high : low), weight = p * (1 - p);
                g1 += error * scores[i];
                g2 += error;
                h11 += weight * scores[i] * scores[i];
                h12 += weight * scores[i];
                h22 += weight;
            }
            if (Math.Abs(g1) < Tolerance && Math.Abs(g2) < Tolerance) break;
            double determinant = h11 * h22 - h12 * h12;
            double moveSlope = -(h22 * g1 - h12 * g2) / determinant, moveIntercept = -(h11 * g2 - h12 * g1) / determinant;
            double part = 1;
            for (; part > 1e-10; part /= 2)
            {
                double tried = Loss(scores, labels, high, low, slope + part * moveSlope, intercept + part * moveIntercept);
                if (!(tried < loss + 1e-4 * part * (g1 * moveSlope + g2 * moveIntercept))) continue;
                (slope, intercept, loss) = (slope + part * moveSlope, intercept + part * moveIntercept, tried);
                break;
            }
            if (part <= 1e-10) break; // no step lowers the loss any more: rounding is reached
        }
        return new(slope, intercept);
    }

    /// <summary>The probability of positive for one score.</summary>
    public double Apply(double score) => Probability(Slope * score + Intercept);

    private static double Probability(double logit) => 1 / (1 + Math.Exp(-logit));

    private static double Loss(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, double high, double low, double slope, double intercept)
    {
        double sum = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            double logit = slope * scores[i] + intercept, target = labels[i] ? high : low;
            sum += Math.Max(logit, 0) - target * logit + Math.Log(1 + Math.Exp(-Math.Abs(logit)));
        }
        return sum;
    }
}
