namespace RadTex.Metrics;

/// <summary>A rectangle of pixels, both ends within it.</summary>
public readonly record struct PixelBox(double XMin, double YMin, double XMax, double YMax)
{
    public bool Contains(double x, double y) => x >= XMin && x <= XMax && y >= YMin && y <= YMax;
}
