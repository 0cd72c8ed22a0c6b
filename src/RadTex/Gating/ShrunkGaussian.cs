using RadTex.Inspection;

namespace RadTex.Gating;

/// <summary>
/// A normal distribution of rows in d dimensions from fewer or more than d of them: each dimension is standardised, the covariance is shrunk
/// towards a multiple of the identity (Ledoit and Wolf 2004) and kept as its r leading directions and one variance for all others. The distance
/// from its centre is Mahalanobis's, over the root of d.
/// </summary>
/// <param name="Means">[d].</param>
/// <param name="Deviations">[d], above 0.</param>
/// <param name="Basis">[r, d], orthonormal rows.</param>
/// <param name="Variances">[r], shrunk.</param>
/// <param name="Rest">The variance in every other direction.</param>
internal sealed record ShrunkGaussian(float[] Means, float[] Deviations, float[] Basis, float[] Variances, float Rest)
{
    internal const int MostDirections = 128;

    // A dimension that hardly varies still has this part of the usual deviation: what is off there counts much, not without bound.
    private const double LeastDeviation = 0.01, LeastVariance = 1e-6;

    private int Width => Means.Length;

    /// <summary>Learns from rows, [n, d], of which there are at least two.</summary>
    internal static ShrunkGaussian Of(double[][] rows)
    {
        int n = rows.Length, d = rows[0].Length, r = Math.Min(MostDirections, Math.Min(d, n - 1));
        double[] means = new double[d], deviations = new double[d];
        foreach (var row in rows)
            for (int f = 0; f < d; f++) means[f] += row[f] / n;
        foreach (var row in rows)
            for (int f = 0; f < d; f++) deviations[f] += (row[f] - means[f]) * (row[f] - means[f]) / n;
        double usual = Math.Sqrt(deviations.Average());
        for (int f = 0; f < d; f++) deviations[f] = Math.Max(Math.Sqrt(deviations[f]), Math.Max(LeastDeviation * usual, 1e-12));
        double[][] standardised = [.. rows.Select(row => (double[])[.. row.Select((v, f) => (v - means[f]) / deviations[f])])];
        var covariance = PrincipalDirections.Covariance(standardised, d);
        double trace = Enumerable.Range(0, d).Sum(f => covariance[f][f]), mean = trace / d;
        double shrinkage = Shrinkage(standardised, covariance, mean);
        var (basis, leading) = PrincipalDirections.Of(covariance, r);
        double Shrunk(double variance) => Math.Max((1 - shrinkage) * variance + shrinkage * mean, LeastVariance);
        double rest = r < d ? Shrunk((trace - leading.Sum()) / (d - r)) : Math.Max(mean, LeastVariance);
        return new(Floats(means), Floats(deviations), Floats([.. basis.SelectMany(b => b)]), Floats([.. leading.Select(Shrunk)]), (float)rest);
    }

    /// <summary>0 at the centre; 1 is usual.</summary>
    internal double Distance(ReadOnlySpan<double> row)
    {
        var z = new double[Width];
        double left = 0, sum = 0;
        for (int f = 0; f < Width; f++)
        {
            z[f] = (row[f] - Means[f]) / Deviations[f];
            left += z[f] * z[f];
        }
        for (int i = 0; i < Variances.Length; i++)
        {
            double along = 0;
            var direction = Basis.AsSpan(i * Width, Width);
            for (int f = 0; f < Width; f++) along += direction[f] * z[f];
            sum += along * along / Variances[i];
            left -= along * along;
        }
        return Math.Sqrt((sum + Math.Max(0, left) / Rest) / Width);
    }

    /// <summary>Whether the parts fit each other and no number is absurd: what a file holds is not believed.</summary>
    internal bool IsSound() =>
        Deviations.Length == Width && Basis.Length == Variances.Length * (long)Width && Variances.Length is > 0 and <= MostDirections
        && Means.All(float.IsFinite) && Basis.All(float.IsFinite) && Deviations.All(IsPositive) && Variances.All(IsPositive) && IsPositive(Rest);

    private static bool IsPositive(float value) => float.IsFinite(value) && value > 0;

    // Ledoit and Wolf 2004, as scikit-learn's ledoit_wolf has it.
    private static double Shrinkage(double[][] rows, double[][] covariance, double mean)
    {
        double n = rows.Length, d = covariance.Length, trace = mean * d;
        double frobenius = covariance.Sum(row => PictureShape.Dot(row, row)), fourth = rows.Sum(row => Math.Pow(PictureShape.Dot(row, row), 2));
        double error = (fourth / n - frobenius) / (d * n), distance = (frobenius - 2 * mean * trace + d * mean * mean) / d;
        return distance <= 0 ? 1 : Math.Clamp(Math.Min(error, distance) / distance, 0, 1);
    }

    private static float[] Floats(double[] values) => Array.ConvertAll(values, v => (float)v);
}
