using MathNet.Numerics.Distributions;

namespace RadTex.Metrics.Intervals;

/// <summary>
/// The AUC of out-of-fold scores: a positive is compared with negatives of its own fold alone, since each fold has another head whose scores have
/// another scale. Its interval is the jackknife's over patients, on the logit scale.
/// </summary>
public static class FoldedAuc
{
    /// <summary>Fewer positives or negatives give no interval and no figure to show.</summary>
    public const int FewestOfAClass = ClusteredAuc.FewestOfAClass;

    /// <summary>The AUC alone; null where no fold holds a positive and a negative example.</summary>
    /// <param name="scores">Out-of-fold scores.</param>
    /// <param name="labels">True where present.</param>
    /// <param name="folds">Each example's fold.</param>
    /// <param name="weights">How many examples each stands for; empty for one.</param>
    public static double? Estimate(
        ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<int> folds, ReadOnlySpan<double> weights = default)
    {
        double won = 0, pairs = 0;
        for (int i = 0; i < labels.Length; i++)
            for (int j = 0; j < labels.Length; j++)
            {
                if (!labels[i] || labels[j] || folds[i] != folds[j]) continue;
                double weight = Weight(weights, i, j);
                won += weight * Win(scores[i], scores[j]);
                pairs += weight;
            }
        return pairs == 0 ? null : won / pairs;
    }

    /// <summary>The AUC with its interval.</summary>
    /// <param name="scores">Out-of-fold scores.</param>
    /// <param name="labels">True where present.</param>
    /// <param name="folds">Each example's fold.</param>
    /// <param name="patients">Each example's patient: any numbers, equal for one patient.</param>
    /// <param name="weights">
    /// How many examples each stands for, such as the number of its patient's radiographs where one of them was drawn; empty for one.
    /// </param>
    /// <param name="level">The confidence level.</param>
    /// <returns>The interval, or why there is none.</returns>
    public static (Interval? Interval, string? Reason) Of(
        ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<int> folds, ReadOnlySpan<int> patients,
        ReadOnlySpan<double> weights = default, double level = Interval.DefaultLevel)
    {
        int n = labels.Length, positives = labels.Count(true);
        if (scores.Length != n || folds.Length != n || patients.Length != n)
            throw new ArgumentException($"{scores.Length} scores, {folds.Length} folds, {patients.Length} patients for {n} labels", nameof(scores));
        if (ClusteredAuc.TooFew(positives, n - positives) is { } few) return (null, few);
        if (!weights.IsEmpty && weights.Length != n) throw new ArgumentException($"{weights.Length} weights for {n} labels", nameof(weights));
        double[,] wins = new double[n, n], weight = new double[n, n]; // of pairs
        double won = 0, pairs = 0;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
            {
                if (!labels[i] || labels[j] || folds[i] != folds[j]) continue;
                weight[i, j] = Weight(weights, i, j);
                wins[i, j] = weight[i, j] * Win(scores[i], scores[j]);
                won += wins[i, j];
                pairs += weight[i, j];
            }
        if (pairs == 0) return (null, "no fold holds a positive and a negative example");
        double auc = won / pairs;
        if (auc is 0 or 1) return (null, $"an AUC of {auc} has no standard error: every pair is ranked {(auc == 1 ? "right" : "wrong")}");
        return Jackknife((wins, weight), labels, folds, patients, won, pairs) is { } variance
            ? (
                LogitInterval.Of(auc, StudentT.InvCDF(0, 1, Math.Min(positives, n - positives) - 1, 0.5 + level / 2) * Math.Sqrt(variance), level),
                null)
            : (null, "without one of the patients no pair is left");
    }

    private static double Weight(ReadOnlySpan<double> weights, int i, int j) => weights.IsEmpty ? 1 : weights[i] * weights[j];

    private static double Win(double positive, double negative) => positive > negative ? 1 : positive == negative ? 0.5 : 0;

    private static double? Jackknife(
        (double[,] Wins, double[,] Weights) of, ReadOnlySpan<bool> labels, ReadOnlySpan<int> folds, ReadOnlySpan<int> patients, double won,
        double pairs)
    {
        var own = new Dictionary<int, (double Won, double Pairs)>();
        int n = labels.Length;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
            {
                if (!labels[i] || labels[j] || folds[i] != folds[j]) continue;
                Add(patients[i], of.Wins[i, j], of.Weights[i, j]);
                if (patients[j] != patients[i]) Add(patients[j], of.Wins[i, j], of.Weights[i, j]);
            }
        int count = 0;
        foreach (int patient in patients.ToArray().Distinct())
        {
            own.TryAdd(patient, default);
            count++;
        }
        if (own.Values.Any(p => p.Pairs >= pairs * (1 - 1e-12))) return null;
        double[] left = [.. own.Values.Select(p => (won - p.Won) / (pairs - p.Pairs))];
        double mean = left.Average();
        return (count - 1.0) / count * left.Sum(v => (v - mean) * (v - mean));

        void Add(int patient, double win, double weight)
        {
            var (before, beforePairs) = own.GetValueOrDefault(patient);
            own[patient] = (before + win, beforePairs + weight);
        }
    }
}
