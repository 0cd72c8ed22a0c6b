using System.Numerics;

namespace RadTex.Phantoms;

/// <summary>Draws tubes, lines and implants; and what is no finding but lies on the film all the same: monitor wires and side markers.</summary>
internal sealed class DevicePainter(PhantomCanvas canvas, ThoraxFrame frame)
{
    internal PhantomBox? Paint(Lesion device)
    {
        canvas.Layer.Clear();
        var random = new CounterRandom(device.Seed, 51);
        int s = device.Side;
        Vector2 Jitter(float x, float y) => new(x + random.Range(-0.02f, 0.02f), y + random.Range(-0.03f, 0.03f));
        switch (device.Site)
        {
            case LesionMaker.EndotrachealTube:
                Tube<Brush.HollowTube>(
                    [Jitter(0.01f, -1.9f), Jitter(-0.01f, -1.2f), Jitter(-0.015f, -0.8f), new(-0.015f, random.Range(-0.66f, -0.44f))], 0.034f, 0.34f);
                break;
            case LesionMaker.EntericTube:
                Tube<Brush.HollowTube>(
                    [Jitter(0.03f, -1.9f), Jitter(0.02f, -0.9f), Jitter(0.05f, 0), Jitter(0.07f, 0.6f), Jitter(0.2f, 0.95f), Jitter(0.42f, 1.1f),
                        Jitter(0.5f, 1.3f)],
                    0.019f, 0.36f);
                break;
            case LesionMaker.JugularLine:
                Tube<Brush.Cylinder>(
                    [Jitter(s * 0.36f, -1.7f), Jitter(s * 0.27f, -1.2f), Jitter(s * 0.2f, -0.85f), s < 0 ? Jitter(-0.17f, -0.4f) : Jitter(0, -0.62f),
                        new(-0.16f, random.Range(-0.2f, 0.12f))],
                    0.014f, 0.3f);
                break;
            case LesionMaker.SubclavianLine:
                Tube<Brush.Cylinder>(
                    [Jitter(s * 1.0f, -0.72f), Jitter(s * 0.66f, -0.9f), Jitter(s * 0.33f, -0.88f), s < 0 ? Jitter(-0.18f, -0.6f) : Jitter(0, -0.66f),
                        new(-0.165f, random.Range(-0.25f, 0.08f))],
                    0.014f, 0.3f);
                break;
            case LesionMaker.PiccLine:
                Tube<Brush.Cylinder>(
                    [Jitter(s * 1.5f, -0.3f), Jitter(s * 1.15f, -0.76f), Jitter(s * 0.72f, -0.98f), Jitter(s * 0.32f, -0.9f),
                        s < 0 ? Jitter(-0.18f, -0.6f) : Jitter(0, -0.66f), new(-0.16f, random.Range(-0.22f, 0.12f))],
                    0.010f, 0.26f);
                break;
            case LesionMaker.ChestTube:
                Tube<Brush.HollowTube>(
                    [Jitter(s * 1.3f, 0.42f), Jitter(s * 0.96f, 0.3f), Jitter(s * 0.78f, -0.1f), Jitter(s * 0.55f, -0.5f), Jitter(s * 0.36f, -0.78f)],
                    0.03f, 0.38f);
                break;
            case LesionMaker.SternalWires:
                for (int i = 0; i < 6; i++)
                {
                    float y = -0.62f + 0.15f * i, half = random.Range(0.03f, 0.045f);
                    Tube<Brush.Cylinder>(
                        [new(-half, y), new(-0.3f * half, y - 0.03f), new(half, y - 0.005f), new(0.2f * half, y + 0.035f), new(-half, y)], 0.011f,
                        0.5f, 1);
                }
                break;
            case LesionMaker.Pacemaker:
                Pacemaker(s, random);
                break;
        }
        var box = LesionPainter.BoxOf(device, canvas.Layer, null, 0.25f);
        canvas.Density.AddScaled(canvas.Layer, device.Contrast * 1.25f);
        return box;
    }

