using RadTex.Data;
using RadTex.Studies;

namespace RadTex.Inspection;

/// <summary>
/// Finds the radiographs least like the others of their view. The typical picture is the first principal direction of the standardised
/// pictures at 24 x 24, which does not depend on how many of them are negatives; which end is "bone bright" is told by the anatomy of a
/// frontal view (the mediastinum between the lungs), elsewhere by the majority.
/// </summary>
internal sealed class PictureLikeness
{
    private const double LeastBorder = 0.04;

    private readonly PreparedDataset dataset;
    private readonly PictureShape[] shapes;
    private readonly float[] borders; // the widest plain margin as a share of its side

    /// <param name="dataset">The radiographs.</param>
    /// <param name="progress">Counts radiographs.</param>
    /// <param name="cancellation">Stops between radiographs.</param>
    internal PictureLikeness(PreparedDataset dataset, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        this.dataset = dataset;
        shapes = new PictureShape[dataset.Count];
        borders = new float[dataset.Count];
        Histograms = SplitNames.All.ToDictionary(s => s, _ => new long[256]);
        int done = 0;
        Parallel.For(
            0, dataset.Count, new ParallelOptions { CancellationToken = cancellation }, () => SplitNames.All.ToDictionary(s => s, _ => new long[256]),
            (i, _, local) =>
            {
                var row = dataset[i];
                var pixels = dataset.Pixels(i);
                var counts = local[row.Split];
                foreach (byte pixel in pixels) counts[pixel]++;
                shapes[i] = PictureShape.Of(pixels, row.Height, row.Width);
                borders[i] = PlainBorder(pixels, row.Height, row.Width);
                int now = Interlocked.Increment(ref done);
                if (now % 256 == 0 || now == dataset.Count) progress?.Report(new ProgressReport("looking", now, dataset.Count, "radiographs"));
                return local;
            },
            local =>
            {
                lock (Histograms)
                    foreach (var (split, counts) in local)
                        for (int grey = 0; grey < 256; grey++) Histograms[split][grey] += counts[grey];
            });
    }

    /// <summary>How many pixels of a split have a grey level.</summary>
    internal IReadOnlyDictionary<Split, long[]> Histograms { get; }

    /// <summary>The radiographs by view and polarity; in each group the strangest first, at most so many of them.</summary>
    internal IReadOnlyList<LikenessGroup> Groups(int mostOfGroup)
    {
        var groups = new List<LikenessGroup>();
        foreach (
            var view in Enumerable.Range(0, dataset.Count).GroupBy(i => dataset[i].View).OrderByDescending(v => v.Count())
                .ThenBy(v => v.Key, StringComparer.Ordinal))
        {
            int[] members = [.. view];
            var typical = PictureShape.Typical([.. members.Select(i => shapes[i])], view.Key.Length == 0 || Views.IsFrontal(view.Key));
            var likeness = members.Select(i => shapes[i].Likeness(typical)).ToArray();
            double[] sorted = [.. likeness.Select(l => Math.Abs(l.Upright)).Order()];
            double median = sorted[sorted.Length / 2], deviation = sorted.Select(s => Math.Abs(s - median)).Order().ElementAt(sorted.Length / 2);
            double least = median - 4 * Math.Max(0.02, 1.4826 * deviation);
            foreach (bool inverted in new[] { true, false })
            {
                UnlikeImage[] images = [.. members.Zip(likeness).Where(m => m.Second.Upright < PictureShape.Inverted == inverted)
                    .Select(m => Describe(m.First, m.Second, least)).OrderByDescending(m => m.Marks.Count).ThenBy(m => Math.Abs(m.Likeness))];
                if (images.Length > 0) groups.Add(new LikenessGroup(view.Key, inverted, images.Length, [.. images.Take(mostOfGroup)]));
            }
        }
        return groups;
    }

    private UnlikeImage Describe(int index, (double Upright, double[] Quarters) likeness, double least)
    {
        var marks = new List<string>();
        if (shapes[index].IsNearlyBlank) marks.Add("nearly blank");
        else if (PictureShape.TurnedDegrees(likeness) is { } degrees) marks.Add($"turned {degrees} degrees clockwise");
        else if (likeness.Upright < PictureShape.Inverted) marks.Add("inverted");
        else if (likeness.Upright < least) marks.Add("unlike the rest");
        if (borders[index] >= LeastBorder) marks.Add($"plain border of {borders[index] * 100:0}%");
        return new UnlikeImage(index, dataset[index].ImageId, Math.Round(likeness.Upright, 4), marks);
    }

    /// <summary>The widest margin of one grey, as a share of the side it lies along.</summary>
    private static float PlainBorder(ReadOnlySpan<byte> pixels, int height, int width)
    {
        const int Tolerance = 2;
        float widest = 0;
        for (int side = 0; side < 4; side++)
        {
            bool horizontal = side < 2;
            int lines = horizontal ? height : width, length = horizontal ? width : height, plain = 0;
            byte first = pixels[side switch { 1 => (height - 1) * width, 3 => width - 1, _ => 0 }];
            for (; plain < lines / 2; plain++)
            {
                int line = side % 2 == 0 ? plain : lines - 1 - plain;
                bool isPlain = true;
                for (int i = 0; i < length && isPlain; i++)
                    isPlain = Math.Abs(pixels[horizontal ? line * width + i : i * width + line] - first) <= Tolerance;
                if (!isPlain) break;
            }
            widest = Math.Max(widest, (float)plain / lines);
        }
        return widest;
    }
}
