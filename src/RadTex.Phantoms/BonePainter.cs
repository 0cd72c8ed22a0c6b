using System.Numerics;

namespace RadTex.Phantoms;

/// <summary>Draws ribs, clavicles, shoulder blades and spine as optical density.</summary>
internal sealed class BonePainter(PhantomCanvas canvas, ThoraxFrame frame, Anatomy anatomy)
{
    internal void Paint(bool isAnteroposterior)
    {
        PaintRibs(posterior: true);
        PaintRibs(posterior: false);
        PaintClavicles(isAnteroposterior);
        PaintShoulders(isAnteroposterior);
        PaintSpine();
    }

    private void PaintRibs(bool posterior)
    {
        canvas.Layer.Clear();
        var random = new CounterRandom(anatomy.Seed, posterior ? 21u : 22u);
        Span<Vector3> line = stackalloc Vector3[15];
        for (int side = -1; side <= 1; side += 2)
        {
            for (int rib = 0; rib < 11; rib++)
            {
                float start = -1.16f + 0.195f * rib + random.Range(-0.008f, 0.008f);
                float fall = 0.05f + anatomy.RibSlope + 0.036f * rib; // lower ribs fall more steeply
                float radius = anatomy.RibWidth * (rib == 0 ? 0.8f : 1) * random.Range(0.93f, 1.07f);
                float lateral = start + fall;
                float wall = ThoraxFrame.Wall(lateral) + 0.025f;
                if (!posterior && rib > 6) continue; // the lower ribs end in cartilage that hardly shows
                for (int i = 0; i < line.Length; i++)
                {
                    float t = (float)i / (line.Length - 1);
                    var (s, c) = MathF.SinCos(t * MathF.PI / 2);
                    line[i] = posterior
                        ? frame.Map(
                            side * (0.13f + (wall - 0.13f) * s),
                            start + fall * t * t - 0.13f * MathF.Sin(MathF.PI * MathF.Min(1, t * 1.15f)) * (1 - 0.4f * t), radius, -0.8f)
                        : frame.Map(
                            side * (wall - (wall - 0.36f - 0.03f * rib) * (1 - c)), lateral + (0.2f + 0.035f * rib) * s, radius * (1 + 0.15f * t),
                            0.9f);
                }
                Brush.Tube<Brush.Bone>(canvas.Layer, line, posterior ? anatomy.RibDensity : 0.62f * anatomy.RibDensity);
            }
        }
        canvas.Density.AddScaled(canvas.Layer, 1);
    }

    private void PaintClavicles(bool isAnteroposterior)
    {
        canvas.Layer.Clear();
        float lift = isAnteroposterior ? -0.1f : 0;
        for (int side = -1; side <= 1; side += 2)
        {
            Vector2[] line = [new(side * 0.10f, -0.80f), new(side * 0.34f, -0.90f + lift / 2), new(side * 0.62f, -0.98f + lift),
                new(side * 0.88f, -1.05f + lift), new(side * 1.12f, -1.06f + lift)];
            Brush.Tube<Brush.Bone>(canvas.Layer, frame.MapTube(line, 0.052f, 1), 0.4f);
        }
        // The manubrium between them.
        Vector2[] manubrium = [new(0, -0.84f), new(0, -0.6f)];
        Brush.Tube<Brush.Band>(canvas.Layer, frame.MapTube(manubrium, 0.09f, 1), 0.12f);
        canvas.Density.AddScaled(canvas.Layer, 1);
    }

    private void PaintShoulders(bool isAnteroposterior)
    {
        canvas.Layer.Clear();
        canvas.Layer2.Clear();
        float inner = isAnteroposterior ? 0.76f : 0.98f; // at a PA film the patient rolls the blades out of the lungs
        for (int side = -1; side <= 1; side += 2)
        {
            Vector2[] blade =
            [
                new(side * (inner + 0.02f), -0.86f), new(side * (inner + 0.34f), -0.92f), new(side * (inner + 0.37f), -0.74f),
                new(side * (inner + 0.18f), -0.3f), new(side * (inner + 0.08f), -0.05f), new(side * inner, -0.4f),
            ];
            var outline = frame.MapAll(Brush.Smooth(blade, 5, closed: true), -1);
            Brush.Fill(canvas.Layer, outline, canvas.Scratch);
            var rim = new Vector3[outline.Length];
            for (int i = 0; i < rim.Length; i++) rim[i] = new Vector3(outline[i], 0.02f * frame.Pixels);
            Brush.Tube<Brush.Cylinder>(canvas.Layer2, rim, 0.12f);
            Vector2[] humerus = [new(side * 1.3f * anatomy.BodyWidth * 0.82f, -0.86f), new(side * 1.3f * anatomy.BodyWidth, -0.5f),
                new(side * 1.35f * anatomy.BodyWidth, 0.9f)];
            var bone = frame.MapTube(humerus, 0.085f);
            for (int i = 0; i < 5; i++) bone[i].Z *= 1.75f - 0.15f * i; // the head
            Brush.Tube<Brush.Bone>(canvas.Layer2, bone, 0.32f);
        }
        canvas.Layer.Blur(0.02f * frame.Pixels, canvas.Scratch);
        canvas.Density.AddScaled(canvas.Layer, 0.09f);
        canvas.Density.AddScaled(canvas.Layer2, 1);
    }

    private void PaintSpine()
    {
        canvas.Layer.Clear();
        canvas.Layer2.Clear();
        Vector2[] column = [new(0, -1.9f), new(0, -0.9f), new(0, 0), new(0, 0.9f), new(0, 1.7f)];
        Brush.Tube<Brush.Band>(canvas.Layer, frame.MapTube(column, 0.125f, -1), 0.22f);
        Span<Vector3> plate = stackalloc Vector3[2];
        Span<Vector3> dot = stackalloc Vector3[2];
        for (int i = 0; i < 20; i++)
        {
            float height = 0.145f + 0.0035f * i, y = -1.75f + 0.155f * i + 0.0012f * i * i, half = 0.098f + 0.0012f * i;
            foreach (float edge in (ReadOnlySpan<float>)[-0.38f, 0.38f]) // the two end plates; the disc between two bodies is darker
            {
                plate[0] = frame.Map(-half, y + edge * height, 0.014f, -1);
                plate[1] = frame.Map(half, y + edge * height, 0.014f, -1);
                Brush.Tube<Brush.Cylinder>(canvas.Layer2, plate, 0.11f);
            }
            foreach (float x in (ReadOnlySpan<float>)[-0.07f, 0.07f]) // pedicles
            {
                dot[0] = frame.Map(x, y - 0.02f, 0.028f, -1);
                dot[1] = frame.Map(x, y + 0.03f, 0.028f, -1);
                Brush.Tube<Brush.Bone>(canvas.Layer2, dot, 0.14f);
            }
            dot[0] = frame.Map(0, y + 0.04f, 0.02f, -1.3f);
            dot[1] = frame.Map(0, y + 0.1f, 0.02f, -1.3f);
            Brush.Tube<Brush.Band>(canvas.Layer2, dot, 0.12f);
        }
        canvas.Density.AddScaled(canvas.Layer, 1);
        canvas.Density.AddScaled(canvas.Layer2, 1);
    }
}
