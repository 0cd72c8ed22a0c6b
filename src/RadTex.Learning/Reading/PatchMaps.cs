using static TorchSharp.torch;

namespace RadTex.Learning.Reading;

/// <summary>Maps over an image's patches.</summary>
internal static class PatchMaps
{
    /// <summary>The mean of maps of one size; at least one.</summary>
    internal static float[] Mean(IReadOnlyList<IReadOnlyList<float>> maps)
    {
        var mean = new float[maps[0].Count];
        foreach (var map in maps)
            for (int i = 0; i < mean.Length; i++) mean[i] += map[i] / maps.Count;
        return mean;
    }

    /// <summary>
    /// grid x grid values to side x side, bilinear between the centres of patches. Beyond the outer centres they fall towards the map's smallest
    /// value: were they kept, a corner patch would have its largest value all over the picture's corner, where no body is.
    /// </summary>
    internal static float[] Enlarge(float[] map, int grid, int side)
    {
        using var scope = NewDisposeScope();
        var small = tensor(map, [1, 1, grid, grid]);
        var ringed = nn.functional.pad(small - small.min(), [1, 1, 1, 1]);   // [1, 1, grid + 2, grid + 2]
        long ring = (side + grid - 1) / grid, whole = side + 2 * ring;
        var large = nn.functional.interpolate(ringed, size: [whole, whole], mode: InterpolationMode.Bilinear, align_corners: false);
        return large.narrow(2, ring, side).narrow(3, ring, side).contiguous().data<float>().ToArray();
    }

    /// <summary>side x side values that fall with the distance from the centre: the map of someone who has not looked.</summary>
    internal static float[] Centre(int side)
    {
        double middle = (side - 1) / 2.0;
        return [.. Enumerable.Range(0, side * side).Select(i => (float)-(Math.Pow(i % side - middle, 2) + Math.Pow(i / side - middle, 2)))];
    }

    /// <summary>Spearman's rank correlation, equal values sharing their mean rank; 0 where a map is constant.</summary>
    internal static double Spearman(float[] first, float[] second)
    {
        double[] a = Ranks(first), b = Ranks(second);
        double mean = (first.Length - 1) / 2.0, product = 0, squaresA = 0, squaresB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            product += (a[i] - mean) * (b[i] - mean);
            squaresA += (a[i] - mean) * (a[i] - mean);
            squaresB += (b[i] - mean) * (b[i] - mean);
        }
        return squaresA == 0 || squaresB == 0 ? 0 : product / Math.Sqrt(squaresA * squaresB);
    }

    private static double[] Ranks(float[] values) => [.. values.Select(v => values.Count(o => o < v) + (values.Count(o => o == v) - 1) / 2.0)];
}
