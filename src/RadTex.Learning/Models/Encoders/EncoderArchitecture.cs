using static TorchSharp.torch;

namespace RadTex.Learning.Models.Encoders;

/// <summary>An architecture under its name: an entry of <see cref="Encoders"/>.</summary>
/// <param name="Name">As configurations and cards spell it: small letters, digits, hyphens.</param>
/// <param name="SmallestImage">The smallest image side in pixels that it is built for.</param>
/// <param name="Create">
/// Builds one on the CPU in float32 with fresh weights; every random value comes from the generator; null, which the registry never gives, is torch's
/// own.
/// </param>
/// <param name="ImageMultiple">Sides must be multiples of it, such as a patch's side; 1 where all will do.</param>
public sealed record EncoderArchitecture(
    string Name, int SmallestImage, Func<EncoderSpec, Generator?, ImageEncoder> Create, int ImageMultiple = 1)
{
    private const int LargestImage = 4096;

    /// <summary>The sides it takes, in words.</summary>
    public string Sizes =>
        $"{SmallestImage} to {LargestImage:N0} pixels" + (ImageMultiple > 1 ? $", a multiple of {ImageMultiple}" : "");

    /// <summary>Whether images of that side can be passed through it.</summary>
    public bool Takes(int imageSize) => imageSize >= SmallestImage && imageSize <= LargestImage && imageSize % ImageMultiple == 0;
}
