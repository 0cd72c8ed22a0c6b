namespace RadTex.Heads;

/// <summary>
/// An approximation of logistic regression's Hessian that can be solved exactly, a block an output: mean p (1 - p) times XᵀX, plus the
/// penalty. Conjugate gradients preconditioned with it need tens of steps where features are as unequal as an encoder's, in place of hundreds.
/// </summary>
internal sealed class CurvatureModel
{
    private const double Smallest = 1e-6; // of p (1 - p): an output that is certain everywhere still has a block

    private readonly double[][] factors; // Cholesky, lower, [d, d]
    private readonly double[] spread, biases;
    private readonly int width;

    /// <param name="gram">Of the rows, or of a set they were taken from.</param>
    /// <param name="rows">n of the fit.</param>
    /// <param name="penalty">1 / C.</param>
    /// <param name="spread">Mean p (1 - p) of each output.</param>
    internal CurvatureModel(GramMatrix gram, int rows, double penalty, double[] spread)
    {
        (this.spread, width) = (spread, gram.Width);
        biases = Array.ConvertAll(spread, s => Math.Max(s, Smallest) * rows);
        factors = Array.ConvertAll(spread, s => Factor(gram, Math.Max(s, Smallest) * rows / gram.Rows, penalty));
    }

    /// <summary>Whether it is still near enough to be of use: within a factor of two.</summary>
    internal bool Fits(double[] present)
    {
        for (int k = 0; k < present.Length; k++)
        {
            double ratio = Math.Max(present[k], Smallest) / Math.Max(spread[k], Smallest);
            if (ratio is < 0.5 or > 2) return false;
        }
        return true;
    }

    /// <summary>[K, d + 1] solved for, a block an output, the biases by themselves.</summary>
    internal double[] Solve(double[] vector)
    {
        var solution = (double[])vector.Clone();
        for (int k = 0; k < factors.Length; k++)
        {
            var x = solution.AsSpan(k * (width + 1), width);
            var factor = factors[k];
            for (int i = 0; i < width; i++) x[i] = (x[i] - RowMatrix.Dot(factor.AsSpan(i * width, i), x[..i])) / factor[i * width + i];
            for (int i = width - 1; i >= 0; i--)
            {
                x[i] /= factor[i * width + i];
                RowMatrix.Add(x[..i], -x[i], factor.AsSpan(i * width, i));
            }
            solution[k * (width + 1) + width] /= biases[k];
        }
        return solution;
    }

    private static double[] Factor(GramMatrix gram, double scale, double penalty)
    {
        int d = gram.Width;
        var factor = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < i; j++)
                factor[i * d + j] = (
                    scale * gram.Values[i * d + j] - RowMatrix.Dot(factor.AsSpan(i * d, j), factor.AsSpan(j * d, j))) / factor[j * d + j];
            double left = scale * gram.Values[i * d + i] + penalty - RowMatrix.Dot(factor.AsSpan(i * d, i), factor.AsSpan(i * d, i));
            factor[i * d + i] = Math.Sqrt(Math.Max(left, penalty)); // rounding may not take it below what the penalty alone gives
        }
        return factor;
    }
}
