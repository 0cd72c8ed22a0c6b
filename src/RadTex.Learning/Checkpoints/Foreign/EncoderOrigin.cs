using RadTex.Imaging.Transforms;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>Where an encoder's weights come from, and the input that origin trained on.</summary>
/// <param name="Name">As <c>radtex import</c> takes it.</param>
/// <param name="Title">In words, for the card.</param>
/// <param name="ImageSize">Side in pixels; null where the user must say.</param>
/// <param name="Scaling">Of three channels; null where the user must say.</param>
/// <param name="GreyScaling">Of a file of one channel.</param>
/// <param name="Architecture">The only one that origin publishes; null for any.</param>
public sealed record EncoderOrigin(
    string Name, string Title, int? ImageSize, IntensityScaling? Scaling, IntensityScaling? GreyScaling, string? Architecture = null)
{
    /// <summary>Reads a file of this origin: by default safetensors or a PyTorch file.</summary>
    internal Func<string, ForeignWeights> Open { get; init; } = ForeignWeights.Open;

    /// <summary>The standardisation its three channels were trained with, where none of <see cref="IntensityScaling"/> is that; else null.</summary>
    internal IReadOnlyList<(double Mean, double Deviation)>? TrainedWith { get; init; }

    /// <summary>
    /// torchvision: ImageNet, 224 px, divided by 255 and standardised. cxr14: the ChestX-ray14 ResNet-50 of Hosseinzadeh Taher et al. 2021, fed like
    /// ImageNet's. torchxrayvision: one channel, 512 px, [-1024, 1024]. state-dict: torchvision's names (or a key map), the rest is the user's to
    /// say.
    /// </summary>
    public static IReadOnlyList<EncoderOrigin> All { get; } =
    [
        new("torchvision", "torchvision", 224, IntensityScaling.ImageNet255, IntensityScaling.Max),
        new(
            "cxr14", "the ChestX-ray14 ResNet-50 of Hosseinzadeh Taher et al. 2021", 224, IntensityScaling.ImageNet255, IntensityScaling.Max,
            "resnet50"),
        new("torchxrayvision", "torchxrayvision", 512, null, IntensityScaling.PlusMinus1024, "resnet50"),
        new("state-dict", "a state dict", null, null, null),
    ];

    /// <exception cref="UserErrorException">No such origin.</exception>
    public static EncoderOrigin Parse(string name) =>
        All.FirstOrDefault(o => o.Name == name)
        ?? throw new UserErrorException(
            $"No encoders of '{name}' are known. Expected {string.Join(", ", All.Select(o => o.Name))}, mlnet or virtex.");
}
