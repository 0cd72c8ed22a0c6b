namespace RadTex.Prediction.Evaluation;

/// <summary>A point of a curve.</summary>
/// <param name="X">False positive rate, or recall.</param>
/// <param name="Y">True positive rate, or precision.</param>
public readonly record struct CurvePoint(double X, double Y)
{
    private const int Most = 200;

    /// <summary>At most 200 of a curve's points, its ends among them.</summary>
    internal static IReadOnlyList<CurvePoint> Thinned(IReadOnlyList<CurvePoint> points) =>
        points.Count <= Most ? points : [.. Enumerable.Range(0, Most).Select(i => points[(int)((long)i * (points.Count - 1) / (Most - 1))])];
}
