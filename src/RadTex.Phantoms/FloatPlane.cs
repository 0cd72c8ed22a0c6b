using System.Numerics;
using System.Runtime.InteropServices;

namespace RadTex.Phantoms;

/// <summary>A grey image of floats, row-major, that drawing and blurring work on. Kept between phantoms, so nothing is allocated a pixel.</summary>
internal sealed class FloatPlane(int width, int height)
{
    internal int Width { get; } = width;

    internal int Height { get; } = height;

    internal float[] Values { get; } = new float[width * height];

    internal Span<float> Row(int y) => Values.AsSpan(y * Width, Width);

    internal void Clear() => Array.Clear(Values);

    internal void Fill(float value) => Array.Fill(Values, value);

    internal void CopyFrom(FloatPlane other) => other.Values.CopyTo(Values, 0);

    /// <summary>this += scale * other.</summary>
    internal void AddScaled(FloatPlane other, float scale)
    {
        var mine = MemoryMarshal.Cast<float, Vector<float>>(Values.AsSpan());
        var theirs = MemoryMarshal.Cast<float, Vector<float>>(other.Values.AsSpan());
        for (int i = 0; i < mine.Length; i++) mine[i] += theirs[i] * scale;
        for (int i = mine.Length * Vector<float>.Count; i < Values.Length; i++) Values[i] += other.Values[i] * scale;
    }

    /// <summary>this *= other.</summary>
    internal void Multiply(FloatPlane other)
    {
        var mine = MemoryMarshal.Cast<float, Vector<float>>(Values.AsSpan());
        var theirs = MemoryMarshal.Cast<float, Vector<float>>(other.Values.AsSpan());
        for (int i = 0; i < mine.Length; i++) mine[i] *= theirs[i];
        for (int i = mine.Length * Vector<float>.Count; i < Values.Length; i++) Values[i] *= other.Values[i];
    }

    /// <summary>this = 1 - (1 - this) * (1 - scale * other): two partly filled volumes laid over one another.</summary>
    internal void Screen(FloatPlane other, float scale)
    {
        for (int i = 0; i < Values.Length; i++)
            Values[i] = 1 - (1 - Values[i]) * (1 - Math.Clamp(scale * other.Values[i], 0, 1));
    }

    internal float Maximum()
    {
        float maximum = float.MinValue;
        foreach (float value in Values) maximum = MathF.Max(maximum, value);
        return maximum;
    }

    /// <summary>
    /// Blurs in place by a Gaussian of <paramref name="sigma"/> pixels. Wide ones are made on a smaller copy: the cost is then flat in sigma.
    /// </summary>
    internal void Blur(float sigma, FloatPlane scratch)
    {
        if (sigma < 0.25f) return;
        int factor = Math.Max(1, (int)(sigma / 2.5f));
        if (factor == 1)
        {
            BlurDirectly(sigma, scratch);
            return;
        }
        var small = Shrink(factor);
        small.BlurDirectly(sigma / factor, new FloatPlane(small.Width, small.Height));
        small.EnlargeInto(this, factor);
    }

    private void BlurDirectly(float sigma, FloatPlane scratch)
    {
        int radius = Math.Max(1, (int)MathF.Ceiling(2.5f * sigma));
        Span<float> kernel = stackalloc float[2 * radius + 1];
        float sum = 0;
        for (int i = -radius; i <= radius; i++) sum += kernel[i + radius] = MathF.Exp(-i * i / (2 * sigma * sigma));
        for (int i = 0; i < kernel.Length; i++) kernel[i] /= sum;

        var padded = new float[Width + 2 * radius]; // each row with its ends repeated, so that no tap needs a bound
        for (int y = 0; y < Height; y++)
        {
            var row = Row(y);
            padded.AsSpan(0, radius).Fill(row[0]);
            row.CopyTo(padded.AsSpan(radius));
            padded.AsSpan(radius + Width).Fill(row[^1]);
            var target = scratch.Row(y);
            target.Clear();
            for (int k = 0; k < kernel.Length; k++) Accumulate(target, padded.AsSpan(k, Width), kernel[k]);
        }
        for (int y = 0; y < Height; y++)
        {
            var target = Row(y);
            target.Clear();
            for (int k = -radius; k <= radius; k++)
                Accumulate(target, scratch.Row(Math.Clamp(y + k, 0, Height - 1)), kernel[k + radius]);
        }
    }

