using RadTex.Metrics.Intervals;
using RadTex.Selection;

namespace RadTex.Studio.Labelling;

/// <summary>Out-of-fold logits of the reserve's pictures, with their first answers: the only scores that figures are made of.</summary>
/// <param name="Pictures">Their hashes.</param>
/// <param name="Logits">By the head of the other patients' folds.</param>
/// <param name="Positive">Whether the finding is there.</param>
/// <param name="Folds">Each picture's fold.</param>
/// <param name="Patients">Each picture's patient.</param>
/// <param name="Weights">How many radiographs of the pool each picture stands for: its patient's.</param>
internal sealed record ReserveScores(string[] Pictures, double[] Logits, bool[] Positive, int[] Folds, int[] Patients, double[] Weights)
{
    /// <summary>The reserve's pictures that have a first answer with a class, in the order they were drawn.</summary>
    internal static string[] PicturesOf(FindingLabels labels, PicturePool pool, Reserve reserve) =>
        [.. reserve.Rows.Select(r => pool.Hashes[r]).Where(labels.First.ContainsKey)];

    /// <summary>Of a head; null where it has no out-of-fold logits.</summary>
    /// <param name="pictures">The reserve's, with an answer.</param>
    /// <param name="firsts">First answers by picture.</param>
    /// <param name="pool">The pictures.</param>
    /// <param name="reserve">What they are drawn from.</param>
    /// <param name="head">The head.</param>
    /// <param name="cut">Of grades, which cut: classes above it are positive.</param>
    internal static ReserveScores? Of(
        string[] pictures, IReadOnlyDictionary<string, int> firsts, PicturePool pool, Reserve reserve, LiveHead? head, int cut = 0)
    {
        if (head is not { HeldOut: { } scores }) return null;
        var at = HeadRowsOf(head, pool);
        string[] own = [.. pictures.Where(at.ContainsKey)];
        var weight = reserve.Rows.Zip(reserve.Weights).ToDictionary(r => pool.Hashes[r.First], r => r.Second);
        return new(
            own, Array.ConvertAll(own, p => scores.Logit(at[p], cut)), Array.ConvertAll(own, p => firsts[p] > cut),
            Array.ConvertAll(own, p => scores.Folds[at[p]]),
            Array.ConvertAll(own, p => pool.Selection.PatientOf(pool.RowOf(p))),
            Array.ConvertAll(own, p => weight[p]));
    }

    /// <summary>The row of a head that each picture is; of several rows, whose scores are the same, the first.</summary>
    internal static IReadOnlyDictionary<string, int> HeadRowsOf(LiveHead head, PicturePool pool) =>
        head.Rows.Select((row, i) => (Picture: pool.Hashes[row], i)).DistinctBy(p => p.Picture).ToDictionary(p => p.Picture, p => p.i);

    /// <summary>Those of some pictures, in the same order.</summary>
    internal ReserveScores Where(Func<string, bool> condition)
    {
        int[] kept = [.. Enumerable.Range(0, Pictures.Length).Where(i => condition(Pictures[i]))];
        T[] Of<T>(T[] all) => Array.ConvertAll(kept, i => all[i]);
        return new(Of(Pictures), Of(Logits), Of(Positive), Of(Folds), Of(Patients), Of(Weights));
    }

    /// <summary>Positives among them.</summary>
    internal int Positives => Positive.Count(p => p);

    /// <summary>The AUC within folds with its interval, or why there is none.</summary>
    internal (Interval? Auc, string? Why) Auc() => FoldedAuc.Of(Logits, Positive, Folds, Patients, Weights);
}
