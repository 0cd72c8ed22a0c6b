namespace RadTex.Learning.Models.Encoders;

/// <summary>Which image encoder: what <see cref="Encoders.Create"/> needs to build one, and what a card keeps of it.</summary>
/// <param name="Architecture">One of <see cref="Encoders.Names"/>.</param>
/// <param name="Width">The architecture's own measure of width, 1 to 1,024: of a ResNet or DenseNet the channels of its first
/// stage, of a vision transformer those of a head. 64 is the published one.</param>
/// <param name="Channels">Image channels C: 1 or 3.</param>
/// <param name="ImageSize">Image side S in pixels that it is built for; it takes others too.</param>
public sealed record EncoderSpec(string Architecture, int Width = 64, int Channels = 1, int ImageSize = 256)
{
    internal const int LargestWidth = 1024;

    /// <summary>Everything that keeps it from being built, in words: what was found and what was expected.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        var architecture = Encoders.Find(Architecture);
        if (architecture is null) faults.Add($"backbone '{Architecture}' (expected {string.Join(", ", Encoders.Names)})");
        if (Channels is not (1 or 3)) faults.Add($"channels {Channels} (expected 1 or 3)");
        if (Width is < 1 or > LargestWidth) faults.Add($"backbone width {Width} (expected 1 to {LargestWidth:N0})");
        if (architecture?.Takes(ImageSize) == false) faults.Add($"image size {ImageSize} (expected {architecture.Sizes})");
        return faults;
    }
}
