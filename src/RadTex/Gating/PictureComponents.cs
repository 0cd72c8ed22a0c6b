using RadTex.Inspection;

namespace RadTex.Gating;

/// <summary>
/// A picture's shape in few numbers: its coordinates along the principal directions of the training radiographs, and how far it lies off them.
/// </summary>
/// <param name="Mean">The mean shape, [P].</param>
/// <param name="Basis">[k, P], orthonormal rows.</param>
internal sealed record PictureComponents(float[] Mean, float[] Basis)
{
    private const int Most = 40;

    /// <summary>k + 1.</summary>
    internal int Width => Basis.Length / PictureShape.Length + 1;

    internal static PictureComponents Of(IReadOnlyList<PictureShape> shapes)
    {
        const int P = PictureShape.Length;
        double[][] rows = [.. shapes.Select(s => s.Standardised())];
        var mean = new double[P];
        foreach (var row in rows)
            for (int p = 0; p < P; p++) mean[p] += row[p] / rows.Length;
        foreach (var row in rows)
            for (int p = 0; p < P; p++) row[p] -= mean[p];
        var (basis, _) = PrincipalDirections.Of(PrincipalDirections.Covariance(rows, P), Math.Min(Most, rows.Length - 1));
        return new(Array.ConvertAll(mean, v => (float)v), [.. basis.SelectMany(b => b).Select(v => (float)v)]);
    }

    /// <summary>Fills <see cref="Width"/> numbers.</summary>
    internal void Fill(PictureShape shape, Span<double> components)
    {
        var picture = shape.Standardised();
        double left = 0;
        for (int p = 0; p < picture.Length; p++)
        {
            picture[p] -= Mean[p];
            left += picture[p] * picture[p];
        }
        for (int i = 0; i < Width - 1; i++)
        {
            double along = 0;
            for (int p = 0; p < picture.Length; p++) along += Basis[i * PictureShape.Length + p] * picture[p];
            components[i] = along;
            left -= along * along;
        }
        components[Width - 1] = Math.Sqrt(Math.Max(0, left));
    }

    internal bool IsSound() =>
        Mean.Length == PictureShape.Length && Basis.Length % PictureShape.Length == 0 && Width - 1 is > 0 and <= Most
        && Mean.All(float.IsFinite) && Basis.All(float.IsFinite);
}
