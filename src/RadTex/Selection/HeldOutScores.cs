using RadTex.Heads;
using RadTex.Metrics;

namespace RadTex.Selection;

/// <summary>What heads of other patients make of the rows a head learnt from: the only scores of them that a figure may be made of.</summary>
/// <param name="Folds">The fold of each row, by patient.</param>
/// <param name="Logits">[n, C - 1]: the logit of lying above each cut of the classes; of two classes that of class 1.</param>
/// <param name="Probabilities">[n, C].</param>
/// <param name="ClassCount">C.</param>
public sealed record HeldOutScores(IReadOnlyList<int> Folds, double[] Logits, double[] Probabilities, int ClassCount)
{
    /// <summary>The logit that a row lies above a cut: that its class is larger than it.</summary>
    /// <param name="row">Of the head's rows.</param>
    /// <param name="cut">0 to C - 2.</param>
    public double Logit(int row, int cut = 0) => Logits[row * (ClassCount - 1) + cut];

    /// <summary>How far a row's likeliest class is likelier than the one it was given, as a logarithm; 0 where that is the likeliest.</summary>
    public double Contradiction(int row, int given)
    {
        // Of two classes this is the logit itself, which does not round to certainty.
        if (ClassCount == 2) return Math.Max(0, given > 0 ? -Logits[row] : Logits[row]);
        var of = Probabilities.AsSpan(row * ClassCount, ClassCount);
        double most = 0;
        foreach (double p in of) most = Math.Max(most, p);
        return Math.Log(most / Math.Max(double.Epsilon, of[given]));
    }

    internal static HeldOutScores Of(int[] folds, double[] logits, int[] present, int classCount)
    {
        int outputs = present.Length == 2 ? 1 : present.Length;
        var dense = new double[logits.Length];
        LogisticRegression.Probabilities(logits, outputs, dense);
        var all = new double[folds.Length * classCount];
        var above = new double[folds.Length * (classCount - 1)];
        for (int i = 0; i < folds.Length; i++)
        {
            var own = all.AsSpan(i * classCount, classCount);
            if (outputs == 1) (own[present[0]], own[present[1]]) = (1 - dense[i], dense[i]);
            else for (int k = 0; k < outputs; k++) own[present[k]] = dense[i * outputs + k];
            double tail = 0;
            for (int cut = classCount - 2; cut >= 0; cut--)
            {
                tail += own[cut + 1];
                above[i * (classCount - 1) + cut] = classCount == 2 ? logits[i] : CalibrationFit.Logit(Math.Min(1, tail));
            }
        }
        return new(folds, above, all, classCount);
    }
}
