using System.Numerics;

namespace RadTex.Phantoms;

/// <summary>
/// Draws pulmonary edema: at 1 the vessels alone are wider, upwards above all (see <see cref="VesselPainter"/>); at 2 fluid in the
/// interstitium shows as septal (Kerley) lines, a net of fine lines and cuffed bronchi; at 3 it fills the airspace about the hila.
/// </summary>
internal sealed class EdemaPainter(PhantomCanvas canvas, ThoraxFrame frame)
{
    internal PhantomBox? Paint(PhantomStudy study, ulong seed)
    {
        if (study.EdemaSeverity == 0) return null;
        var random = new CounterRandom(seed, 41);
        float contrast = study.EdemaContrast;
        if (study.EdemaSeverity >= 2) Interstitial(random, contrast);
        if (study.EdemaSeverity == 3) Alveolar(random, contrast);
        else if (study.EdemaSeverity == 2) Haze(0.10f * contrast, 0.4f);
        else Haze(0.05f * contrast, 0.28f);
        // It is everywhere: its box is that of both lungs.
        var lungs = LesionPainter.BoxOf(
            new Lesion(PhantomFinding.Edema, 0, "bilateral", study.EdemaSeverity, study.EdemaSeverity / 3f, 1, contrast, 0, 0, 0, study.EdemaTrend),
            canvas.LungMask, null, 0.5f);
        return lungs;
    }

    private void Interstitial(CounterRandom random, float contrast)
    {
        canvas.Layer.Clear();
        Span<Vector3> line = stackalloc Vector3[2];
        for (int side = -1; side <= 1; side += 2)
        {
            int septa = random.Integer(6, 13);
            for (int i = 0; i < septa; i++) // Kerley B: short, level, touching the pleura at the bases
            {
                float y = frame.Dome(side) + 0.12f - random.Range(0, 0.55f), x = ThoraxFrame.Wall(y) - 0.03f, length = random.Range(0.06f, 0.13f);
                line[0] = frame.Map(side * x, y, 0.008f, 0);
                line[1] = frame.Map(side * (x - length), y + random.Range(-0.015f, 0.015f), 0.008f, 0);
                Brush.Tube<Brush.Cylinder>(canvas.Layer, line, 0.16f);
            }
            for (int i = 0; i < 70; i++) // a net of lines, densest about the hila and below
            {
                float x = random.Range(0.2f, 0.92f), y = Math.Clamp(0.2f + 0.38f * random.Normal(), -0.9f, 0.85f), angle = random.Range(0, MathF.PI),
                    half = random.Range(0.025f, 0.06f);
                var (s, c) = MathF.SinCos(angle);
                line[0] = frame.Map(side * (x - half * c), y - half * s, 0.007f, 0);
                line[1] = frame.Map(side * (x + half * c), y + half * s, 0.007f, 0);
                Brush.Tube<Brush.Cylinder>(canvas.Layer, line, 0.12f);
            }
            for (int i = 0; i < 3; i++) // bronchi seen end on, their walls thick
            {
                var centre = frame.Map(side * random.Range(0.3f, 0.48f), random.Range(-0.25f, 0.3f));
                float radius = 0.03f * frame.Pixels;
                var ring = new Vector3[13];
                for (int k = 0; k < ring.Length; k++)
                {
                    var (s, c) = MathF.SinCos(2 * MathF.PI * k / (ring.Length - 1));
                    ring[k] = new Vector3(centre.X + radius * c, centre.Y + radius * s, 0.011f * frame.Pixels);
                }
                Brush.Tube<Brush.Cylinder>(canvas.Layer, ring, 0.14f);
            }
        }
        canvas.Layer.Multiply(canvas.LungMask);
        canvas.Density.AddScaled(canvas.Layer, 0.5f + contrast);
    }

    private void Alveolar(CounterRandom random, float contrast)
    {
        canvas.Layer.Clear();
        canvas.Layer2.FillNoise(random, 0.11f * frame.Pixels);
        float reach = random.Range(0.38f, 0.52f), leftShare = random.Range(0.7f, 1.3f);
        for (int y = 0; y < canvas.Height; y++)
        {
            var row = canvas.Layer.Row(y);
            var mottle = canvas.Layer2.Row(y);
            Vector2 p = frame.Invert(0, y), step = frame.Invert(1, y) - p;
            for (int x = 0; x < row.Length; x++, p += step)
            {
                float dx = (MathF.Abs(p.X) - 0.34f) / reach, dy = (p.Y - 0.12f) / (1.25f * reach);
                row[x] = MathF.Exp(-(dx * dx + dy * dy)) * Math.Clamp(0.8f + 0.28f * mottle[x], 0, 1.3f) * (p.X > 0 ? leftShare : 2 - leftShare);
            }
        }
        canvas.Layer.Multiply(canvas.LungMask);
        canvas.Fluid.Screen(canvas.Layer, Math.Clamp(0.25f + 0.5f * contrast, 0, 0.9f));
    }

    // Vessels lose their sharp edges in a slight haze about the hila.
    private void Haze(float strength, float reach)
    {
        for (int y = 0; y < canvas.Height; y++)
        {
            var row = canvas.Layer.Row(y);
            Vector2 p = frame.Invert(0, y), step = frame.Invert(1, y) - p;
            for (int x = 0; x < row.Length; x++, p += step)
            {
                float dx = (MathF.Abs(p.X) - 0.3f) / reach, dy = (p.Y - 0.05f) / (1.2f * reach);
                row[x] = MathF.Exp(-(dx * dx + dy * dy));
            }
        }
        canvas.Layer.Multiply(canvas.LungMask);
        canvas.Fluid.Screen(canvas.Layer, strength);
    }
}
