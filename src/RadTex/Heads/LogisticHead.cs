namespace RadTex.Heads;

/// <summary>
/// Our own head for few labels, the practical default: features standardised over the N examples, L2 logistic regression solved to
/// convergence, its strength chosen by patient-grouped cross-validation inside the N labels.
/// </summary>
/// <remarks>
/// The strength is counted as the prior variance of a logit, v = C F (F: features that vary): a standardised radiograph has a
/// squared length of about F, so v means the same for every encoder. The means and deviations are those of all N examples, also
/// inside the folds: they do not see the labels.
/// </remarks>
public static class LogisticHead
{
    /// <summary>The prior variances tried, from strong shrinkage to nearly none.</summary>
    internal static IReadOnlyList<double> Variances { get; } = [0.001, 0.00316, 0.01, 0.0316, 0.1, 0.316, 1, 3.16, 10, 31.6, 100];

    /// <summary>Taken where cross-validation is impossible.</summary>
    internal const double DefaultVariance = 1;

    /// <summary>Fits a head.</summary>
    /// <param name="features">All training radiographs.</param>
    /// <param name="rows">The N examples.</param>
    /// <param name="classes">Their classes, 0 to C - 1; at least two occur.</param>
    /// <param name="classCount">C.</param>
    /// <param name="seed">Orders patients for the folds.</param>
    public static FittedHead Fit(
        RadiographFeatures features, IReadOnlyList<int> rows, IReadOnlyList<int> classes, int classCount, ulong seed) =>
        Fit(features, rows, classes, classCount, new CounterRandom(seed));

    /// <summary>Fits a head, with a generator that others draw from too.</summary>
    /// <param name="features">All training radiographs.</param>
    /// <param name="rows">The N examples.</param>
    /// <param name="classes">Their classes; at least two occur.</param>
    /// <param name="classCount">C.</param>
    /// <param name="random">Orders patients for the folds.</param>
    internal static FittedHead Fit(
        RadiographFeatures features, IReadOnlyList<int> rows, IReadOnlyList<int> classes, int classCount, CounterRandom random)
    {
        int[] present = [.. classes.Distinct().Order()];
        int[] dense = [.. classes.Select(c => Array.IndexOf(present, c))];
        var scale = Standardisation.Of(features, rows);
        var standardised = scale.Apply(features, rows);
        var (matrix, basis) = rows.Count < scale.Width ? standardised.InOwnBasis() : (standardised, null);
        double unit = 1.0 / Math.Max(1, scale.Width); // C of v = 1

        var folds = PatientFolds.Assign([.. rows.Select(r => features.Radiographs[r].PatientId)], dense, random);
        var gram = GramMatrix.Of(matrix);
        var (variance, heldOut) = folds is null ? (DefaultVariance, null) : Choose(matrix, gram, dense, present.Length, folds, unit);
        string? note = folds is null ? $"a class has fewer than two patients: prior variance {DefaultVariance} taken, not cross-validated" : null;

        var fit = LogisticRegression.Fit(matrix, dense, present.Length, variance * unit, gram: gram);
        var weights = basis is null ? fit.Weights : OutOfBasis(fit, basis);
        var (raw, biases) = scale.Fold(weights, fit.Biases);
        return new(Spread(new(present.Length, features.Width, raw, biases), present, classCount), variance, note, heldOut);
    }

    /// <summary>
    /// The strength of the smallest summed log-loss on held-out patients, the stronger one among equals, and the held-out logits there.
    /// </summary>
    private static (double Variance, double[] HeldOut) Choose(
        RowMatrix rows, GramMatrix gram, int[] classes, int classCount, int[] folds, double unit)
    {
        var losses = new double[Variances.Count];
        int outputs = classCount == 2 ? 1 : classCount;
        var heldOut = losses.Select(_ => new double[folds.Length * outputs]).ToArray();
        for (int fold = 0; fold <= folds.Max(); fold++)
        {
            int[] train = [.. Enumerable.Range(0, folds.Length).Where(i => folds[i] != fold)],
                held = [.. Enumerable.Range(0, folds.Length).Where(i => folds[i] == fold)];
            var (trainRows, heldRows) = (rows.Select(train), rows.Select(held));
            int[] trainClasses = [.. train.Select(i => classes[i])], heldClasses = [.. held.Select(i => classes[i])];
            LogisticFit? fit = null;
            for (int s = 0; s < losses.Length; s++) // from strong to weak, each starting where the last ended
            {
                fit = LogisticRegression.Fit(trainRows, trainClasses, classCount, Variances[s] * unit, fit, gram);
                var logits = fit.Logits(heldRows);
                losses[s] += LogisticRegression.LogLoss(logits, heldClasses, fit.Outputs);
                for (int i = 0; i < held.Length; i++) logits.AsSpan(i * outputs, outputs).CopyTo(heldOut[s].AsSpan(held[i] * outputs));
            }
        }
        int best = Array.IndexOf(losses, losses.Min());
        return (Variances[best], heldOut[best]);
    }

    private static double[] OutOfBasis(LogisticFit fit, RowMatrix basis)
    {
        var weights = new double[fit.Outputs * basis.Width];
        for (int k = 0; k < fit.Outputs; k++)
            for (int j = 0; j < basis.Count; j++)
                RowMatrix.Add(weights.AsSpan(k * basis.Width, basis.Width), fit.Weights[k * fit.Width + j], basis[j]);
        return weights;
    }

    /// <summary>A head over the classes that occurred as one over all: the others get probability 0.</summary>
    private static LinearHead Spread(LinearHead head, int[] present, int classCount)
    {
        if (present.Length == classCount) return head;
        var weights = new double[classCount * head.Width];
        var biases = Enumerable.Repeat(double.NegativeInfinity, classCount).ToArray();
        for (int i = 0; i < present.Length; i++)
        {
            // Two classes have one logit; as a softmax that is the logit against 0.
            int output = head.Outputs == 1 ? 0 : i;
            bool zero = head.Outputs == 1 && i == 0;
            biases[present[i]] = zero ? 0 : head.Biases[output];
            if (!zero) head.Weights.AsSpan(output * head.Width, head.Width).CopyTo(weights.AsSpan(present[i] * head.Width));
        }
        return new(classCount, head.Width, weights, biases);
    }
}
