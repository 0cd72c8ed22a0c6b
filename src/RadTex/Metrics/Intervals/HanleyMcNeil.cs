namespace RadTex.Metrics.Intervals;

/// <summary>
/// The standard error of an AUC from the AUC and the numbers of examples alone: for published figures without scores
/// (Hanley and McNeil 1982). Where the scores are at hand, <see cref="DeLong"/> is better.
/// </summary>
public static class HanleyMcNeil
{
    /// <summary>The standard error, from sampling the test set.</summary>
    /// <param name="auc">In [0, 1].</param>
    /// <param name="positives">At least 1.</param>
    /// <param name="negatives">At least 1.</param>
    public static double StandardError(double auc, int positives, int negatives)
    {
        if (!(auc >= 0 && auc <= 1)) throw new ArgumentOutOfRangeException(nameof(auc), auc, "an AUC lies between 0 and 1");
        ArgumentOutOfRangeException.ThrowIfLessThan(positives, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(negatives, 1);
        double square = auc * auc;
        double twoPositives = auc / (2 - auc);          // both of two positives beat a negative
        double twoNegatives = 2 * square / (1 + auc);   // a positive beats both of two negatives
        double variance = auc * (1 - auc) + (positives - 1) * (twoPositives - square) + (negatives - 1) * (twoNegatives - square);
        return Math.Sqrt(Math.Max(0, variance) / ((double)positives * negatives));
    }
}
