namespace RadTex.Metrics;

/// <summary>Metrics of more than two classes, numbered from 0, such as edema severity 0 to 3.</summary>
public static class MultiClass
{
    /// <summary>The part of the examples whose predicted class is the true one; null where there is no example.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double? Accuracy(ReadOnlySpan<int> predicted, ReadOnlySpan<int> truth)
    {
        MetricInput.CheckLengths(predicted.Length, truth.Length);
        int right = 0;
        for (int i = 0; i < truth.Length; i++) right += predicted[i] == truth[i] ? 1 : 0;
        return truth.Length == 0 ? null : (double)right / truth.Length;
    }

    /// <summary>
    /// The unweighted mean of the F1 of each class that is predicted or true; a class that is neither has no F1 and is left out, as scikit-learn's
    /// <c>f1_score(average="macro")</c> does, which the co-authors' evaluation calls.
    /// </summary>
    /// <param name="predicted">The predicted classes, each in [0, <paramref name="classes"/>).</param>
    /// <param name="truth">The true classes.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <returns>Null where there is no example.</returns>
    /// <exception cref="ArgumentException">A class is out of range, or the lengths differ.</exception>
    public static double? MacroF1(ReadOnlySpan<int> predicted, ReadOnlySpan<int> truth, int classes)
    {
        MetricInput.CheckLengths(predicted.Length, truth.Length);
        MetricInput.CheckClasses(predicted, classes, nameof(predicted));
        MetricInput.CheckClasses(truth, classes, nameof(truth));
        double sum = 0;
        int present = 0;
        for (int c = 0; c < classes; c++)
        {
            int both = 0, either = 0; // twice the hits over all places where the class is predicted or true
            for (int i = 0; i < truth.Length; i++)
            {
                either += (predicted[i] == c ? 1 : 0) + (truth[i] == c ? 1 : 0);
                both += predicted[i] == c && truth[i] == c ? 2 : 0;
            }
            if (either == 0) continue;
            sum += (double)both / either;
            present++;
        }
        return present == 0 ? null : sum / present;
    }

    /// <summary>The class of the highest probability of each example; the lowest class among equals.</summary>
    /// <param name="probabilities">Row by row: examples x <paramref name="classes"/>.</param>
    /// <param name="classes">How many classes there are.</param>
    public static int[] ArgMax(ReadOnlySpan<double> probabilities, int classes)
    {
        int examples = Rows(probabilities, classes);
        var best = new int[examples];
        for (int i = 0; i < examples; i++)
        {
            var row = probabilities.Slice(i * classes, classes);
            for (int c = 1; c < classes; c++)
            {
                if (row[c] > row[best[i]]) best[i] = c;
            }
        }
        return best;
    }

    /// <summary>The AUC of each class against all others, scored by its probability.</summary>
    /// <param name="probabilities">Row by row: examples x <paramref name="classes"/>; any scores that rank examples within a class.</param>
    /// <param name="truth">The true classes.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <exception cref="ArgumentException">A score is NaN, a class is out of range, or the lengths differ.</exception>
    public static ClassAucs OneVsRest(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> truth, int classes)
    {
        int examples = CheckRows(probabilities, truth, classes);
        var aucs = new double?[classes];
        var scores = new double[examples];
        var labels = new bool[examples];
        for (int c = 0; c < classes; c++)
        {
            for (int i = 0; i < examples; i++) (scores[i], labels[i]) = (probabilities[i * classes + c], truth[i] == c);
            aucs[c] = Roc.Auc(scores, labels);
        }
        return new ClassAucs(aucs);
    }

    /// <summary>
    /// The AUC of each cut of an ordered scale (for edema: 0 v 123, 01 v 23, 012 v 3), scored by the probability of lying above
    /// the cut: the sum of the softmax's tail.
    /// </summary>
    /// <remarks>Source: RayRuizhiLiao/resnet_chestxray, compute_ordinal_auc.</remarks>
    /// <param name="probabilities">Row by row: examples x <paramref name="classes"/>, each row a softmax.</param>
    /// <param name="truth">The true classes, 0 the least.</param>
    /// <param name="classes">How many classes there are; there is one cut fewer.</param>
    /// <exception cref="ArgumentException">A score is NaN, a class is out of range, or the lengths differ.</exception>
    public static ClassAucs Ordinal(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> truth, int classes)
    {
        int examples = CheckRows(probabilities, truth, classes);
        var aucs = new double?[classes - 1];
        var tails = new double[examples];
        var labels = new bool[examples];
        for (int cut = classes - 2; cut >= 0; cut--)
        {
            for (int i = 0; i < examples; i++)
            {
                tails[i] += probabilities[i * classes + cut + 1];
                labels[i] = truth[i] > cut;
            }
            aucs[cut] = Roc.Auc(tails, labels);
        }
        return new ClassAucs(aucs);
    }

    private static int CheckRows(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> truth, int classes)
    {
        int examples = Rows(probabilities, classes);
        MetricInput.CheckLengths(examples, truth.Length);
        MetricInput.CheckClasses(truth, classes, nameof(truth));
        return examples;
    }

    private static int Rows(ReadOnlySpan<double> probabilities, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        if (probabilities.Length % classes != 0)
            throw new ArgumentException($"{probabilities.Length} values are no whole rows of {classes} classes", nameof(probabilities));
        MetricInput.CheckScores(probabilities, probabilities.Length);
        return probabilities.Length / classes;
    }
}
