using RadTex.Metrics;
using RadTex.Metrics.Intervals;

namespace RadTex.Heads;

/// <summary>How a head does on the test radiographs; null where the test labels leave a figure undefined.</summary>
/// <param name="Auc">Two classes: the area under the ROC curve. Grades: the mean over the ordinal cuts (resnet_chestxray,
/// compute_ordinal_auc).</param>
/// <param name="AveragePrecision">Two classes: the paper's AUCPR as a step sum. Grades: the mean over the classes, each against the rest.</param>
/// <param name="F1">At probability 0.5; grades: macro F1 at the likeliest class.</param>
/// <param name="Accuracy">At probability 0.5; grades: at the likeliest class.</param>
/// <param name="OneVsRestAuc">Grades: the mean over the classes, each against the rest; null where there are two classes.</param>
/// <param name="AucWithinViews">The mean over views of the AUC among the radiographs of a view (<see cref="ViewAuc"/>); grades: of the mean over the
/// ordinal cuts.</param>
/// <param name="WithinViewsReason">Why there is no AUC within views; null where there is one.</param>
public sealed record TransferScores(
    double? Auc, double? AveragePrecision, double? F1, double? Accuracy, double? OneVsRestAuc = null, double? AucWithinViews = null,
    string? WithinViewsReason = null)
{
    /// <summary>
    /// How much each test patient moves <see cref="Auc"/>; null where there are too few of a class for an interval, or where it was read from a file.
    /// </summary>
    internal PatientInfluence? AucInfluence { get; init; }

    /// <summary>As <see cref="AucInfluence"/>, on <see cref="AucWithinViews"/>.</summary>
    internal PatientInfluence? WithinViewsInfluence { get; init; }

    /// <param name="probabilities">[n] of class 1, or [n, C].</param>
    /// <param name="classes">The true classes.</param>
    /// <param name="classCount">C.</param>
    /// <param name="views">The view of each, as stored.</param>
    /// <param name="patients">The patient of each, by numbers that mean the same in every task of a pool; empty for no intervals over
    /// patients.</param>
    internal static TransferScores Of(
        ReadOnlySpan<double> probabilities, ReadOnlySpan<int> classes, int classCount, ReadOnlySpan<string> views,
        ReadOnlySpan<int> patients = default)
    {
        var scores = Figures(probabilities, classes, classCount, views);
        if (patients.IsEmpty || scores.Auc is null) return scores;
        // Of two classes one cut; of grades those of the ordinal AUC.
        var cuts = new (double[] Scores, bool[] Labels)[classCount - 1];
        for (int cut = 1; cut < classCount; cut++)
        {
            var (tail, above) = (new double[classes.Length], new bool[classes.Length]);
            for (int i = 0; i < classes.Length; i++)
            {
                above[i] = classes[i] >= cut;
                if (classCount == 2) tail[i] = probabilities[i];
                else for (int c = cut; c < classCount; c++) tail[i] += probabilities[i * classCount + c];
            }
            cuts[cut - 1] = (tail, above);
        }
        int[] people = patients.ToArray(), all = [.. Enumerable.Range(0, classes.Length)];
        PatientInfluence? Among(int[] places) => PatientInfluence.Mean([.. cuts.Select(cut =>
        {
            bool[] labels = [.. places.Select(i => cut.Labels[i])];
            int positives = labels.Count(l => l);
            return ClusteredAuc.TooFew(positives, labels.Length - positives) is not null ? null
                : PatientInfluence.OfAuc([.. places.Select(i => cut.Scores[i])], labels, [.. places.Select(i => people[i])]);
        })]);
        return scores with
        {
            AucInfluence = Among(all),
            WithinViewsInfluence = scores.AucWithinViews is null
                ? null
                : PatientInfluence.Mean([.. ViewAuc.Counted(classes, classCount, views).Select(Among)]),
        };
    }

    private static TransferScores Figures(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> classes, int classCount, ReadOnlySpan<string> views)
    {
        if (classes.Length == 0) return new(null, null, null, null);
        var positive = new bool[classes.Length];
        if (classCount == 2)
        {
            for (int i = 0; i < positive.Length; i++) positive[i] = classes[i] == 1;
            var counts = ConfusionCounts.At(0.5, probabilities, positive);
            var byView = ViewAuc.Of(probabilities, positive, views);
            return new(
                Roc.Auc(probabilities, positive), PrecisionRecall.AveragePrecision(probabilities, positive),
                positive.Contains(true) ? counts.F1 : null, counts.Accuracy,
                AucWithinViews: byView.Mean, WithinViewsReason: byView.Reason);
        }
        double? precision = 0;
        var scores = new double[classes.Length];
        for (int c = 0; c < classCount; c++)
        {
            for (int i = 0; i < scores.Length; i++) (scores[i], positive[i]) = (probabilities[i * classCount + c], classes[i] == c);
            precision += PrecisionRecall.AveragePrecision(scores, positive) / classCount; // null stays null
        }
        var rest = MultiClass.OneVsRest(probabilities, classes, classCount);
        var ordinal = MultiClass.Ordinal(probabilities, classes, classCount);
        var predicted = MultiClass.ArgMax(probabilities, classCount);
        var within = ViewAuc.Ordinal(probabilities, classes, classCount, views);
        return new(
            ordinal.IsComplete ? ordinal.Mean : null, precision, MultiClass.MacroF1(predicted, classes, classCount),
            MultiClass.Accuracy(predicted, classes),
            rest.IsComplete ? rest.Mean : null, within.Mean, within.Reason);
    }
}
