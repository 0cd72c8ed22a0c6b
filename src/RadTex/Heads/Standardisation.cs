namespace RadTex.Heads;

/// <summary>Mean and deviation of each feature over the training examples; features that do not vary are left out.</summary>
/// <remarks>Pooled features have a mean far larger than their deviation: without this a penalised or briefly trained head sees mostly the
/// mean.</remarks>
internal sealed class Standardisation
{
    // A deviation below this part of the mean is float32 rounding, not information.
    private const double Constant = 1e-6;

    private readonly double[] means, deviations; // of the kept features
    private readonly int[] kept;
    private readonly int width;

    private Standardisation(int width, int[] kept, double[] means, double[] deviations) =>
        (this.width, this.kept, this.means, this.deviations) = (width, kept, means, deviations);

    /// <summary>The number of features that vary.</summary>
    internal int Width => kept.Length;

    /// <summary>Learns from the rows, population deviation (as scikit-learn's StandardScaler).</summary>
    internal static Standardisation Of(RadiographFeatures features, IReadOnlyList<int> rows)
    {
        double[] means = new double[features.Width], squares = new double[features.Width];
        foreach (int row in rows)
        {
            var values = features.Row(row);
            for (int f = 0; f < values.Length; f++) means[f] += values[f] / (double)rows.Count;
        }
        foreach (int row in rows)
        {
            var values = features.Row(row);
            for (int f = 0; f < values.Length; f++) squares[f] += (values[f] - means[f]) * (values[f] - means[f]);
        }
        var deviations = Array.ConvertAll(squares, s => Math.Sqrt(s / rows.Count));
        int[] kept = [.. Enumerable.Range(0, features.Width).Where(f => deviations[f] > Constant * Math.Abs(means[f]) && deviations[f] > 1e-30)];
        return new(features.Width, kept, [.. kept.Select(f => means[f])], [.. kept.Select(f => deviations[f])]);
    }

    /// <summary>The rows standardised, [n, Width].</summary>
    internal RowMatrix Apply(RadiographFeatures features, IReadOnlyList<int> rows)
    {
        var values = new double[checked(rows.Count * Width)];
        for (int i = 0; i < rows.Count; i++)
        {
            var row = features.Row(rows[i]);
            for (int j = 0; j < Width; j++) values[i * Width + j] = (row[kept[j]] - means[j]) / deviations[j];
        }
        return new RowMatrix(values, Width, [.. Enumerable.Range(0, rows.Count)]);
    }

    /// <summary>Weights for standardised features as weights for raw ones: w/s and b - sum of w m/s.</summary>
    internal (double[] Weights, double[] Biases) Fold(double[] weights, double[] biases)
    {
        var raw = new double[biases.Length * width];
        var shifted = (double[])biases.Clone();
        for (int k = 0; k < biases.Length; k++)
            for (int j = 0; j < Width; j++)
            {
                double weight = weights[k * Width + j] / deviations[j];
                raw[k * width + kept[j]] = weight;
                shifted[k] -= weight * means[j];
            }
        return (raw, shifted);
    }
}
