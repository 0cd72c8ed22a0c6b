using RadTex.Studies;

namespace RadTex.Data;

/// <summary>
/// Finds the radiographs least like the others of their view. The typical picture is the first principal direction of the standardised
/// pictures at 24 x 24, which does not depend on how many of them are negatives; which end is "bone bright" is told by the anatomy of a
/// frontal view (the mediastinum between the lungs), elsewhere by the majority.
/// </summary>
internal sealed class PictureLikeness
{
    internal const int Side = 24;

    private const int Rounds = 8;
    private const double BlankDeviation = 6, LeastBorder = 0.04, ClearlyTurned = 0.25, Inverted = -0.3;

    private readonly PreparedDataset dataset;
    private readonly byte[] small; // n x Side x Side
    private readonly float[] borders; // the widest plain margin as a share of its side

    /// <param name="dataset">The radiographs.</param>
    /// <param name="progress">Counts radiographs.</param>
    /// <param name="cancellation">Stops between radiographs.</param>
    internal PictureLikeness(PreparedDataset dataset, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        this.dataset = dataset;
        small = new byte[(long)dataset.Count * Side * Side];
        borders = new float[dataset.Count];
        Histograms = SplitNames.All.ToDictionary(s => s, _ => new long[256]);
        int done = 0;
        Parallel.For(0, dataset.Count, new ParallelOptions { CancellationToken = cancellation }, () => SplitNames.All.ToDictionary(s => s, _ => new long[256]),
            (i, _, local) =>
            {
                var row = dataset[i];
                var pixels = dataset.Pixels(i);
                var counts = local[row.Split];
                foreach (byte pixel in pixels) counts[pixel]++;
                var reduced = ReducedRadiograph.Reduce(pixels, row.Height, row.Width, Side);
                for (int p = 0; p < reduced.Length; p++) small[i * Side * Side + p] = (byte)(reduced[p] + 0.5f);
                borders[i] = PlainBorder(pixels, row.Height, row.Width);
                if (Interlocked.Increment(ref done) % 256 == 0) progress?.Report(new ProgressReport("looking", done, dataset.Count, "radiographs"));
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
        foreach (var view in Enumerable.Range(0, dataset.Count).GroupBy(i => dataset[i].View).OrderByDescending(v => v.Count()).ThenBy(v => v.Key, StringComparer.Ordinal))
        {
            int[] members = [.. view];
            var typical = Typical(members, view.Key.Length == 0 || Views.IsFrontal(view.Key));
            var likeness = members.Select(i => Likeness(typical, i)).ToArray();
            double[] sorted = [.. likeness.Select(l => Math.Abs(l.Upright)).Order()];
            double median = sorted[sorted.Length / 2], deviation = sorted.Select(s => Math.Abs(s - median)).Order().ElementAt(sorted.Length / 2);
            double least = median - 4 * Math.Max(0.02, 1.4826 * deviation);
            foreach (bool inverted in new[] { true, false })
            {
                UnlikeImage[] images = [.. members.Zip(likeness).Where(m => m.Second.Upright < Inverted == inverted)
                    .Select(m => Describe(m.First, m.Second, least)).OrderByDescending(m => m.Marks.Count).ThenBy(m => Math.Abs(m.Likeness))];
                if (images.Length > 0) groups.Add(new LikenessGroup(view.Key, inverted, images.Length, [.. images.Take(mostOfGroup)]));
            }
        }
        return groups;
    }

    private UnlikeImage Describe(int index, (double Upright, double[] Turned) likeness, double least)
    {
        var marks = new List<string>();
        int best = Array.IndexOf(likeness.Turned, likeness.Turned.Max());
        if (Deviation(index) < BlankDeviation) marks.Add("nearly blank");
        else if (likeness.Turned[best] > Math.Max(0.6, likeness.Upright + ClearlyTurned)) marks.Add($"turned {90 * (3 - best)} degrees clockwise");
        else if (likeness.Upright < Inverted) marks.Add("inverted");
        else if (likeness.Upright < least) marks.Add("unlike the rest");
        if (borders[index] >= LeastBorder) marks.Add($"plain border of {borders[index] * 100:0}%");
        return new UnlikeImage(index, dataset[index].ImageId, Math.Round(likeness.Upright, 4), marks);
    }

    /// <summary>The first principal direction of the members' standardised pictures, of length 1.</summary>
    private double[] Typical(int[] members, bool frontal)
    {
        var typical = frontal ? Frontal() : Standardised(members[0]);
        double along = 0;
        for (int round = 0; round < Rounds; round++)
        {
            var next = new double[Side * Side];
            along = 0;
            foreach (int i in members)
            {
                var picture = Standardised(i);
                double dot = Dot(picture, typical);
                along += dot;
                for (int p = 0; p < next.Length; p++) next[p] += dot * picture[p];
            }
            double length = Math.Sqrt(Dot(next, next));
            if (length == 0) return typical;
            for (int p = 0; p < next.Length; p++) next[p] /= length;
            typical = next;
        }
        double sign = frontal ? Dot(typical, Frontal()) : along;
        return sign >= 0 ? typical : [.. typical.Select(v => -v)];
    }

    /// <summary>The least that is known of a frontal radiograph: bright between the lungs and below them, dark in the lungs.</summary>
    private static double[] Frontal()
    {
        var picture = new double[Side * Side];
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                double fromMiddle = Math.Abs(x - (Side - 1) / 2.0) / Side, down = (double)y / Side;
                picture[y * Side + x] = fromMiddle < 0.09 || down > 0.8 ? 1 : fromMiddle is > 0.14 and < 0.34 && down is > 0.2 and < 0.65 ? -1 : 0;
            }
        }
        return Standardise(picture);
    }

    private (double Upright, double[] Turned) Likeness(double[] typical, int index)
    {
        var picture = Standardised(index);
        double upright = Dot(picture, typical);
        var turned = new double[3];
        for (int quarter = 0; quarter < 3; quarter++)
        {
            picture = Turn(picture);
            turned[quarter] = Dot(picture, typical);
        }
        return (upright, turned);
    }

    private static double[] Turn(double[] picture)
    {
        var turned = new double[picture.Length];
        for (int y = 0; y < Side; y++)
            for (int x = 0; x < Side; x++) turned[x * Side + Side - 1 - y] = picture[y * Side + x];
        return turned;
    }

    private double[] Standardised(int index)
    {
        var picture = new double[Side * Side];
        for (int p = 0; p < picture.Length; p++) picture[p] = small[index * Side * Side + p];
        return Standardise(picture);
    }

    private double Deviation(int index)
    {
        var greys = small.AsSpan(index * Side * Side, Side * Side);
        double sum = 0, squares = 0;
        foreach (byte grey in greys) (sum, squares) = (sum + grey, squares + grey * grey);
        return Math.Sqrt(Math.Max(0, squares / greys.Length - sum / greys.Length * (sum / greys.Length)));
    }

    /// <summary>Mean 0, length 1; a flat picture becomes 0.</summary>
    private static double[] Standardise(double[] picture)
    {
        double mean = picture.Average();
        for (int p = 0; p < picture.Length; p++) picture[p] -= mean;
        double length = Math.Sqrt(Dot(picture, picture));
        if (length > 0)
            for (int p = 0; p < picture.Length; p++) picture[p] /= length;
        return picture;
    }

    private static double Dot(double[] a, double[] b) => System.Numerics.Tensors.TensorPrimitives.Dot<double>(a, b);

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
