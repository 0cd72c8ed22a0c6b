using System.Numerics.Tensors;

namespace RadTex.Metrics;

/// <summary>Logits divided by one temperature (Guo et al. 2017): ranking and likeliest class stay, only confidence changes.</summary>
/// <param name="Temperature">Above 1 softens, below 1 sharpens.</param>
public readonly record struct TemperatureScaling(double Temperature)
{
    private const int MostSteps = 200;

    /// <summary>Maximum likelihood of a yes/no logit.</summary>
    /// <inheritdoc cref="Fit(ReadOnlySpan{double}, ReadOnlySpan{int}, int)"/>
    public static TemperatureScaling? Fit(ReadOnlySpan<double> logits, ReadOnlySpan<bool> labels)
    {
        MetricInput.CheckLengths(logits.Length, labels.Length);
        var (pairs, classes) = (new double[2 * logits.Length], new int[labels.Length]);
        for (int i = 0; i < logits.Length; i++) (pairs[2 * i + 1], classes[i]) = (logits[i], labels[i] ? 1 : 0); // logit of class 0 is 0
        return Fit(pairs, classes, 2);
    }

    /// <summary>Maximum likelihood of class logits: the derivative in 1 / T rises steadily, so its one root is bracketed and halved.</summary>
    /// <param name="logits">[n, C], row by row, finite.</param>
    /// <param name="classes">The true classes.</param>
    /// <param name="classCount">C.</param>
    /// <returns>
    /// Null where no temperature is best: no example; the likeliest class always right, so that ever sharper is ever better; or logits that
    /// know nothing (no better than equal probabilities), so that ever softer is.
    /// </returns>
    /// <exception cref="ArgumentException">A logit is not finite, a class out of range, or the lengths differ.</exception>
    public static TemperatureScaling? Fit(ReadOnlySpan<double> logits, ReadOnlySpan<int> classes, int classCount)
    {
        MetricInput.CheckClasses(classes, classCount, nameof(classes));
        MetricInput.CheckFinite(logits, checked(classes.Length * classCount));
        // Where the derivative is not below 0 at the softest and above it at the sharpest end, there is no root between. A derivative that is 0
        // comes out as the rounding of its sum, and would give a temperature of 1e16.
        double rounding = 1e-12 * TensorPrimitives.SumOfMagnitudes(logits);
        if (Slope(logits, classes, classCount, 0) >= -rounding || Slope(logits, classes, classCount, double.PositiveInfinity) <= rounding)
            return null;
        double low = 0, high = 1;
        while (Slope(logits, classes, classCount, high) < 0) high *= 2;
        for (int step = 0; step < MostSteps && high - low > 1e-15 * high; step++)
        {
            double middle = (low + high) / 2;
            if (Slope(logits, classes, classCount, middle) < 0) low = middle;
            else high = middle;
        }
        return new(2 / (low + high));
    }

    /// <summary>The probability of positive of a yes/no logit.</summary>
    public double Apply(double logit) => 1 / (1 + Math.Exp(-logit / Temperature));

    /// <summary>d(negative log-likelihood) / d(1/T): over the examples the expected logit less the true class's.</summary>
    private static double Slope(ReadOnlySpan<double> logits, ReadOnlySpan<int> classes, int classCount, double inverse)
    {
        double sum = 0;
        for (int i = 0; i < classes.Length; i++)
        {
            var row = logits.Slice(i * classCount, classCount);
            double largest = row[0], total = 0, expected = 0;
            foreach (double z in row) largest = Math.Max(largest, z);
            foreach (double z in row)
            {
                double weight = z == largest ? 1 : Math.Exp(inverse * (z - largest)); // also at infinity
                total += weight;
                expected += weight * (z - largest);
            }
            sum += expected / total - (row[classes[i]] - largest);
        }
        return sum;
    }
}
