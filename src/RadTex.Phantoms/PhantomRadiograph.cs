namespace RadTex.Phantoms;

/// <summary>A drawn synthetic radiograph.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Pixels">Height x width bytes, row by row from the top left, 0 black (air) to 255 white (MONOCHROME2).</param>
/// <param name="Boxes">Where its lesions are drawn; empty for one without findings.</param>
public sealed record PhantomRadiograph(int Width, int Height, byte[] Pixels, IReadOnlyList<PhantomBox> Boxes)
{
    /// <summary>The same in as many bits as were asked for, 0 to 2^bits - 1; none where nobody asked.</summary>
    internal ushort[] Words { get; init; } = [];
}
