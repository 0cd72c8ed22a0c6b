using System.Numerics;

namespace RadTex.Phantoms;

/// <summary>
/// Draws opacities, pleural fluid and pleural air, and says where each lies. An opacity replaces the lung's air along the ray, so it
/// hides the vessels in it and the heart's border beside it, as a real one does.
/// </summary>
internal sealed class LesionPainter(PhantomCanvas canvas, ThoraxFrame frame)
{
    internal PhantomBox? Paint(Lesion lesion)
    {
        canvas.Layer.Clear();
        var random = new CounterRandom(lesion.Seed, 1);
        switch (lesion.Finding)
        {
            case PhantomFinding.Consolidation: Consolidation(lesion, random); break;
            case PhantomFinding.Pneumonia: Pneumonia(lesion, random); break;
            case PhantomFinding.LungOpacity: GroundGlass(lesion, random); break;
            case PhantomFinding.Atelectasis when lesion.Variant == 0: Bands(lesion, random); break;
            case PhantomFinding.Atelectasis: Collapse(lesion, random); break;
            case PhantomFinding.PleuralEffusion: Effusion(lesion); break;
            case PhantomFinding.Pneumothorax: return Pneumothorax(lesion);
            default: return null;
        }
        KeepSide(canvas.Layer, lesion.Side);
        canvas.Layer.Multiply(canvas.LungMask);
        var box = BoxOf(lesion, canvas.Layer, canvas.LungDepth, 0.3f);
        canvas.Fluid.Screen(canvas.Layer, lesion.Contrast);
        return box;
    }

    /// <summary>The smallest box of what is over a share of the layer's peak, weighed by how much lung lies there; null where nothing is.</summary>
    internal static PhantomBox? BoxOf(Lesion lesion, FloatPlane layer, FloatPlane? weight, float share)
    {
        float peak = 0;
        for (int i = 0; i < layer.Values.Length; i++) peak = MathF.Max(peak, layer.Values[i] * (weight?.Values[i] ?? 1));
        if (peak <= 1e-4f) return null;
        float threshold = share * peak;
        int xMin = int.MaxValue, yMin = int.MaxValue, xMax = -1, yMax = -1;
        for (int y = 0; y < layer.Height; y++)
        {
            var row = layer.Row(y);
            var weights = weight is null ? default : weight.Row(y);
            for (int x = 0; x < row.Length; x++)
            {
                if (row[x] * (weight is null ? 1 : weights[x]) < threshold) continue;
                (xMin, xMax) = (Math.Min(xMin, x), Math.Max(xMax, x));
                (yMin, yMax) = (Math.Min(yMin, y), Math.Max(yMax, y));
            }
        }
        return new PhantomBox(lesion.Finding, xMin, yMin, xMax, yMax, lesion.Site, lesion.Contrast);
    }

    // A dense lobe or segment, sharp where a fissure bounds it, with air in its bronchi.
    private void Consolidation(Lesion lesion, CounterRandom random)
    {
        Blob(canvas.Layer, random, lesion.X, lesion.Y, lesion.Size, lesion.Size * random.Range(0.8f, 1.15f), 0.16f);
        canvas.Layer.Blur(0.11f * lesion.Size * frame.Pixels, canvas.Scratch);
        if (lesion.Variant == 1) // cut along a fissure
        {
            float tilt = lesion.Side * random.Range(-0.25f, 0.25f), offset = random.Range(-0.15f, 0.25f) * lesion.Size;
            float up = random.Sign(), soft = 0.02f;
            ForEach((ref float value, Vector2 p) =>
                value *= Math.Clamp(0.5f + up * (p.Y - lesion.Y - offset - tilt * (p.X - lesion.X)) / soft, 0, 1));
        }
        canvas.Layer2.Clear();
        var root = new Vector2(lesion.Side * 0.26f, -0.03f);
        for (int i = 0; i < 4; i++)
        {
            var tip = new Vector2(lesion.X + random.Range(-0.7f, 0.7f) * lesion.Size, lesion.Y + random.Range(-0.7f, 0.7f) * lesion.Size);
            var middle = (root + tip) / 2 + new Vector2(random.Range(-0.05f, 0.05f), random.Range(-0.05f, 0.05f));
            Brush.Tube<Brush.Cylinder>(canvas.Layer2, frame.MapTube([root, middle, tip], 0.015f), 0.42f);
        }
        float[] layer = canvas.Layer.Values, air = canvas.Layer2.Values;
        for (int i = 0; i < layer.Length; i++) layer[i] *= 1 - air[i];
    }