    private void Pacemaker(int s, CounterRandom random)
    {
        float x = s * random.Range(0.66f, 0.8f), y = random.Range(-0.75f, -0.58f);
        Vector2[] can =
            [new(x - 0.14f, y - 0.1f), new(x + 0.14f, y - 0.12f), new(x + 0.15f, y + 0.07f), new(x, y + 0.13f), new(x - 0.15f, y + 0.08f)];
        Brush.Fill(canvas.Layer, frame.MapAll(Brush.Smooth(can, 6, closed: true), 1), canvas.Scratch);
        canvas.Layer.Blur(0.006f * frame.Pixels, canvas.Scratch);
        float drop = frame.DomeLeft - 0.79f;
        Vector2[] entry =
            [new(x, y - 0.08f), new(s * 0.5f, -0.93f), new(s * 0.25f, -0.86f), s < 0 ? new(-0.17f, -0.6f) : new(-0.05f, -0.66f), new(-0.17f, -0.2f)];
        Tube<Brush.Cylinder>([.. entry, new(-0.16f, 0.25f), new(0.05f, 0.55f + drop), new(random.Range(0.3f, 0.42f), 0.66f + drop)], 0.013f, 0.7f);
        if (random.Chance(0.6f)) Tube<Brush.Cylinder>([.. entry, new(-0.2f, 0.12f), new(-0.12f, 0.18f), new(-0.08f, 0.08f)], 0.013f, 0.7f);
    }

    private void Tube<TSection>(ReadOnlySpan<Vector2> through, float radius, float density, float depth = 0) where TSection : Brush.ISection =>
        Brush.Tube<TSection>(canvas.Layer, frame.MapTube(through, radius, depth), density);

    /// <summary>Electrodes and wires of a monitor lie on many patients; reports do not name them and they are no Support Devices here.</summary>
    internal void PaintMonitorWires(CounterRandom random)
    {
        canvas.Layer.Clear();
        Span<Vector3> dot = stackalloc Vector3[2];
        int wires = random.Integer(2, 5);
        for (int i = 0; i < wires; i++)
        {
            var electrode = new Vector2(random.Range(-0.95f, 0.95f), random.Range(-0.75f, 0.95f));
            dot[0] = frame.Map(electrode.X, electrode.Y, 0.035f, 1);
            dot[1] = frame.Map(electrode.X + 0.005f, electrode.Y, 0.035f, 1);
            Brush.Tube<Brush.Bone>(canvas.Layer, dot, 0.3f);
            float away = random.Sign();
            Vector2[] wire = [electrode, electrode + new Vector2(0.3f * away, random.Range(-0.1f, 0.3f)), electrode
                + new Vector2(0.9f * away, random.Range(0, 0.6f)), electrode + new Vector2(1.6f * away, random.Range(0.2f, 1.2f))];
            Tube<Brush.Cylinder>(wire, 0.011f, 0.24f, 1);
        }
        canvas.Density.AddScaled(canvas.Layer, random.Range(0.5f, 1));
    }

    /// <summary>The lead letter that marks a side, beside the shoulder.</summary>
    internal void PaintMarker(CounterRandom random)
    {
        canvas.Layer.Clear();
        int side = random.Chance(0.75f) ? 1 : -1;
        float size = canvas.Width * random.Range(0.018f, 0.028f),
            x = canvas.Width * (side > 0 ? random.Range(0.86f, 0.94f) : random.Range(0.05f, 0.12f));
        float y = canvas.Height * random.Range(0.05f, 0.3f), stroke = 0.27f * size;
        Vector3 At(float u, float v) => new(x + u * size, y + v * size, stroke);
        Vector3[] letter = side > 0
            ? [At(-0.5f, -1), At(-0.5f, 1), At(0.6f, 1)]
            : [At(-0.5f, 1), At(-0.5f, -1), At(0.3f, -1), At(0.6f, -0.5f), At(0.3f, 0), At(-0.5f, 0), At(0.6f, 1)];
        Brush.Tube<Brush.Band>(canvas.Layer, letter, 2.2f);
        canvas.Density.AddScaled(canvas.Layer, 1);
    }
}
