using RadTex.Imaging.Transforms;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>Where an encoder's weights come from, and the input that origin trained on.</summary>
/// <param name="Name">As <c>radtex import</c> takes it.</param>
/// <param name="Title">In words, for the card.</param>
/// <param name="ImageSize">Side in pixels, where neither the architecture nor learned positions say; null where the user must.</param>
/// <param name="Scaling">Of three channels; null where the user must say.</param>
/// <param name="GreyScaling">Of a file of one channel.</param>
public sealed record EncoderOrigin(string Name, string Title, int? ImageSize, IntensityScaling? Scaling, IntensityScaling? GreyScaling)
{
    /// <summary>The only architectures that origin publishes, with their image sizes; null for any.</summary>
    public IReadOnlyDictionary<string, int>? Sizes { get; init; }

    /// <summary>Reads a file of this origin: by default safetensors or a PyTorch file.</summary>
    internal Func<string, ForeignWeights> Open { get; init; } = ForeignWeights.Open;

    /// <summary>The standardisation its three channels were trained with, where none of <see cref="IntensityScaling"/> is that; else null.</summary>
    internal IReadOnlyList<(double Mean, double Deviation)>? TrainedWith { get; init; }

    /// <summary>Keys of its files that belong to no encoder, such as <c>projector.*</c>.</summary>
    internal IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>
    /// torchvision: ImageNet, 224 px, divided by 255 and standardised. cxr14: the ChestX-ray14 ResNet-50 of Hosseinzadeh Taher et al. 2021, fed like
    /// ImageNet's. torchxrayvision: one channel, [-1024, 1024], its ResNet-50 at 512 px, its DenseNet-121 at 224 px. timm: its ViTs, which were
    /// trained on [-1, 1]. mae and dinov2: ImageNet's input. rad-dino: the means of its published preprocessor. biovil: 480 px in [0, 1].
    /// state-dict: a naming that is known (or a key map), the rest is the user's to say.
    /// </summary>
    public static IReadOnlyList<EncoderOrigin> All { get; } =
    [
        new("torchvision", "torchvision", 224, IntensityScaling.ImageNet255, IntensityScaling.Max),
        new("cxr14", "the ChestX-ray14 ResNet-50 of Hosseinzadeh Taher et al. 2021", 224, IntensityScaling.ImageNet255, IntensityScaling.Max)
        {
            Sizes = new Dictionary<string, int> { ["resnet50"] = 224 },
        },
        new("torchxrayvision", "torchxrayvision", null, null, IntensityScaling.PlusMinus1024)
        {
            Sizes = new Dictionary<string, int> { ["resnet50"] = 512, ["densenet121"] = 224 },
        },
        new("timm", "timm", 224, IntensityScaling.ImageNet255, null) { TrainedWith = Same(0.5, 0.5) },
        new("mae", "MAE", 224, IntensityScaling.ImageNet255, null),
        new("dinov2", "DINOv2", 518, IntensityScaling.ImageNet255, null),
        new("rad-dino", "RAD-DINO", 518, IntensityScaling.ImageNet255, null)
        {
            Sizes = new Dictionary<string, int> { ["vit-base-14-dino"] = 518 },
            TrainedWith = Same(0.5307, 0.2583), // its preprocessor_config.json
        },
        new("biovil", "BioViL", 480, IntensityScaling.Max, null)
        {
            Sizes = new Dictionary<string, int> { ["resnet50"] = 480 },
            LeftOut = ["projector.*", "classifier.*"],
        },
        new("state-dict", "a state dict", null, null, null),
    ];

    /// <summary>The origin of a name, such as "timm".</summary>
    /// <exception cref="UserErrorException">No such origin.</exception>
    public static EncoderOrigin Parse(string name) =>
        All.FirstOrDefault(o => o.Name == name)
        ?? throw new UserErrorException(
            $"No encoders of '{name}' are known. Expected {string.Join(", ", All.Select(o => o.Name))}, mlnet, onnx or virtex.");

    /// <summary>Side in pixels that an architecture of this origin was trained at; null where it is not known.</summary>
    internal int? SizeOf(string architecture) => Sizes is { } sizes && sizes.TryGetValue(architecture, out int size) ? size : ImageSize;

    private static (double, double)[] Same(double mean, double deviation) => [.. Enumerable.Repeat((mean, deviation), 3)];
}
