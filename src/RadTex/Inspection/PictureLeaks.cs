using RadTex.Data;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Studies;

namespace RadTex.Inspection;

/// <summary>
/// Looks, wherever a test figure is made, whether a test radiograph's picture is also among what was learnt from: under another patient's id
/// no check of patients finds it. Equal pictures are refused, as a model that saw the test is; near copies are told, since they are judged by
/// likeness and may be one patient's two exposures.
/// </summary>
internal static class PictureLeaks
{
    private const int MostNamed = 3;

    /// <summary>Compares pictures learnt from with those tested on.</summary>
    /// <param name="train">The dataset of what is learnt from.</param>
    /// <param name="learnt">Its rows.</param>
    /// <param name="test">The dataset of the test; may be the same.</param>
    /// <param name="tested">Its rows.</param>
    /// <param name="what">What the rows learnt from are, such as "training".</param>
    /// <param name="progress">Counts radiographs.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What was found, in words, and whether near copies are among it.</returns>
    /// <exception cref="UserErrorException">A picture is in both.</exception>
    internal static (string Words, bool HasNearCopies) Require(
        PreparedDataset train, IReadOnlyList<int> learnt, PreparedDataset test, IReadOnlyList<int> tested, string what,
        IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        var (learntHashes, testHashes) = (SeenRadiographs.PictureHashes(train, learnt), SeenRadiographs.PictureHashes(test, tested));
        var known = new Dictionary<ulong, int>();
        for (int i = 0; i < learnt.Count; i++) known.TryAdd(learntHashes[i], learnt[i]);
        string[] equal =
        [
            .. from i in Enumerable.Range(0, tested.Count)
               where known.ContainsKey(testHashes[i])
               select $"{Named(test[tested[i]])} is {Named(train[known[testHashes[i]]])}",
        ];
        if (equal.Length > 0)
            throw new UserErrorException(
                $"{equal.Length:N0} of the {tested.Count:N0} test radiographs of {test.Folder} are, to the pixel, among the "
                    + $"{what} radiographs of {train.Folder}: "
                + $"{string.Join("; ", equal.Take(MostNamed))}{(equal.Length > MostNamed ? "; ..." : "")}. Every figure would "
                + "count them as unseen: list such pairs by verifying "
                + "the dataset, and prepare it again without them.");
        var near = DuplicateFinder.FindBetween(train, learnt, test, tested, progress, cancellation);
        if (near.Count == 0)
            return ($"None of the {tested.Count:N0} test pictures is among the {learnt.Count:N0} {what} ones"
                + (
                    Math.Min(train.ShortSide, test.ShortSide) < DuplicateFinder.LeastShortSide
                        ? $" (equal pixels alone were compared, below {DuplicateFinder.LeastShortSide} px)."
                        : ", nor a near copy of one."), false);
        var pairs = near.OrderByDescending(p => p.Similarity).ThenBy(p => p.Second).ThenBy(p => p.First)
            .Select(p => FormattableString.Invariant($"{Named(test[p.Second])} looks like {Named(train[p.First])} ({p.Similarity:F3})"));
        return ($"{near.Select(p => p.Second).Distinct().Count():N0} of the {tested.Count:N0} test pictures look like {what} ones, copies perhaps: "
            + $"{string.Join("; ", pairs.Take(MostNamed))}{(near.Count > MostNamed ? "; ..." : "")}. Look at them; verifying the dataset lists all.",
                true);
    }

    private static string Named(PreparedRadiograph radiograph) => $"{radiograph.ImageId} (patient {radiograph.PatientId}, {radiograph.Split.Name()})";
}
