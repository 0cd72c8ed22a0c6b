using System.Numerics;

namespace RadTex.Phantoms;

/// <summary>Draws what every chest has: the body's thickness, lungs, heart, vessels and bones.</summary>
internal sealed class AnatomyPainter(PhantomCanvas canvas, ThoraxFrame frame, PhantomPatient patient, Exposure exposure)
{
    // Half the width of the body by height, at y = -2, -1.8, ... : neck, shoulders, flanks.
    private static readonly float[] BodyTable = [0.36f, 0.36f, 0.40f, 0.52f, 0.98f, 1.22f, 1.2f, 1.12f, 1.05f, 1.02f, 1.0f, 1.0f, 1.0f, 1.0f, 1.01f,
        1.03f, 1.05f, 1.06f, 1.07f, 1.07f, 1.07f, 1.07f];

    /// <summary>The lungs' greatest depth as a share of the body's.</summary>
    internal const float LungShare = 0.46f;

    private readonly Anatomy anatomy = patient.Anatomy;

    internal void Paint(bool isAnteroposterior)
    {
        PaintBody(isAnteroposterior);
        PaintLungs();
        PaintHeart();
        PaintAirways();
    }

    private void PaintBody(bool isAnteroposterior)
    {
        Span<float> chord = stackalloc float[257]; // thickness of an ellipse-like cross-section at 0..1 of its half width
        for (int i = 0; i < chord.Length; i++) chord[i] = MathF.Pow(MathF.Max(0, 1 - MathF.Pow(i / 256f, 2.4f)), 0.45f);
        for (int y = 0; y < canvas.Height; y++)
        {
            var row = canvas.Body.Row(y);
            Vector2 p = frame.Invert(0, y), step = frame.Invert(1, y) - p;
            for (int x = 0; x < row.Length; x++, p += step)
            {
                float position = Math.Clamp((p.Y + 2) * 5, 0, BodyTable.Length - 1.001f);
                int i = (int)position;
                float half = (BodyTable[i] + (BodyTable[i + 1] - BodyTable[i]) * (position - i)) * 1.16f * anatomy.BodyWidth;
                float q = MathF.Abs(p.X) / half;
                if (q >= 1) continue;
                float thickness = anatomy.BodyThicknessCm * (
                    p.Y < -1 ? MathF.Max(0.55f, 1 + 0.55f * (p.Y + 1)) : p.Y > 0.6f ? 1 + 0.06f * (p.Y - 0.6f) : 1);
                row[x] = thickness * chord[(int)(q * 256)];
            }
        }
        var random = new CounterRandom(anatomy.Seed, 1);
        PaintArms(isAnteroposterior, random);
        PaintBreasts(random);
        // Muscle and fat are uneven; so is the body's front.
        canvas.Layer.FillNoise(new CounterRandom(anatomy.Seed, 2), 0.5f * frame.Pixels);
        canvas.Layer2.FillNoise(new CounterRandom(anatomy.Seed, 3), 0.17f * frame.Pixels);
        var body = canvas.Body.Values;
        float[] coarse = canvas.Layer.Values, fine = canvas.Layer2.Values;
        for (int i = 0; i < body.Length; i++) body[i] *= 1 + 0.018f * coarse[i] + 0.006f * fine[i];
        canvas.Body.Blur(0.012f * frame.Pixels, canvas.Scratch);
    }

    private void PaintArms(bool isAnteroposterior, CounterRandom random)
    {
        float spread = (isAnteroposterior ? 1.32f : 1.62f) + random.Range(-0.05f, 0.2f);
        canvas.Layer.Clear();
        for (int side = -1; side <= 1; side += 2)
        {
            Vector2[] arm = [new(side * 1.12f * anatomy.BodyWidth, -0.98f), new(side * spread * anatomy.BodyWidth, -0.2f),
                new(side * (spread + 0.06f) * anatomy.BodyWidth, 1.5f)];
            Brush.Tube<Brush.Cylinder>(canvas.Layer, frame.MapTube(arm, 0.27f), 7.5f);
        }
        var body = canvas.Body.Values;
        var arms = canvas.Layer.Values;
        for (int i = 0; i < body.Length; i++) body[i] = MathF.Max(body[i], arms[i]); // side by side, not on top of one another
    }

    private void PaintBreasts(CounterRandom random)
    {
        if (anatomy.BreastSize < 0.06f) return;
        float size = anatomy.BreastSize, drop = random.Range(0, 0.15f);
        canvas.Layer.Clear();
        for (int side = -1; side <= 1; side += 2)
        {
            float x = side * random.Range(0.52f, 0.66f), y = 0.32f + drop + 0.1f * size, radius = 0.36f + 0.2f * size;
            var outline = new Vector2[28];
            for (int i = 0; i < outline.Length; i++)
            {
                var (s, c) = MathF.SinCos(2 * MathF.PI * i / outline.Length);
                outline[i] = frame.Map(x + radius * c, y + radius * s * (s > 0 ? 0.85f : 1.15f), 1);
            }
            Brush.Fill(canvas.Layer, outline, canvas.Scratch);
        }
        canvas.Layer2.CopyFrom(canvas.Layer);
        canvas.Layer2.Blur(0.16f * frame.Pixels, canvas.Scratch);
        canvas.Layer.Multiply(canvas.Layer2);
        canvas.Layer.Blur(0.02f * frame.Pixels, canvas.Scratch);
        canvas.Body.AddScaled(canvas.Layer, 3.6f * size + 0.6f);
    }

