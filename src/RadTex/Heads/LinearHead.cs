namespace RadTex.Heads;

/// <summary>A trained linear head on raw features: what standardisation did is folded in.</summary>
/// <param name="ClassCount">C, two or more.</param>
/// <param name="Width">F.</param>
/// <param name="Weights">[K, F], float64: K = 1 for two classes (the logit of class 1), else K = C.</param>
/// <param name="Biases">[K]; minus infinity for a class no example showed.</param>
public sealed record LinearHead(int ClassCount, int Width, double[] Weights, double[] Biases)
{
    /// <summary>K.</summary>
    public int Outputs => Biases.Length;

    /// <summary>Probabilities of all radiographs: [n] of class 1 for two classes, else [n, C] row by row.</summary>
    public double[] Probabilities(RadiographFeatures features)
    {
        if (features.Width != Width) throw new ArgumentException($"{features.Width} features; the head takes {Width}", nameof(features));
        return Probabilities(features.Count, features.Row);
    }

    /// <summary>The same for features [n, F], row by row.</summary>
    public double[] Probabilities(float[] features)
    {
        if (features.Length % Width != 0) throw new ArgumentException($"{features.Length} values are no rows of {Width}", nameof(features));
        return Probabilities(features.Length / Width, i => features.AsSpan(i * Width, Width));
    }

    private delegate ReadOnlySpan<float> RowOf(int index);

    private double[] Probabilities(int count, RowOf rowOf)
    {
        var logits = new double[count * Outputs];
        var row = new double[Width];
        for (int i = 0; i < count; i++)
        {
            var values = rowOf(i);
            for (int f = 0; f < row.Length; f++) row[f] = values[f];
            for (int k = 0; k < Outputs; k++) logits[i * Outputs + k] = RowMatrix.Dot(row, Weights.AsSpan(k * Width, Width)) + Biases[k];
        }
        var probabilities = new double[logits.Length];
        LogisticRegression.Probabilities(logits, Outputs, probabilities);
        return probabilities;
    }
}
