namespace RadTex.Phantoms;

/// <summary>A drawn synthetic radiograph: <paramref name="Pixels"/> row by row, 0 black (air) to 255 white (MONOCHROME2).</summary>
public sealed record PhantomRadiograph(int Width, int Height, byte[] Pixels, IReadOnlyList<PhantomBox> Boxes)
{
    /// <summary>The same in as many bits as were asked for, 0 to 2^bits - 1; none where nobody asked.</summary>
    internal ushort[] Words { get; init; } = [];
}
