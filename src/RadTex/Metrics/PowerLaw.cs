namespace RadTex.Metrics;

/// <summary>
/// A learning curve AUC(N) = a - b N^-c that rises to its limit a (Figueroa et al. 2012): what more labels are likely to bring.
/// </summary>
/// <param name="Limit">a, at most 1.</param>
/// <param name="Gain">b, 0 or more.</param>
/// <param name="Exponent">c, above 0.</param>
public readonly record struct PowerLaw(double Limit, double Gain, double Exponent)
{
    /// <summary>Fewer points leave nothing to tell the three parameters by.</summary>
    public const int FewestPoints = 3;

    private const int Exponents = 120;
    private const double SmallestExponent = 0.02, LargestExponent = 2;

    /// <summary>Least squares: for each of a grid of exponents a and b in closed form within their bounds, the best of all.</summary>
    /// <param name="examples">Numbers of labels, above 0.</param>
    /// <param name="figures">The figure at each, such as an AUC.</param>
    /// <param name="weights">How much each point counts; null for all alike.</param>
    /// <returns>Null for fewer than three different numbers of labels.</returns>
    public static PowerLaw? Fit(ReadOnlySpan<double> examples, ReadOnlySpan<double> figures, double[]? weights = null)
    {
        MetricInput.CheckLengths(examples.Length, figures.Length);
        if (examples.ToArray().Distinct().Count() < FewestPoints) return null;
        PowerLaw? best = null;
        double least = double.PositiveInfinity;
        for (int i = 0; i < Exponents; i++)
        {
            double exponent = SmallestExponent * Math.Pow(LargestExponent / SmallestExponent, i / (Exponents - 1.0));
            var candidate = FitLine(examples, figures, weights, exponent);
            double loss = 0;
            for (int p = 0; p < examples.Length; p++) loss += (weights?[p] ?? 1) * Math.Pow(candidate.At(examples[p]) - figures[p], 2);
            if (loss >= least) continue;
            (least, best) = (loss, candidate);
        }
        return best;
    }

    /// <summary>The figure expected at N labels.</summary>
    public double At(double examples) => Limit - Gain * Math.Pow(examples, -Exponent);

    private static PowerLaw FitLine(ReadOnlySpan<double> examples, ReadOnlySpan<double> figures, double[]? weights, double exponent)
    {
        double total = 0, meanX = 0, meanY = 0, xx = 0, xy = 0, squareX = 0, toOne = 0;
        for (int i = 0; i < examples.Length; i++)
        {
            double w = weights?[i] ?? 1, x = Math.Pow(examples[i], -exponent);
            (total, meanX, meanY) = (total + w, meanX + w * x, meanY + w * figures[i]);
            (squareX, toOne) = (squareX + w * x * x, toOne + w * x * (1 - figures[i]));
        }
        (meanX, meanY) = (meanX / total, meanY / total);
        for (int i = 0; i < examples.Length; i++)
        {
            double w = weights?[i] ?? 1, x = Math.Pow(examples[i], -exponent);
            (xx, xy) = (xx + w * (x - meanX) * (x - meanX), xy + w * (x - meanX) * (figures[i] - meanY));
        }
        double gain = Math.Max(0, -xy / xx), limit = meanY + gain * meanX;
        return limit <= 1 ? new(limit, gain, exponent) : new(1, Math.Max(0, toOne / squareX), exponent);
    }
}
