using System.Numerics.Tensors;

namespace RadTex.Selection;

/// <summary>The radiographs one may ask a reader about, as their encoder sees them.</summary>
/// <remarks>
/// Features are standardised over the pool, which needs no label, and scaled to unit length: pooled features have means far larger than their
/// deviations, and bright pictures long vectors. Distances of policies are Euclidean between these rows. Safe for use by several threads.
/// </remarks>
public sealed class SelectionPool
{
    private readonly float[] rows; // [n, F], each of unit length
    private readonly int[] patients;

    /// <summary>A pool of n rows; their features are copied, standardised over the pool and made of unit length.</summary>
    /// <param name="features">[n, F], row by row.</param>
    /// <param name="width">F.</param>
    /// <param name="patients">Each row's patient: any text, equal for one patient.</param>
    /// <param name="prior">
    /// What is known of each row before any label, higher for more likely present, such as a decoder's zero-shot score; null for nothing.
    /// </param>
    /// <exception cref="ArgumentException">The lengths do not fit, or a feature is no finite number.</exception>
    public SelectionPool(ReadOnlySpan<float> features, int width, IReadOnlyList<string> patients, IReadOnlyList<double>? prior = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (features.Length != (long)patients.Count * width)
            throw new ArgumentException($"{features.Length} values for {patients.Count} radiographs of {width} features", nameof(features));
        if (prior is not null && prior.Count != patients.Count)
            throw new ArgumentException($"{prior.Count} scores for {patients.Count} radiographs", nameof(prior));
        (Width, Prior) = (width, prior);
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        this.patients = [.. patients.Select(p => numbers.TryGetValue(p, out int known) ? known : numbers[p] = numbers.Count)];
        Patients = numbers.Count;
        rows = features.ToArray();
        Standardise();
    }

    /// <summary>n.</summary>
    public int Count => patients.Length;

    /// <summary>F.</summary>
    public int Width { get; }

    /// <summary>How many patients there are.</summary>
    public int Patients { get; }

    /// <summary>Scores known before any label; null where there are none.</summary>
    public IReadOnlyList<double>? Prior { get; }

    /// <summary>A row's patient, 0 to <see cref="Patients"/> - 1.</summary>
    public int PatientOf(int row) => patients[row];

    /// <summary>A row of unit length (of zeros where nothing varies), F values.</summary>
    public ReadOnlySpan<float> Row(int row) => rows.AsSpan(row * Width, Width);

    /// <summary>The squared distance between two rows, 0 to 4.</summary>
    internal double SquaredDistance(int a, int b) => Math.Max(0, 2 - 2 * (double)TensorPrimitives.Dot(Row(a), Row(b)));

    private void Standardise()
    {
        double[] means = new double[Width], squares = new double[Width];
        for (int i = 0; i < Count; i++)
            for (int f = 0; f < Width; f++)
            {
                double value = rows[i * Width + f];
                if (!double.IsFinite(value)) throw new ArgumentException($"feature {f} of row {i} is {value}; expected finite numbers", "features");
                means[f] += value / Count;
            }
        for (int i = 0; i < Count; i++)
            for (int f = 0; f < Width; f++) squares[f] += (rows[i * Width + f] - means[f]) * (rows[i * Width + f] - means[f]);
        // A deviation below a millionth of the mean is rounding, not information.
        double[] scales =
            [.. squares.Select((s, f) => Math.Sqrt(s / Count) is var deviation && deviation > 1e-6 * Math.Abs(means[f]) ? 1 / deviation : 0)];
        for (int i = 0; i < Count; i++)
        {
            var row = rows.AsSpan(i * Width, Width);
            for (int f = 0; f < Width; f++) row[f] = (float)((row[f] - means[f]) * scales[f]);
            float length = TensorPrimitives.Norm(row);
            if (length > 0) TensorPrimitives.Divide(row, length, row);
        }
    }
}
