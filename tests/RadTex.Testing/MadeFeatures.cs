using RadTex.Data;
using RadTex.Heads;
using RadTex.Studies;

namespace RadTex.Testing;

/// <summary>Features by formula, one radiograph a patient unless said otherwise, for tests of what comes after the encoder.</summary>
internal static class MadeFeatures
{
    internal static RadiographFeatures Of(
        int count, int width, Func<int, int, float> value, IReadOnlyList<string>? labels = null, Func<int, double?[]>? label = null,
        Func<int, string>? patient = null)
    {
        var values = new float[count * width];
        for (int i = 0; i < count; i++)
            for (int j = 0; j < width; j++) values[i * width + j] = value(i, j);
        var rows = Enumerable.Range(0, count)
            .Select(
                i => new PreparedRadiograph(
                    i, $"image{i}", patient?.Invoke(i) ?? $"patient{i}", $"study{i}", "PA", Split.Train, null, label?.Invoke(i) ?? [], "", 0, 1,
                    1)).ToArray();
        return new(rows, labels ?? [], width, values);
    }

    /// <summary>
    /// Two labels: "Signal" shifts feature 0, which rides on a large mean; "Grade" 0..3 shifts feature 1. Every tenth Signal is blank, every eleventh
    /// uncertain.
    /// </summary>
    internal static RadiographFeatures Signal(int count, int seed, string prefix)
    {
        var random = new Random(seed);
        int[] signal = [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < 0.3 ? 1 : 0)],
            grade = [.. Enumerable.Range(0, count).Select(_ => random.Next(4))];
        const int Width = 24;
        return Of(
            count, Width, (i, j) => 5 + (float)(random.NextDouble() - 0.5) * 0.1f + (j == 0 ? 0.06f * signal[i] : j == 1 ? 0.05f * grade[i] : 0),
            ["Signal", "Grade", "Healthy"], i =>
                [i % 10 == 9 ? null : i % 11 == 10 ? -1 : signal[i], grade[i], 1 - signal[i]], i => $"{prefix}{i / 2}");
    }
}
