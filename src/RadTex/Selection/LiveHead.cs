using System.Runtime.InteropServices;
using System.Security.Cryptography;
using RadTex.Heads;

namespace RadTex.Selection;

/// <summary>The head of the labels so far: the one that <c>Heads/LogisticHead</c> fits for any transfer, on the pool's features.</summary>
public sealed class LiveHead : ISelectionHead
{
    private readonly RadiographFeatures features;
    private readonly float[] means;
    private readonly double[] probabilities;

    private LiveHead(RadiographFeatures features, float[] means, LinearHead weights, IReadOnlyList<int> rows, HeldOutScores? heldOut)
    {
        (this.features, this.means, Weights, Rows, HeldOut) = (features, means, weights, rows, heldOut);
        probabilities = Positive(weights, weights.Probabilities(features));
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<double>([.. weights.Weights, .. weights.Biases])));
    }

    /// <summary>On raw features.</summary>
    public LinearHead Weights { get; }

    /// <summary>The rows it learnt from; one that several readers answered differently may stand there several times.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>The scores of <see cref="Rows"/> by the heads of other patients; null where there were too few patients of a class.</summary>
    public HeldOutScores? HeldOut { get; }

    /// <summary>The SHA-256 of its weights and biases, lower-case hexadecimal.</summary>
    public string Sha256 { get; }

    /// <summary>The mean of each feature over a pool, [F]: what a dropped feature is taken for.</summary>
    public static float[] MeansOf(RadiographFeatures features)
    {
        var sums = new double[features.Width];
        for (int i = 0; i < features.Count; i++)
        {
            var row = features.Row(i);
            for (int f = 0; f < sums.Length; f++) sums[f] += row[f];
        }
        return [.. sums.Select(s => (float)(s / Math.Max(1, features.Count)))];
    }

    /// <summary>Fits it.</summary>
    /// <param name="features">Of the whole pool.</param>
    /// <param name="means">See <see cref="MeansOf"/>.</param>
    /// <param name="rows">Those with a label.</param>
    /// <param name="classes">Their classes, 0 to C - 1.</param>
    /// <param name="classCount">C.</param>
    /// <param name="seed">Of the folds.</param>
    /// <returns>Null while all labels are of one class.</returns>
    public static LiveHead? Fit(
        RadiographFeatures features, float[] means, IReadOnlyList<int> rows, IReadOnlyList<int> classes, int classCount, ulong seed)
    {
        if (classes.Distinct().Count() < 2) return null;
        var (head, _, _, logits) = LogisticHead.Fit(features, rows, classes, classCount, new CounterRandom(seed));
        if (logits is null) return new(features, means, head, rows, null);
        int[] present = [.. classes.Distinct().Order()];
        var folds = PatientFolds.Assign(
            [.. rows.Select(r => features.Radiographs[r].PatientId)], [.. classes.Select(c => Array.IndexOf(present, c))], new CounterRandom(seed))!;
        return new(features, means, head, rows, HeldOutScores.Of(folds, logits, present, classCount));
    }

    /// <inheritdoc/>
    public double Probability(int row) => probabilities[row];

    /// <inheritdoc/>
    public double Probability(int row, ReadOnlySpan<bool> dropped, double keep)
    {
        var values = features.Row(row);
        var logits = new double[Weights.Outputs];
        for (int k = 0; k < logits.Length; k++)
        {
            var weights = Weights.Weights.AsSpan(k * Weights.Width, Weights.Width);
            double logit = Weights.Biases[k];
            for (int f = 0; f < values.Length; f++) logit += weights[f] * (means[f] + (dropped[f] ? 0 : (values[f] - means[f]) / keep));
            logits[k] = logit;
        }
        var of = new double[logits.Length];
        LogisticRegression.Probabilities(logits, Weights.Outputs, of);
        return Positive(Weights, of)[0];
    }

    // Of grades: the chance of any but the lowest.
    private static double[] Positive(LinearHead head, double[] all) => head.ClassCount == 2 ? all
        : [.. Enumerable.Range(0, all.Length / head.ClassCount).Select(i => 1 - all[i * head.ClassCount])];
}
