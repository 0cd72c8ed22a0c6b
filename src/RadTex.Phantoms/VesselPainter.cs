using System.Numerics;

namespace RadTex.Phantoms;

/// <summary>Grows the branching vessels of both lungs from the hila. The tree is the patient's; congestion widens its upper part.</summary>
internal sealed class VesselPainter(PhantomCanvas canvas, ThoraxFrame frame, Anatomy anatomy)
{
    private int side;
    private float upper, lower;

    /// <param name="congestion">0 none to 1: how far the flow has shifted to the upper lobes, which edema does at every severity.</param>
    internal void Paint(float congestion)
    {
        for (side = -1; side <= 1; side += 2)
        {
            var random = new CounterRandom(anatomy.Seed, 31, (ulong)(side + 1));
            // Upright, gravity sends blood down; congestion evens it out and beyond (cephalisation).
            upper = anatomy.VesselScale * (0.8f + 0.95f * congestion);
            lower = anatomy.VesselScale * (1.08f + 0.2f * congestion);
            float hilum = (0.075f + 0.035f * congestion) * anatomy.VesselScale;
            var root = new Vector2(0.25f, side < 0 ? -0.02f : -0.08f);
            Span<Vector3> knot =
            [
                At(root - new Vector2(0.06f, 0.13f), 0.4f * hilum), At(root - new Vector2(0.01f, 0.03f), hilum),
                At(root + new Vector2(0.03f, 0.08f), 0.85f * hilum), At(root + new Vector2(0.07f, 0.24f), 0.3f * hilum),
            ];
            Brush.Tube<Brush.Cylinder>(canvas.Vessels, knot, 2.1f * anatomy.VesselScale);
            canvas.Vessels.Blur(0.012f * frame.Pixels, canvas.Scratch);
            foreach (float degrees in (ReadOnlySpan<float>)[-82, -62, -40, -16, 8, 30, 50, 66, 80])
            {
                float angle = (degrees + random.Range(-7, 7)) * MathF.PI / 180;
                float radius = degrees > 20 ? 0.031f : degrees < -30 ? 0.026f : 0.023f;
                Grow(random, root + 0.05f * Direction(angle), angle, radius * random.Range(0.85f, 1.15f), random.Range(0.3f, 0.42f), 0);
            }
        }
        canvas.Vessels.Multiply(canvas.LungMask);
    }

    private void Grow(CounterRandom random, Vector2 from, float angle, float radius, float length, int generation)
    {
        const int pieces = 3;
        Span<Vector3> line = stackalloc Vector3[pieces + 1];
        float bend = random.Range(-0.22f, 0.22f), narrowing = random.Range(0.72f, 0.84f);
        var point = from;
        line[0] = At(point, radius);
        for (int i = 1; i <= pieces; i++)
        {
            angle += bend / pieces;
            point += length / pieces * Direction(angle);
            line[i] = At(point, radius * (1 - (1 - narrowing) * i / pieces));
        }
        Brush.Tube<Brush.Cylinder>(canvas.Vessels, line, 2 * line[0].Z / frame.Pixels * ThoraxFrame.CentimetresPerUnit);
        bool isOutside = point.X < 0.1f || point.X > ThoraxFrame.Wall(point.Y) - 0.04f || point.Y > frame.Dome(side) + 0.12f || point.Y < -1.08f;
        if (isOutside || generation == 4) return;
        float fork = random.Range(0.22f, 0.42f), share = random.Range(0.45f, 0.62f);
        Grow(
            random, point, angle + fork * (1 - share), radius * narrowing * MathF.Sqrt(share) * 1.1f, length * random.Range(0.62f, 0.8f),
            generation + 1);
        Grow(
            random, point, angle - fork * share - 0.1f, radius * narrowing * MathF.Sqrt(1 - share) * 1.1f, length * random.Range(0.62f, 0.8f),
            generation + 1);
    }

    private static Vector2 Direction(float angle) => new(MathF.Cos(angle), MathF.Sin(angle));

    private Vector3 At(Vector2 p, float radius)
    {
        float part = Math.Clamp((p.Y + 0.25f) / 0.5f, 0, 1);
        return frame.Map(side * p.X, p.Y, radius * (upper + (lower - upper) * part), 0);
    }
}
