namespace RadTex.Metrics;

/// <summary>A rectangle of pixels, both ends within it.</summary>
/// <param name="XMin">Left edge, in pixels from the left of the picture.</param>
/// <param name="YMin">Upper edge, in pixels from its top.</param>
/// <param name="XMax">Right edge.</param>
/// <param name="YMax">Lower edge.</param>
public readonly record struct PixelBox(double XMin, double YMin, double XMax, double YMax)
{
    /// <summary>Whether a point lies within the rectangle or on its edge.</summary>
    /// <param name="x">Column, in pixels from the left.</param>
    /// <param name="y">Row, in pixels from the top.</param>
    public bool Contains(double x, double y) => x >= XMin && x <= XMax && y >= YMin && y <= YMax;
}
