namespace RadTex.Phantoms;

/// <summary>A drawn synthetic radiograph: <paramref name="Pixels"/> row by row, 0 black (air) to 255 white (MONOCHROME2).</summary>
public sealed record PhantomRadiograph(int Width, int Height, byte[] Pixels, IReadOnlyList<PhantomBox> Boxes);
