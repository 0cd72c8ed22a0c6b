namespace RadTex.Imaging.Transforms;

/// <summary>A rotation about the picture's centre followed by a shift, scale and shear constant.</summary>
/// <param name="AngleDegrees">Clockwise as one looks at the picture.</param>
/// <param name="ShiftX">Whole pixels to the right.</param>
/// <param name="ShiftY">Whole pixels downwards.</param>
public readonly record struct AffineMap(double AngleDegrees, int ShiftX, int ShiftY)
{
    /// <summary>Leaves the picture as it is.</summary>
    public static AffineMap Identity => default;

    /// <summary>Whether it has neither angle nor shift.</summary>
    public bool IsIdentity => this == Identity;
}
