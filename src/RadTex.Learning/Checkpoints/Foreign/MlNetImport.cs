using RadTex.Imaging.Transforms;
using RadTex.Learning.Models.Encoders;
using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>
/// The ImageNet ResNet-18 that ML.NET publishes as an ONNX graph (NuGet: Microsoft.ML.DnnImageFeaturizer.ResNet18; CNTK's, basic blocks of
/// 2, 2, 2, 3): an <see cref="EncoderOrigin"/> for <see cref="EncoderImport"/>.
/// </summary>
public static class MlNetImport
{
    private const string Architecture = "resnet18-mlnet";

    /// <summary>Means of the mean image that its preprocessing subtracts from bytes, in its order: blue, green, red.</summary>
    internal static IReadOnlyList<double> MeanBytes { get; } = [103.0626, 115.9029, 123.1516];

    /// <summary>
    /// Trained on bytes, blue first, less a mean image of 224 x 224; an encoder takes red first, standardised as torchvision's. The two agree but for
    /// what the mean image varies in itself.
    /// </summary>
    public static EncoderOrigin Origin { get; } = new(
        "mlnet", "ML.NET's ResNet-18 (CNTK, ImageNet)", 224, IntensityScaling.ImageNet255, null)
    {
        Sizes = new Dictionary<string, int> { [Architecture] = 224 },
        Open = path =>
        {
            var weights = ReadWeights(path);
            weights["conv1.weight"] = Reversed(weights["conv1.weight"]);
            return ForeignWeights.Of(path, weights);
        },
        TrainedWith = [.. MeanBytes.Reverse().Select(mean => (mean / byte.MaxValue, 1.0 / byte.MaxValue))],
    };

    /// <summary>The graph's own weights under torchvision's names: for bytes, blue first, less the mean image.</summary>
    /// <exception cref="UserErrorException">The file is no such graph.</exception>
    internal static Dictionary<string, Tensor> ReadWeights(string path) => MlNetGraph.Read(path, ResNet.BlocksOf(Architecture));

    private static Tensor Reversed(Tensor kernels)
    {
        using (kernels) return kernels.flip(1L); // [W, 3, 7, 7]
    }
}
