using System.Numerics;

namespace RadTex.Phantoms;

/// <summary>The two strokes everything is drawn with: filled outlines with exact pixel coverage, and tubes with a cross-section.</summary>
internal static class Brush
{
    /// <summary>The thickness of a tube at <c>q</c> (0 on its axis, 1 at its wall).</summary>
    internal interface ISection
    {
        public static abstract float At(float q);
    }

    /// <summary>A full cylinder, such as a vessel or a wire: the chord.</summary>
    internal readonly struct Cylinder : ISection
    {
        public static float At(float q) => MathF.Sqrt(MathF.Max(0, 1 - q * q));
    }

    /// <summary>A long bone: spongy inside, compact at the rim.</summary>
    internal readonly struct Bone : ISection
    {
        public static float At(float q)
        {
            float rim = (q - 0.78f) * 4.5f;
            return 0.6f * MathF.Sqrt(MathF.Max(0, 1 - q * q)) + 0.42f / (1 + rim * rim * rim * rim);
        }
    }

    /// <summary>A hollow tube with a radio-opaque line in its wall, seen on its axis.</summary>
    internal readonly struct HollowTube : ISection
    {
        public static float At(float q)
        {
            float wall = (q - 0.75f) * 5;
            return MathF.Exp(-wall * wall) + 0.7f * MathF.Exp(-q * q * 20);
        }
    }

    /// <summary>Even inside, soft at the rim.</summary>
    internal readonly struct Band : ISection
    {
        public static float At(float q) => Math.Clamp((1 - q) * 2.5f, 0, 1);
    }

    /// <summary>
    /// Lays a tube along <paramref name="line"/> (X, Y in pixels, Z the radius in pixels): where tubes overlap the thicker stays,
    /// so joints and crossings of one organ do not add up.
    /// </summary>
    internal static void Tube<TSection>(FloatPlane plane, ReadOnlySpan<Vector3> line, float amplitude) where TSection : ISection
    {
        for (int i = 0; i + 1 < line.Length; i++) Segment<TSection>(plane, line[i], line[i + 1], amplitude);
    }

    private static void Segment<TSection>(FloatPlane plane, Vector3 a, Vector3 b, float amplitude) where TSection : ISection
    {
        // A tube thinner than a pixel is drawn a pixel wide and as much fainter, as a detector would see it.
        const float thinnest = 0.75f;
        float reach = MathF.Max(MathF.Max(a.Z, b.Z), thinnest) + 0.5f;
        int x0 = Math.Max(0, (int)(MathF.Min(a.X, b.X) - reach)), x1 = Math.Min(plane.Width - 1, (int)(MathF.Max(a.X, b.X) + reach + 1));
        int y0 = Math.Max(0, (int)(MathF.Min(a.Y, b.Y) - reach)), y1 = Math.Min(plane.Height - 1, (int)(MathF.Max(a.Y, b.Y) + reach + 1));
        float dx = b.X - a.X, dy = b.Y - a.Y, dr = b.Z - a.Z;
        float inverseLength = 1 / MathF.Max(1e-6f, dx * dx + dy * dy);
        for (int y = y0; y <= y1; y++)
        {
            var row = plane.Row(y);
            for (int x = x0; x <= x1; x++)
            {
                float t = Math.Clamp(((x - a.X) * dx + (y - a.Y) * dy) * inverseLength, 0, 1);
                float ex = x - a.X - t * dx, ey = y - a.Y - t * dy;
                float radius = a.Z + t * dr, drawn = MathF.Max(radius, thinnest);
                float distance = ex * ex + ey * ey;
                if (distance >= drawn * drawn) continue;
                float value = amplitude * (radius / drawn) * TSection.At(MathF.Sqrt(distance) / drawn);
                if (value > row[x]) row[x] = value;
            }
        }
    }

    /// <summary>
    /// Adds the coverage (0..1 a pixel, exact) of a closed outline in pixels. Each edge leaves its signed area in the pixels it
    /// crosses; a running sum along the row then fills the inside (the method of FreeType's and font-rs's rasterisers).
    /// </summary>
    internal static void Fill(FloatPlane plane, ReadOnlySpan<Vector2> outline, FloatPlane scratch)
    {
        scratch.Clear();
        for (int i = 0; i < outline.Length; i++) Edge(scratch, outline[i], outline[(i + 1) % outline.Length]);
        for (int y = 0; y < plane.Height; y++)
        {
            var area = scratch.Row(y);
            var row = plane.Row(y);
            float sum = 0;
            for (int x = 0; x < row.Length; x++)
            {
                sum += area[x];
                row[x] = MathF.Min(1, row[x] + MathF.Min(1, MathF.Abs(sum)));
            }
        }
    }

    private static void Edge(FloatPlane area, Vector2 from, Vector2 to)
    {
        if (from.Y == to.Y) return;
        float direction = from.Y < to.Y ? 1 : -1;
        var (top, bottom) = from.Y < to.Y ? (from, to) : (to, from);
        float slope = (bottom.X - top.X) / (bottom.Y - top.Y);
        int lastRow = Math.Min(area.Height - 1, (int)bottom.Y);
        for (int y = Math.Max(0, (int)top.Y); y <= lastRow; y++)
        {
            float y0 = MathF.Max(y, top.Y), y1 = MathF.Min(y + 1, bottom.Y);
            if (y1 <= y0) continue;
            var row = area.Row(y);
            float signed = direction * (y1 - y0);
            float xa = Math.Clamp(top.X + (y0 - top.Y) * slope, 0, row.Length - 1e-3f);
            float xb = Math.Clamp(top.X + (y1 - top.Y) * slope, 0, row.Length - 1e-3f);
            var (left, right) = xa < xb ? (xa, xb) : (xb, xa);
            int first = (int)left, last = (int)right;
            if (first == last)
            {
                float covered = 1 - ((left + right) / 2 - first);
                row[first] += signed * covered;
                if (first + 1 < row.Length) row[first + 1] += signed * (1 - covered);
                continue;
            }
            float perPixel = signed / (right - left), before = 0; // before: the area already handed out to the left
            for (int x = first; x <= last; x++)
            {
                float x0 = MathF.Max(left, x), x1 = MathF.Min(right, x + 1);
                // The part of the edge inside this pixel covers the rest of the pixel to its right, what passed before covers all of it.
                float total = perPixel * (x0 - left) + perPixel * (x1 - x0) * (1 - ((x0 + x1) / 2 - x));
                row[x] += total - before;
                before = total;
            }
            if (last + 1 < row.Length) row[last + 1] += signed - before;
        }
    }

    /// <summary>A smooth curve through <paramref name="points"/> (Catmull-Rom), <paramref name="steps"/> pieces a span.</summary>
    internal static Vector2[] Smooth(ReadOnlySpan<Vector2> points, int steps, bool closed)
    {
        int spans = closed ? points.Length : points.Length - 1;
        var curve = new Vector2[spans * steps + (closed ? 0 : 1)];
        for (int i = 0; i < spans; i++)
        {
            Vector2 a = At(points, i - 1, closed), b = At(points, i, closed), c = At(points, i + 1, closed), d = At(points, i + 2, closed);
            for (int s = 0; s < steps; s++)
            {
                float t = (float)s / steps;
                curve[i * steps + s] = 0.5f * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * (t * t) + (3 * b - a - 3 * c + d) * (t * t * t));
            }
        }
        if (!closed) curve[^1] = points[^1];
        return curve;
    }

    private static Vector2 At(ReadOnlySpan<Vector2> points, int i, bool closed) =>
        points[closed ? (i + points.Length) % points.Length : Math.Clamp(i, 0, points.Length - 1)];
}