    // Patchy, ill-defined, mottled.
    private void Pneumonia(Lesion lesion, CounterRandom random)
    {
        int patches = random.Integer(2, 5);
        for (int i = 0; i < patches; i++)
        {
            float size = lesion.Size * random.Range(0.45f, 0.8f);
            Blob(canvas.Layer, random, lesion.X + random.Range(-0.6f, 0.6f) * lesion.Size, lesion.Y + random.Range(-0.6f, 0.6f) * lesion.Size,
                size, size * random.Range(0.7f, 1.2f), 0.25f);
        }
        canvas.Layer.Blur(0.25f * lesion.Size * frame.Pixels, canvas.Scratch);
        canvas.Layer2.FillNoise(random, 0.06f * frame.Pixels);
        canvas.Layer2.Blur(0.018f * frame.Pixels, canvas.Scratch);
        float[] layer = canvas.Layer.Values, mottle = canvas.Layer2.Values;
        for (int i = 0; i < layer.Length; i++) layer[i] *= Math.Clamp(0.66f + 0.4f * mottle[i], 0.2f, 1);
    }

    // A hazy patch through which the vessels still show.
    private void GroundGlass(Lesion lesion, CounterRandom random)
    {
        Blob(canvas.Layer, random, lesion.X, lesion.Y, lesion.Size, lesion.Size * random.Range(0.75f, 1.25f), 0.14f);
        canvas.Layer.Blur(0.3f * lesion.Size * frame.Pixels, canvas.Scratch);
    }

    // Plate-like bands, one to three, nearly level.
    private void Bands(Lesion lesion, CounterRandom random)
    {
        int bands = random.Integer(1, 4);
        float rise = frame.Dome(lesion.Side) - (lesion.Side < 0 ? 0.72f : 0.79f); // a base stays a base under a risen dome
        for (int i = 0; i < bands; i++)
        {
            float half = lesion.Size * random.Range(0.6f, 1f) / 2, tilt = lesion.Side * random.Range(-0.5f, 0.25f);
            float x = lesion.X + random.Range(-0.08f, 0.08f), y = lesion.Y + rise + random.Range(-0.12f, 0.12f), bow = random.Range(-0.03f, 0.03f);
            Vector2[] band = [new(x - half, y - half * tilt), new(x, y + bow), new(x + half, y + half * tilt)];
            Brush.Tube<Brush.Band>(canvas.Layer, frame.MapTube(band, lesion.Size * random.Range(0.035f, 0.065f)), random.Range(0.6f, 0.8f));
        }
        canvas.Layer.Blur(0.008f * frame.Pixels, canvas.Scratch);
    }

    // A triangle of collapsed lung against spine and diaphragm.
    private void Collapse(Lesion lesion, CounterRandom random)
    {
        float dome = frame.Dome(lesion.Side), size = lesion.Size;
        float inner = lesion.Site == "retrocardiac" ? 0.1f : 0.14f;
        Vector2[] wedge =
        [
            new(lesion.Side * inner, dome - 1.7f * size), new(lesion.Side * (inner + 0.35f * size), dome - 0.8f * size * random.Range(0.85f, 1.15f)),
            new(lesion.Side * (inner + 1.5f * size), dome + 0.1f), new(lesion.Side * inner, dome + 0.3f),
        ];
        Brush.Fill(canvas.Layer, frame.MapAll(wedge), canvas.Scratch);
        canvas.Layer.Blur(0.03f * frame.Pixels, canvas.Scratch);
    }

    private void Effusion(Lesion lesion)
    {
        float dome = frame.Dome(lesion.Side), height = lesion.Size;
        if (lesion.Variant == 1) // layering behind the lung of a lying patient: a veil, denser below
        {
            float density = 0.35f + 0.35f * lesion.Magnitude;
            ForEach((ref float value, Vector2 p) =>
                value = density * Math.Clamp((p.Y + 0.75f - 0.6f * height) / 1.2f, 0, 1)
                    + Math.Clamp((p.Y - dome - 0.1f + 0.25f * height) / 0.12f, 0, 1) * (1 - density));
            return;
        }
        // The meniscus: level in the middle, climbing the chest wall.
        float floor = dome + 0.2f;
        ForEach((ref float value, Vector2 p) =>
        {
            float across = Math.Clamp(p.X * lesion.Side / ThoraxFrame.Wall(p.Y), 0, 1);
            float climb = across * across * across;
            float surface = floor - height * (0.55f + 0.95f * climb * climb);
            value = Math.Clamp(0.5f + (p.Y - surface) / (0.035f + 0.11f * climb), 0, 1);
        });
    }

