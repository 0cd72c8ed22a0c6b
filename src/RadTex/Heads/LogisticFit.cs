namespace RadTex.Heads;

/// <summary>Weights of a linear classifier, [K, d] and [K]: K = 1 for two classes (the logit of class 1), else K classes.</summary>
internal sealed record LogisticFit(int Outputs, int Width, double[] Weights, double[] Biases, double Objective, int Iterations)
{
    /// <summary>Logits [n, K] of rows [n, d].</summary>
    internal double[] Logits(RowMatrix rows)
    {
        var logits = new double[rows.Count * Outputs];
        for (int i = 0; i < rows.Count; i++)
            for (int k = 0; k < Outputs; k++)
                logits[i * Outputs + k] = RowMatrix.Dot(rows[i], Weights.AsSpan(k * Width, Width)) + Biases[k];
        return logits;
    }
}
