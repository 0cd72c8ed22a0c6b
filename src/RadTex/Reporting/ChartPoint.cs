namespace RadTex.Reporting;

/// <summary>One point of a line, with its interval where it has one.</summary>
/// <param name="X">Its place on the x axis.</param>
/// <param name="Y">Its value; a line breaks at a value that is not finite.</param>
/// <param name="Lower">The interval's lower end; null for none.</param>
/// <param name="Upper">The interval's upper end; null for none.</param>
public readonly record struct ChartPoint(double X, double Y, double? Lower = null, double? Upper = null);