    private static void Accumulate(Span<float> target, ReadOnlySpan<float> source, float weight)
    {
        var t = MemoryMarshal.Cast<float, Vector<float>>(target);
        var s = MemoryMarshal.Cast<float, Vector<float>>(source);
        for (int i = 0; i < t.Length; i++) t[i] += s[i] * weight;
        for (int i = t.Length * Vector<float>.Count; i < target.Length; i++) target[i] += source[i] * weight;
    }

    private FloatPlane Shrink(int factor)
    {
        var small = new FloatPlane((Width + factor - 1) / factor, (Height + factor - 1) / factor);
        for (int y = 0; y < small.Height; y++)
        {
            int y1 = Math.Min(Height, (y + 1) * factor);
            var target = small.Row(y);
            for (int yy = y * factor; yy < y1; yy++)
            {
                var row = Row(yy);
                for (int x = 0; x < target.Length; x++)
                {
                    int x1 = Math.Min(Width, (x + 1) * factor);
                    float sum = 0;
                    for (int xx = x * factor; xx < x1; xx++) sum += row[xx];
                    target[x] += sum / ((x1 - x * factor) * (y1 - y * factor));
                }
            }
        }
        return small;
    }

    /// <summary>Writes this small plane, bilinearly enlarged by <paramref name="factor"/>, over <paramref name="target"/>.</summary>
    private void EnlargeInto(FloatPlane target, int factor) =>
        SampleInto(target, 1f / factor, 1f / factor, 0.5f / factor - 0.5f, 0.5f / factor - 0.5f);

    /// <summary>target[x, y] = this at (x * scaleX + offsetX, y * scaleY + offsetY), bilinear, ends repeated.</summary>
    internal void SampleInto(FloatPlane target, float scaleX, float scaleY, float offsetX, float offsetY)
    {
        var columns = new int[target.Width];
        var parts = new float[target.Width];
        for (int x = 0; x < target.Width; x++)
        {
            float position = Math.Clamp(x * scaleX + offsetX, 0, Width - 1.001f);
            columns[x] = (int)position;
            parts[x] = position - columns[x];
        }
        var blended = new float[Width + 1];
        for (int y = 0; y < target.Height; y++)
        {
            float position = Math.Clamp(y * scaleY + offsetY, 0, Height - 1.001f);
            int row = (int)position;
            float part = position - row;
            var upper = Row(row);
            var lower = Row(Math.Min(row + 1, Height - 1));
            for (int x = 0; x < Width; x++) blended[x] = upper[x] + (lower[x] - upper[x]) * part;
            blended[Width] = blended[Width - 1];
            var output = target.Row(y);
            for (int x = 0; x < output.Length; x++)
            {
                float left = blended[columns[x]];
                output[x] = left + (blended[columns[x] + 1] - left) * parts[x];
            }
        }
    }

    /// <summary>Fills with smooth noise of about unit variance whose grains are <paramref name="grain"/> pixels wide.</summary>
    internal void FillNoise(CounterRandom random, float grain)
    {
        var coarse = new FloatPlane(Math.Max(2, (int)(Width / grain) + 3), Math.Max(2, (int)(Height / grain) + 3));
        for (int i = 0; i < coarse.Values.Length; i++) coarse.Values[i] = 1.4f * random.Normal();
        coarse.SampleInto(this, 1 / grain, 1 / grain, random.Uniform(), random.Uniform());
    }
}
