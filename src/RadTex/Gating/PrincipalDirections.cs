using MathNet.Numerics.LinearAlgebra;
using RadTex.Inspection;

namespace RadTex.Gating;

/// <summary>
/// The leading eigenvectors of a covariance: orthogonal iteration from a fixed start, then Rayleigh and Ritz. The same on any number of threads.
/// </summary>
internal static class PrincipalDirections
{
    private const int Rounds = 6;

    /// <summary>[d, d] of rows whose means are 0, [n, d].</summary>
    internal static double[][] Covariance(double[][] rows, int width)
    {
        double[][] columns = [.. Enumerable.Range(0, width).Select(f => (double[])[.. rows.Select(row => row[f])])];
        double[][] covariance = [.. Enumerable.Range(0, width).Select(_ => new double[width])];
        Parallel.For(0, width, a =>
        {
            for (int b = 0; b <= a; b++) covariance[a][b] = PictureShape.Dot(columns[a], columns[b]) / rows.Length;
        });
        for (int a = 0; a < width; a++)
            for (int b = a + 1; b < width; b++) covariance[a][b] = covariance[b][a];
        return covariance;
    }

    /// <summary>Orthonormal rows, [count, d], and the variance along each, the largest first.</summary>
    internal static (double[][] Basis, double[] Variances) Of(double[][] covariance, int count)
    {
        int d = covariance.Length;
        var random = new CounterRandom(1);
        var basis = new double[count][];
        for (int i = 0; i < count; i++) basis[i] = [.. Enumerable.Range(0, d).Select(_ => random.UniformDouble() - 0.5)];
        Orthonormalise(basis);
        for (int round = 0; round < Rounds && count < d; round++)
        {
            basis = Times(basis, covariance);
            Orthonormalise(basis);
        }
        var images = Times(basis, covariance);
        var inside = Matrix<double>.Build.Dense(count, count, (i, j) => PictureShape.Dot(basis[Math.Max(i, j)], images[Math.Min(i, j)]));
        var parts = inside.Evd(Symmetricity.Symmetric); // ascending
        int[] order = [.. Enumerable.Range(0, count).Reverse()];
        double[] Direction(int k)
        {
            var direction = new double[d];
            for (int i = 0; i < count; i++)
                for (int f = 0; f < d; f++) direction[f] += parts.EigenVectors[i, k] * basis[i][f];
            return direction;
        }
        return ([.. order.Select(Direction)], [.. order.Select(k => parts.EigenValues[k].Real)]);
    }

    private static double[][] Times(double[][] basis, double[][] covariance)
    {
        var images = new double[basis.Length][];
        Parallel.For(0, basis.Length, i => images[i] = [.. covariance.Select(row => PictureShape.Dot(row, basis[i]))]);
        return images;
    }

    /// <summary>Gram and Schmidt, each row twice. A row that the earlier ones span is replaced by a unit vector that they do not.</summary>
    private static void Orthonormalise(double[][] rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            double before = Math.Sqrt(PictureShape.Dot(rows[i], rows[i]));
            for (int unit = 0; !Divide(rows, i, before); unit++)
            {
                Array.Clear(rows[i]);
                rows[i][(i + unit) % rows[i].Length] = before = 1;
            }
        }
    }

    private static bool Divide(double[][] rows, int i, double before)
    {
        for (int pass = 0; pass < 2; pass++)
            for (int j = 0; j < i; j++)
            {
                double along = PictureShape.Dot(rows[i], rows[j]);
                for (int f = 0; f < rows[i].Length; f++) rows[i][f] -= along * rows[j][f];
            }
        double length = Math.Sqrt(PictureShape.Dot(rows[i], rows[i]));
        if (!(length > 1e-10 * before)) return false;
        for (int f = 0; f < rows[i].Length; f++) rows[i][f] /= length;
        return true;
    }
}
