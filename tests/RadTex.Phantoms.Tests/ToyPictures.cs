using RadTex.Gating;
using RadTex.Inspection;

namespace RadTex.Phantoms.Tests;

/// <summary>Small pictures for tests of the gate: synthetic frontal radiographs, and what is none.</summary>
internal static class ToyPictures
{
    internal const int Side = 64, FeatureWidth = 32;

    internal static IEnumerable<(byte[] Pixels, int Height, int Width, string Patient)> Phantoms(int count, ulong seed)
    {
        var planner = new PhantomPlanner(new PhantomOptions(Count: 1, Seed: seed, ShortSidePixels: Side));
        var renderer = new PhantomRenderer();
        for (int p = 0; p < count; p++)
        {
            var patient = planner.Plan(p);
            var drawn = renderer.Render(patient, patient.Studies[0], 0);
            yield return (drawn.Pixels, drawn.Height, drawn.Width, $"p{p}");
        }
    }

    internal static byte[] Inverted(byte[] pixels) => [.. pixels.Select(v => (byte)(255 - v))];

    /// <summary>A trunk from the side: air ahead and behind, bright shoulders, spine and abdomen, a heart that leans on the breastbone.</summary>
    internal static byte[] Lateral(int seed, bool facingRight)
    {
        var random = new CounterRandom(9, (ulong)seed);
        double shift = random.Range(-0.04f, 0.04f), wide = random.Range(0.9f, 1.1f);
        return Picture((x, y) =>
        {
            double u = ((facingRight ? Side - 1 - x : x) + 0.5) / Side + shift, v = (y + 0.5) / Side;
            double front = 0.5 - (0.22 + 0.2 * v) * wide, back = 0.5 + (0.38 - 0.06 * v) * wide;
            if (u < front || u > back) return 5;
            double value = 95 + 90 * Math.Exp(-Math.Pow(v / 0.22, 2)) + 25 * Math.Exp(-Math.Pow((u - 0.72) / 0.06, 2));
            value += v > 0.8 - 0.1 * u ? 90 : 0;
            value += 60 * Math.Exp(-Math.Pow((u - 0.38) / 0.14, 2) - Math.Pow((v - 0.66) / 0.13, 2));
            return (byte)Math.Clamp(value + random.Range(-8, 8), 0, 255);
        });
    }

    internal static byte[] Noise(int seed)
    {
        var random = new CounterRandom(10, (ulong)seed);
        return Picture((_, _) => (byte)random.Integer(0, 256));
    }

    /// <summary>Lines of dark words on paper.</summary>
    internal static byte[] Page(int seed)
    {
        var random = new CounterRandom(11, (ulong)seed);
        return Picture((x, y) => y % 5 < 2 && x is > 4 and < 58 && random.Chance(0.6f) ? (byte)20 : (byte)245);
    }

    /// <summary>Five bright fingers over a bright palm on black.</summary>
    internal static byte[] Hand(int seed)
    {
        var random = new CounterRandom(12, (ulong)seed);
        double shift = random.Range(-3, 3);
        return Picture((x, y) =>
        {
            double u = x + shift;
            bool palm = Math.Pow((u - 32) / 14, 2) + Math.Pow((y - 44.0) / 12, 2) < 1;
            bool finger = y is > 8 and < 40 && Math.Abs((u - 16) % 8 - 4) < 2 && u is > 16 and < 48;
            return palm ? (byte)150 : finger ? (byte)190 : (byte)8;
        });
    }

    /// <summary>Stands for an encoder: how much of each grey and of each edge a picture has, wherever it is.</summary>
    internal static float[] Features(byte[] pixels, int width)
    {
        var features = new float[FeatureWidth];
        for (int i = 0; i < pixels.Length; i++)
        {
            features[pixels[i] / 16]++;
            int right = i % width + 1 < width ? Math.Abs(pixels[i] - pixels[i + 1]) : 0;
            int below = i + width < pixels.Length ? Math.Abs(pixels[i] - pixels[i + width]) : 0;
            features[16 + Math.Min(7, right / 4)]++;
            features[24 + Math.Min(7, below / 4)]++;
        }
        return [.. features.Select(f => f / pixels.Length)];
    }

    internal static LikenessSample Sample(int count, ulong seed)
    {
        var drawn = Phantoms(count, seed).ToArray();
        return new(
            FeatureWidth, [.. drawn.SelectMany(d => Features(d.Pixels, d.Width))],
            [.. drawn.Select(d => PictureShape.Of(d.Pixels, d.Height, d.Width))], [.. drawn.Select(d => d.Patient)]);
    }

    private static byte[] Picture(Func<int, int, byte> value) => [.. Enumerable.Range(0, Side * Side).Select(i => value(i % Side, i / Side))];
}
