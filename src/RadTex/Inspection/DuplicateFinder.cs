using System.Collections.Concurrent;
using RadTex.Data;
using RadTex.Studies;

namespace RadTex.Inspection;

/// <summary>
/// Finds radiographs that are there twice, as the same bytes or as a copy that was re-encoded, resized, brightened or turned a little.
/// Fingerprints of 32 bytes find candidates among all pairs; alignment decides them.
/// </summary>
/// <remarks>
/// Not found: mirrored, cropped or padded copies, inverted ones, and turns beyond about 3 degrees. Recall and false finds are measured in
/// docs/results/duplicates.md.
/// </remarks>
public static class DuplicateFinder
{
    /// <summary>Datasets with a shorter side than this show too little: only equal pixels count there.</summary>
    public const int LeastShortSide = AlignedSimilarity.FineSide;

    /// <summary>More pairs than a person or a list needs: the search stops there.</summary>
    public const int MostPairs = 100_000;

    /// <summary>Copies differ in at most 52 bits at the scale nearest to theirs, one pair of strangers in a million in as few.</summary>
    internal const int CandidateDistance = 58;

    /// <summary>Promised copies come to 0.87 at the least, different patients to 0.65 at the most.</summary>
    internal const double LeastSimilarity = 0.85;

    /// <summary>Every pair of one dataset, or only those whose radiographs are in different splits; ordered by row.</summary>
    public static IReadOnlyList<DuplicatePair> Find(
        PreparedDataset dataset, bool acrossSplitsOnly, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        var all = Prints.Of(dataset, Enumerable.Range(0, dataset.Radiographs.Count).ToArray(), progress, cancellation);
        if (!acrossSplitsOnly) return Search(all, all, true, progress, cancellation);
        var splits = SplitNames.All.Select(split => all.Part(dataset.IndicesOf(split))).OrderBy(p => p.Count).ToArray();
        return
        [
            .. (from i in Enumerable.Range(0, splits.Length)
                from j in Enumerable.Range(i + 1, splits.Length - i - 1)
                from pair in Search(splits[i], splits[j], false, progress, cancellation)
                select pair with { First = Math.Min(pair.First, pair.Second), Second = Math.Max(pair.First, pair.Second) })
            .Order(ByRow).Take(MostPairs),
        ];
    }

    /// <summary>Pairs of a radiograph of <paramref name="rows"/> of one dataset and one of <paramref name="otherRows"/> of another.</summary>
    public static IReadOnlyList<DuplicatePair> FindBetween(
        PreparedDataset dataset, IReadOnlyList<int> rows, PreparedDataset other, IReadOnlyList<int> otherRows,
        IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default) =>
        Search(Prints.Of(dataset, rows, progress, cancellation), Prints.Of(other, otherRows, progress, cancellation), false, progress, cancellation);

    private static Comparer<DuplicatePair> ByRow
    {
        get;
    } = Comparer<DuplicatePair>.Create((a, b) => (a.First, a.Second).CompareTo((b.First, b.Second)));

    /// <summary>All pairs of two lists; of a list with itself, each pair once.</summary>
    private static DuplicatePair[] Search(
        Prints first, Prints second, bool isOne, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        var found = new ConcurrentBag<DuplicatePair>();
        int done = 0;
        var parallel = new ParallelOptions { CancellationToken = cancellation };
        Parallel.For(0, first.Count, parallel, (i, loop) =>
        {
            Span<ImageFingerprint> probes = stackalloc ImageFingerprint[AlignedSimilarity.Scales.Length];
            first.Probe(i, probes);
            for (int j = isOne ? i + 1 : 0; j < second.Count; j++)
            {
                if (!IsNear(probes, second[j])) continue;
                if (first.Similarity(i, second, j) is { } similarity) found.Add(new DuplicatePair(first.Row(i), second.Row(j), similarity));
                if (found.Count >= MostPairs) loop.Stop();
            }
            int now = Interlocked.Increment(ref done);
            if ((now & 0x3FF) == 0 || now == first.Count) progress?.Report(new ProgressReport("comparing", now, first.Count, "radiographs"));
        });
        return [.. found.Order(ByRow).Take(MostPairs)];
    }

    private static bool IsNear(ReadOnlySpan<ImageFingerprint> probes, in ImageFingerprint print)
    {
        foreach (ref readonly var probe in probes)
            if (ImageFingerprint.Distance(probe, print) <= CandidateDistance) return true;
        return false;
    }

    /// <summary>The fingerprints of some rows of a dataset.</summary>
    private sealed class Prints(PreparedDataset dataset, IReadOnlyList<int> rows, ImageFingerprint[] prints)
    {
        internal int Count => rows.Count;

        internal ref readonly ImageFingerprint this[int i] => ref prints[i];

        internal static Prints Of(
            PreparedDataset dataset, IReadOnlyList<int> rows, IProgress<ProgressReport>? progress, CancellationToken cancellation)
        {
            var prints = new ImageFingerprint[rows.Count];
            int done = 0;
            Parallel.For(0, rows.Count, new ParallelOptions { CancellationToken = cancellation }, i =>
            {
                var radiograph = dataset[rows[i]];
                prints[i] = ImageFingerprint.Of(dataset.Pixels(rows[i]), radiograph.Height, radiograph.Width);
                int now = Interlocked.Increment(ref done);
                if ((now & 0x3FF) == 0 || now == rows.Count) progress?.Report(new ProgressReport("fingerprints", now, rows.Count, "radiographs"));
            });
            return new Prints(dataset, rows, prints);
        }

        /// <summary>Those of further rows of a dataset whose every row has one.</summary>
        internal Prints Part(IReadOnlyList<int> part) => new(dataset, part, [.. part.Select(row => prints[row])]);

        internal int Row(int i) => rows[i];

        /// <summary>The fingerprint of a radiograph at each scale a copy may have.</summary>
        internal void Probe(int i, Span<ImageFingerprint> probes)
        {
            var radiograph = Radiograph(i);
            var reduced = ReducedRadiograph.Reduce(Pixels(i), radiograph.Height, radiograph.Width, ImageFingerprint.Side);
            for (int s = 0; s < probes.Length; s++)
                probes[s] = ImageFingerprint.Of(ReducedRadiograph.Turn(reduced, ImageFingerprint.Side, 0, AlignedSimilarity.Scales[s]));
        }

        /// <summary>How alike two radiographs are; null where they are not the same exposure.</summary>
        internal double? Similarity(int i, Prints other, int j)
        {
            PreparedRadiograph one = Radiograph(i), two = other.Radiograph(j);
            if (Pixels(i).SequenceEqual(other.Pixels(j))) return 1;
            if (Math.Min(ShortSide, other.ShortSide) < LeastShortSide) return null;
            double similarity = AlignedSimilarity.Of(Pixels(i), one.Height, one.Width, other.Pixels(j), two.Height, two.Width);
            return similarity >= LeastSimilarity ? similarity : null;
        }

        private int ShortSide => dataset.Manifest.ShortSide;

        private PreparedRadiograph Radiograph(int i) => dataset[rows[i]];

        private ReadOnlySpan<byte> Pixels(int i) => dataset.Pixels(rows[i]);
    }
}
