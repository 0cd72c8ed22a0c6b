using System.Numerics;
using System.Runtime.InteropServices;

namespace RadTex.Phantoms;

/// <summary>
/// From what lies along each ray to grey values: Beer and Lambert's attenuation, scatter, the detector's blur, quantum noise, then the
/// logarithm, a window and a display curve. Dense is bright (MONOCHROME2).
/// </summary>
internal sealed class ExposureChain(PhantomCanvas canvas, PhantomPatient patient, Exposure exposure)
{
    private const int UsualSteps = 1024, ManySteps = 65_536;
    private const float WaterPerCm = 0.2f; // attenuation of soft tissue at about 60 keV, per centimetre

    internal ushort[] Develop(float pixelsAUnit, int bits)
    {
        float density = patient.Anatomy.LungDensity, thickness = patient.Anatomy.BodyThicknessCm;
        float[] body = canvas.Body.Values, lung = canvas.LungDepth.Values, fluid = canvas.Fluid.Values, air = canvas.PleuralAir.Values,
            vessels = canvas.Vessels.Values, extra = canvas.Density.Values, attenuation = canvas.Layer.Values;
        canvas.Layer2.FillNoise(new CounterRandom(patient.Anatomy.Seed, 61), 0.05f * pixelsAUnit); // lung is not even
        var texture = canvas.Layer2.Values;
        for (int i = 0; i < body.Length; i++)
        {
            float held = density * (1 - air[i]) * (1 + 0.1f * texture[i]);      // tissue and blood among the air
            float gas = lung[i] * (1 - held) * (1 - fluid[i] * (1 - air[i]));
            float blood = MathF.Min(vessels[i], 0.5f * lung[i]) * (1 - fluid[i]) * (1 - air[i]) * 1.35f;
            attenuation[i] = WaterPerCm * MathF.Max(0, body[i] - gas + blood) + extra[i];
        }
        float reference = MathF.Exp(-WaterPerCm * thickness * 0.65f); // about what reaches the detector behind a lung
        Transmit(attenuation, -1);
        if (exposure.BlurPixels > 0.25f) canvas.Layer.Blur(exposure.BlurPixels * MathF.Max(1, canvas.Width / 256f), canvas.Scratch);
        AddScatter(reference);
        AddNoise(attenuation, reference);
        Logarithm(attenuation);
        return Display(attenuation, thickness, density, bits);
    }

    private static void Transmit(Span<float> values, float sign)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        for (int i = 0; i < vectors.Length; i++) vectors[i] = Vector.Exp(vectors[i] * sign);
        for (int i = vectors.Length * Vector<float>.Count; i < values.Length; i++) values[i] = MathF.Exp(sign * values[i]);
    }

    private static void Logarithm(Span<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        for (int i = 0; i < vectors.Length; i++) vectors[i] = -Vector.Log(vectors[i]);
        for (int i = vectors.Length * Vector<float>.Count; i < values.Length; i++) values[i] = -MathF.Log(values[i]);
    }

    // Scattered photons lay a fog of the picture's own far-blurred brightness over it. Bare air scatters nothing, so it is cut first.
    private void AddScatter(float reference)
    {
        for (int i = 0; i < canvas.Layer.Values.Length; i++) canvas.Layer2.Values[i] = MathF.Min(canvas.Layer.Values[i], 2 * reference);
        canvas.Layer2.Blur(canvas.Width * 0.1f, canvas.Scratch);
        canvas.Layer.AddScaled(canvas.Layer2, exposure.ScatterShare);
    }

    private void AddNoise(Span<float> values, float reference)
    {
        // A pixel of a small picture gathers the quanta of many detector elements: noise shrinks with the picture.
        float quanta = 2600 * exposure.Dose / reference * (256f / canvas.Width);
        ulong key = CounterRandom.Hash(exposure.Seed, 71);
        float scale = 1 / quanta, step = 0.25f;
        for (int i = 0; i < values.Length; i++)
        {
            // The number of ones in 64 random bits is nearly normal: mean 32, standard deviation 4.
            ulong z = key + (ulong)i * 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            float normal = (BitOperations.PopCount(z) - 32) * step;
            values[i] = MathF.Max(values[i] + MathF.Sqrt(values[i] * scale) * normal, 1e-5f);
        }
    }

    private ushort[] Display(ReadOnlySpan<float> density, float thickness, float lungDensity, int bits)
    {
        // The window follows from the body, not from the picture's histogram: a lesion changes the grey values where it lies and nowhere else.
        float dark = WaterPerCm * thickness * (1 - AnatomyPainter.LungShare * (1 - lungDensity)) - 0.62f, bright = WaterPerCm * thickness + 0.62f;
        float centre = (dark + bright) / 2 + exposure.WindowCentre, width = (bright - dark) * exposure.WindowWidth;
        int largest = (1 << bits) - 1;
        var curve = new ushort[bits == 8 ? UsualSteps : ManySteps];
        for (int i = 0; i < curve.Length; i++)
        {
            float t = (float)i / (curve.Length - 1);
            float s = t * t * (3 - 2 * t); // film's toe and shoulder
            curve[i] = (ushort)MathF.Round(largest * MathF.Pow(0.55f * t + 0.45f * s, exposure.Gamma));
        }
        var pixels = new ushort[density.Length];
        ushort shut = (ushort)(2 * largest / byte.MaxValue);
        int edge = exposure.CollimatedEdge;
        int margin = edge == 0 ? 0 : (int)(canvas.Width * (0.02f + 0.02f * edge));
        for (int y = 0; y < canvas.Height; y++)
        {
            float tilt = exposure.GradientY * (2f * y / canvas.Height - 1);
            for (int x = 0; x < canvas.Width; x++)
            {
                int i = y * canvas.Width + x;
                float even = density[i] + tilt + exposure.GradientX * (2f * x / canvas.Width - 1);
                float t = (even - centre) / width + 0.5f;
                bool isShut = (edge == 1 && x < margin) || (edge == 2 && x >= canvas.Width - margin) || (edge == 3 && y < margin)
                    || (edge == 4 && y >= canvas.Height - margin);
                pixels[i] = isShut ? shut : curve[(int)(Math.Clamp(t, 0, 1) * (curve.Length - 1))];
            }
        }
        return pixels;
    }
}