    private void PaintLungs()
    {
        for (int side = -1; side <= 1; side += 2)
            Brush.Fill(canvas.LungMask, frame.MapAll(frame.LungOutline(side)), canvas.Scratch);
        canvas.LungMask.Blur(0.008f * frame.Pixels, canvas.Scratch);
        canvas.Layer.CopyFrom(canvas.LungMask);
        canvas.Layer.Blur(0.15f * frame.Pixels, canvas.Scratch);
        // Half of a blurred edge is 0.5: from there to the middle the lung grows to its whole depth.
        float depth = anatomy.BodyThicknessCm * LungShare;
        float[] mask = canvas.LungMask.Values, blurred = canvas.Layer.Values, lung = canvas.LungDepth.Values;
        for (int i = 0; i < lung.Length; i++)
            lung[i] = mask[i] * depth * (0.3f + 0.7f * MathF.Sqrt(Math.Clamp((blurred[i] - 0.4f) * 1.72f, 0, 1)));
    }

    private void PaintHeart()
    {
        Brush.Fill(canvas.Heart, frame.MapAll(frame.HeartOutline(), 0.5f), canvas.Scratch);
        float knob = anatomy.AorticKnob;
        var circle = new Vector2[24];
        for (int i = 0; i < circle.Length; i++)
        {
            var (s, c) = MathF.SinCos(2 * MathF.PI * i / circle.Length);
            circle[i] = frame.Map(0.135f + knob * c, -0.43f + 1.15f * knob * s);
        }
        Brush.Fill(canvas.Heart, circle, canvas.Scratch);
        canvas.Layer.CopyFrom(canvas.Heart);
        canvas.Layer.Blur(0.13f * frame.Pixels, canvas.Scratch);
        canvas.Heart.Blur(0.011f * frame.Pixels, canvas.Scratch);
        float[] mask = canvas.Heart.Values, blurred = canvas.Layer.Values, lung = canvas.LungDepth.Values;
        float depth = anatomy.BodyThicknessCm * 0.36f;
        for (int i = 0; i < mask.Length; i++)
        {
            // Where heart is, lung is not; in front of and behind it some lung remains.
            float heart = mask[i] * depth * (0.3f + 0.7f * Math.Clamp((blurred[i] - 0.4f) * 1.8f, 0, 1));
            mask[i] = MathF.Min(heart, 0.78f * lung[i]);
            lung[i] -= mask[i];
        }
        // The descending aorta beside the spine.
        canvas.Layer.Clear();
        Vector2[] aorta = [new(0.16f, -0.4f), new(0.185f, 0), new(0.16f, 0.4f), new(0.1f, 0.9f)];
        Brush.Tube<Brush.Cylinder>(canvas.Layer, frame.MapTube(aorta, 0.075f, -0.5f), 1.6f);
        for (int i = 0; i < lung.Length; i++) lung[i] -= MathF.Min(canvas.Layer.Values[i], 0.25f * lung[i]);
    }

    private void PaintAirways()
    {
        canvas.Layer.Clear();
        float slant = new CounterRandom(anatomy.Seed, 4).Range(-0.02f, 0.03f);
        Vector2[] trachea = [new(-slant, -1.9f), new(-slant, -1.2f), new(-0.015f, -0.75f), new(-0.02f, -0.36f)];
        Vector2[] rightMain = [new(-0.02f, -0.38f), new(-0.1f, -0.24f), new(-0.24f, -0.1f), new(-0.32f, 0.06f)];
        Vector2[] leftMain = [new(-0.02f, -0.38f), new(0.09f, -0.25f), new(0.22f, -0.17f), new(0.3f, -0.04f)];
        Brush.Tube<Brush.Cylinder>(canvas.Layer, frame.MapTube(trachea, 0.062f), 1.5f);
        Brush.Tube<Brush.Cylinder>(canvas.Layer, frame.MapTube(rightMain, 0.045f), 0.9f);
        Brush.Tube<Brush.Cylinder>(canvas.Layer, frame.MapTube(leftMain, 0.042f), 0.9f);
        canvas.Layer.Blur(0.008f * frame.Pixels, canvas.Scratch);
        canvas.Body.AddScaled(canvas.Layer, -1);
        // Air in the stomach under the left dome.
        var random = new CounterRandom(exposure.Seed, 11);
        if (!random.Chance(0.5f)) return;
        float x = random.Range(0.36f, 0.62f), y = frame.DomeLeft + random.Range(0.17f, 0.3f), width = random.Range(0.1f, 0.24f);
        var bubble = new Vector2[20];
        for (int i = 0; i < bubble.Length; i++)
        {
            var (s, c) = MathF.SinCos(2 * MathF.PI * i / bubble.Length);
            bubble[i] = frame.Map(x + width * c * random.Range(0.92f, 1.08f), y + 0.6f * width * s);
        }
        canvas.Layer.Clear();
        Brush.Fill(canvas.Layer, bubble, canvas.Scratch);
        canvas.Layer.Blur(0.03f * frame.Pixels, canvas.Scratch);
        canvas.Body.AddScaled(canvas.Layer, -random.Range(2, 5));
    }
}
