using System.Numerics;

namespace RadTex.Phantoms;

/// <summary>
/// Where the thorax lies in the picture. In its own frame x runs from the spine to the picture's right (the patient's left), y downwards;
/// the inner chest wall is about 1 from the middle, the apices lie at y = -1.15, the domes of the diaphragm near 0.75.
/// </summary>
internal sealed class ThoraxFrame
{
    /// <summary>Centimetres a unit of the frame: half the inner width of a chest.</summary>
    internal const float CentimetresPerUnit = 14;

    // Half the inner width of the chest by height, at y = -1.2, -1.05, ... 1.2.
    private static readonly float[] WallTable =
        [0.30f, 0.56f, 0.725f, 0.825f, 0.895f, 0.94f, 0.97f, 0.99f, 1.0f, 1.008f, 1.015f, 1.02f, 1.022f, 1.022f, 1.02f, 1.01f, 1.0f];

    private readonly Vector2 origin;
    private readonly float scaleX, scaleY, cosine, sine;
    private readonly float turn, scoliosis;

    internal ThoraxFrame(Anatomy anatomy, Exposure exposure, float heartRatio)
    {
        // Pixels a unit: the usual chest fills the field, whichever way the cassette lies.
        float fit = MathF.Min(exposure.Width / 2.4f, exposure.Height / 2.55f) * exposure.Zoom;
        (scaleX, scaleY) = (fit * anatomy.ThoraxWidth, fit * anatomy.ThoraxHeight);
        (sine, cosine) = MathF.SinCos(exposure.TiltRadians);
        origin = new Vector2(
            exposure.Width / 2f + exposure.ShiftX * fit,
            exposure.Height / 2f + (0.06f + exposure.ShiftY) * fit);
        (turn, scoliosis) = (0.035f * exposure.Turn, anatomy.Scoliosis);
        DomeRight = 0.72f - exposure.DiaphragmRise;
        DomeLeft = 0.79f - exposure.DiaphragmRise;
        HeartScale = heartRatio * 2.33f; // the drawn outline is 0.43 of the thorax wide at scale 1
    }

    internal float DomeRight { get; }

    internal float DomeLeft { get; }

    internal float HeartScale { get; }

    /// <summary>Pixels a unit, for widths of strokes and blurs.</summary>
    internal float Pixels => (scaleX + scaleY) / 2;

    internal float Dome(int side) => side < 0 ? DomeRight : DomeLeft;

    /// <summary>The thorax point in pixels. <paramref name="depth"/> is -1 at the back, 1 at the front: a turned patient shifts them apart.</summary>
    internal Vector2 Map(float x, float y, float depth = 0)
    {
        x += turn * depth + scoliosis * MathF.Sin(2.2f * y + 0.6f) * (1 - 0.6f * depth);
        return MapRigid(x, y);
    }

    private Vector2 MapRigid(float x, float y)
    {
        float px = x * scaleX, py = y * scaleY;
        return origin + new Vector2(cosine * px - sine * py, sine * px + cosine * py);
    }

    internal Vector3 Map(float x, float y, float radius, float depth)
    {
        var p = Map(x, y, depth);
        return new Vector3(p, radius * Pixels);
    }

    /// <summary>The thorax point of a pixel, without turn and scoliosis.</summary>
    internal Vector2 Invert(float px, float py)
    {
        float x = px - origin.X, y = py - origin.Y;
        return new Vector2((cosine * x + sine * y) / scaleX, (-sine * x + cosine * y) / scaleY);
    }

    /// <summary>Half the inner width of the chest at a height.</summary>
    internal static float Wall(float y)
    {
        float position = Math.Clamp((y + 1.2f) / 0.15f, 0, WallTable.Length - 1.001f);
        int i = (int)position;
        return WallTable[i] + (WallTable[i + 1] - WallTable[i]) * (position - i);
    }

    /// <summary>The outline of one lung, closed, in the thorax frame, from the apex round the chest wall, dome and mediastinum.</summary>
    internal Vector2[] LungOutline(int side)
    {
        float dome = Dome(side), angle = dome + 0.30f; // the costophrenic angle lies below the dome
        float inner = side < 0 ? 0.16f : 0.15f;
        Vector2[] right =
        [
            new(0.33f, -1.13f), new(0.50f, -1.07f), new(Wall(-0.9f) - 0.03f, -0.9f), new(Wall(-0.6f) - 0.02f, -0.6f), new(Wall(-0.2f) - 0.01f, -0.2f),
            new(Wall(0.2f), 0.2f), new(Wall(0.5f), Math.Min(0.5f, angle - 0.3f)), new(1.01f, angle - 0.12f), new(0.985f, angle),
            new(0.90f, dome + 0.13f), new(0.72f, dome + 0.02f), new(0.50f, dome - 0.02f), new(0.30f, dome + 0.03f), new(0.17f, dome + 0.12f),
            new(inner - 0.01f, dome - 0.12f), new(inner - 0.01f, 0.2f), new(inner, -0.15f), new(inner + 0.035f, -0.5f), new(0.185f, -0.85f),
            new(0.22f, -1.03f),
        ];
        var outline = Brush.Smooth(right, 5, closed: true);
        for (int i = 0; i < outline.Length; i++) outline[i].X *= side;
        return outline;
    }

    /// <summary>The outline of heart and great vessels, closed, in the thorax frame.</summary>
    internal Vector2[] HeartOutline()
    {
        float k = HeartScale, drop = (DomeRight + DomeLeft) / 2 - 0.755f, low = 0.82f + drop;
        // A risen diaphragm lifts the apex and lays the heart across.
        float lay = 1 - 0.25f * drop;
        Vector2[] points =
        [
            new(-0.17f, -0.42f), new(-0.19f, -0.1f + drop / 2), new(-0.235f * k, 0.14f + drop / 2), new(-0.275f * k * lay, 0.4f + drop),
            new(-0.24f * k * lay, 0.64f + drop),
            new(-0.1f, low), new(0.2f * k, low + 0.04f), new(0.47f * k * lay, low), new(0.585f * k * lay, 0.68f + drop),
            new(0.575f * k * lay, 0.5f + drop),
            new(0.46f * k, 0.22f + drop / 2), new(0.335f * k, 0.02f + drop / 2), new(0.25f + 0.05f * (k - 1), -0.13f + drop / 2), new(0.19f, -0.25f),
            new(0.16f, -0.4f),
        ];
        return Brush.Smooth(points, 5, closed: true);
    }

    /// <summary>An outline of the thorax frame in pixels.</summary>
    internal Vector2[] MapAll(ReadOnlySpan<Vector2> outline, float depth = 0)
    {
        var mapped = new Vector2[outline.Length];
        for (int i = 0; i < outline.Length; i++) mapped[i] = Map(outline[i].X, outline[i].Y, depth);
        return mapped;
    }

    /// <summary>A curve through points of the thorax frame as a tube of constant radius (frame units), in pixels.</summary>
    internal Vector3[] MapTube(ReadOnlySpan<Vector2> through, float radius, float depth = 0, int steps = 8)
    {
        var curve = Brush.Smooth(through, steps, closed: false);
        var mapped = new Vector3[curve.Length];
        for (int i = 0; i < curve.Length; i++) mapped[i] = Map(curve[i].X, curve[i].Y, radius, depth);
        return mapped;
    }
}
