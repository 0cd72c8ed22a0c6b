namespace RadTex.Metrics;

/// <summary>How well a map over a picture falls on where a finding is.</summary>
public static class Localisation
{
    /// <summary>
    /// The pointing game (Zhang et al. 2016): whether the largest value of the map lies in one of the boxes. Equal values share the answer.
    /// </summary>
    /// <param name="map">side x side pixels, row by row.</param>
    /// <param name="side">Pixels.</param>
    /// <param name="boxes">In the map's pixels.</param>
    /// <returns>In [0, 1].</returns>
    public static double Pointing(ReadOnlySpan<float> map, int side, IReadOnlyList<PixelBox> boxes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(map.Length, side * side);
        float largest = float.NegativeInfinity;
        int hits = 0, points = 0;
        for (int i = 0; i < map.Length; i++)
        {
            if (map[i] < largest) continue;
            if (map[i] > largest) (largest, hits, points) = (map[i], 0, 0);
            points++;
            if (Inside(i, side, boxes)) hits++;
        }
        return points == 0 ? 0 : (double)hits / points;
    }

    /// <summary>
    /// Intersection over union of the boxes with the map's largest values, as many pixels as the boxes cover: no threshold is chosen.
    /// </summary>
    /// <returns>In [0, 1]; 0 where no pixel is in a box.</returns>
    public static double IntersectionOverUnion(ReadOnlySpan<float> map, int side, IReadOnlyList<PixelBox> boxes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(map.Length, side * side);
        var values = map.ToArray();
        int[] order = [.. Enumerable.Range(0, values.Length).OrderByDescending(i => values[i])];
        int area = Enumerable.Range(0, values.Length).Count(i => Inside(i, side, boxes));
        int common = order.Take(area).Count(i => Inside(i, side, boxes));
        return area == 0 ? 0 : (double)common / (2 * area - common);
    }

    /// <summary>The part of the picture that the boxes cover: what a point drawn at random hits.</summary>
    public static double Coverage(int side, IReadOnlyList<PixelBox> boxes) =>
        Enumerable.Range(0, side * side).Count(i => Inside(i, side, boxes)) / (double)(side * side);

    private static bool Inside(int index, int side, IReadOnlyList<PixelBox> boxes)
    {
        foreach (var box in boxes)
            if (box.Contains(index % side, index / side)) return true;
        return false;
    }
}
