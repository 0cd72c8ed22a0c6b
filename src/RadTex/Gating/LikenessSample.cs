using RadTex.Inspection;

namespace RadTex.Gating;

/// <summary>Training radiographs as <see cref="TrainingLikeness"/> learns from them.</summary>
/// <param name="Width">F, features of each.</param>
/// <param name="Features">n * F, the encoder's pooled features, row by row.</param>
/// <param name="Shapes">Of each.</param>
/// <param name="Patients">Of each: a patient is in one fold.</param>
internal sealed record LikenessSample(int Width, float[] Features, IReadOnlyList<PictureShape> Shapes, IReadOnlyList<string> Patients)
{
    /// <summary>More than these tell nothing more; the cost is bounded by them.</summary>
    internal const int Most = 2048;

    internal int Count => Shapes.Count;

    internal ReadOnlySpan<float> Row(int index) => Features.AsSpan(index * Width, Width);

    /// <summary>Which of so many radiographs are taken: all, or so many at most that are drawn with a fixed seed, in their own order.</summary>
    internal static int[] Draw(int count, int most) =>
        count <= most ? [.. Enumerable.Range(0, count)] : [.. new CounterRandom(2).Permutation(count).Take(most).Order()];

    internal LikenessSample Select(IReadOnlyList<int> rows)
    {
        var features = new float[rows.Count * Width];
        for (int i = 0; i < rows.Count; i++) Row(rows[i]).CopyTo(features.AsSpan(i * Width));
        return new(Width, features, [.. rows.Select(r => Shapes[r])], [.. rows.Select(r => Patients[r])]);
    }
}