    private PhantomBox? Pneumothorax(Lesion lesion)
    {
        float share = Math.Clamp(lesion.Size, 0.06f, 0.62f);
        var outline = frame.LungOutline(lesion.Side);
        var hilum = new Vector2(lesion.Side * 0.24f, 0.02f);
        float dome = frame.Dome(lesion.Side);
        var edge = new List<Vector2>();
        for (int i = 0; i < outline.Length; i++)
        {
            var p = outline[i];
            // The lung falls away from apex and side wall; a deep sulcus (lying patient) is air at the base.
            float lateral = Math.Clamp((p.X * lesion.Side - 0.22f) / 0.3f, 0, 1);
            float height = lesion.Variant == 0
                ? Math.Clamp((dome + 0.1f - p.Y) / 1.1f, 0, 1)
                : Math.Clamp((p.Y + 0.5f) / 1.1f, 0, 1);
            outline[i] = p + (hilum - p) * (share * lateral * (0.25f + 0.75f * height) * (lesion.Variant == 0 || p.Y < dome + 0.2f ? 1 : 0.8f));
            if (lateral * height > 0.12f) edge.Add(outline[i]);
        }
        canvas.Layer.Clear();
        Brush.Fill(canvas.Layer, frame.MapAll(outline), canvas.Scratch);
        canvas.Layer.Blur(0.008f * frame.Pixels, canvas.Scratch); // as the lungs' own mask was, so that shared borders cancel
        float[] air = canvas.Layer.Values, mask = canvas.LungMask.Values;
        for (int i = 0; i < air.Length; i++) air[i] = MathF.Max(0, mask[i] - air[i]);
        KeepSide(canvas.Layer, lesion.Side);
        var box = BoxOf(lesion, canvas.Layer, canvas.LungDepth, 0.3f);
        canvas.PleuralAir.Screen(canvas.Layer, Math.Clamp(0.35f + 0.65f * lesion.Contrast, 0, 1));

        canvas.Layer2.Clear();
        var line = new List<Vector3>();
        for (int i = 0; i < edge.Count; i++)
        {
            if (i > 0 && (edge[i] - edge[i - 1]).Length() > 0.25f) // the outline's other end
            {
                Brush.Tube<Brush.Cylinder>(canvas.Layer2, line.ToArray(), 0.2f);
                line.Clear();
            }
            line.Add(frame.Map(edge[i].X, edge[i].Y, 0.009f, 0));
        }
        Brush.Tube<Brush.Cylinder>(canvas.Layer2, line.ToArray(), 0.2f);
        canvas.Layer2.Multiply(canvas.LungMask);
        canvas.Density.AddScaled(canvas.Layer2, lesion.Contrast);
        // What is left of the lung is denser for having collapsed.
        float denser = 0.12f * share * lesion.Contrast;
        for (int i = 0; i < air.Length; i++) air[i] = mask[i] * (1 - air[i]);
        KeepSide(canvas.Layer, lesion.Side);
        canvas.Fluid.Screen(canvas.Layer, denser);
        return box;
    }

    /// <summary>A closed, irregular outline, filled.</summary>
    private void Blob(FloatPlane plane, CounterRandom random, float x, float y, float radiusX, float radiusY, float irregularity)
    {
        Span<float> phases = stackalloc float[4];
        Span<float> heights = stackalloc float[4];
        for (int k = 0; k < phases.Length; k++) (phases[k], heights[k]) = (random.Range(0, 6.28f), irregularity * random.Range(0.3f, 1) / (k + 1));
        var outline = new Vector2[40];
        for (int i = 0; i < outline.Length; i++)
        {
            float angle = 2 * MathF.PI * i / outline.Length, radius = 1;
            for (int k = 0; k < phases.Length; k++) radius += heights[k] * MathF.Cos((k + 2) * angle + phases[k]);
            var (s, c) = MathF.SinCos(angle);
            outline[i] = frame.Map(x + radiusX * radius * c, y + radiusY * radius * s);
        }
        Brush.Fill(plane, outline, canvas.Scratch);
    }

    private delegate void Shade(ref float value, Vector2 thoraxPoint);

    private void ForEach(Shade shade)
    {
        for (int y = 0; y < canvas.Height; y++)
        {
            var row = canvas.Layer.Row(y);
            Vector2 p = frame.Invert(0, y), step = frame.Invert(1, y) - p;
            for (int x = 0; x < row.Length; x++, p += step) shade(ref row[x], p);
        }
    }

    // What is of one side ends at the spine.
    private void KeepSide(FloatPlane layer, int side)
    {
        for (int y = 0; y < layer.Height; y++)
        {
            float p = frame.Invert(0, y).X * side, step = (frame.Invert(1, y).X - frame.Invert(0, y).X) * side;
            var row = layer.Row(y);
            for (int x = 0; x < row.Length; x++, p += step)
                if (p <= 0) row[x] = 0;
        }
    }
}
