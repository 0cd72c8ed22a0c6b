namespace RadTex.Transfer;

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
        var logits = new double[features.Count * Outputs];
        var row = new double[Width];
        for (int i = 0; i < features.Count; i++)
        {
            var values = features.Row(i);
            for (int f = 0; f < row.Length; f++) row[f] = values[f];
            for (int k = 0; k < Outputs; k++) logits[i * Outputs + k] = RowMatrix.Dot(row, Weights.AsSpan(k * Width, Width)) + Biases[k];
        }
        var probabilities = new double[logits.Length];
        LogisticRegression.Probabilities(logits, Outputs, probabilities);
        return probabilities;
    }
}
