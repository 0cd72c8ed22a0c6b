using RadTex.Learning.Models.Encoders;
using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>torchvision's names of a ResNet, which are those here.</summary>
internal sealed class ResNetNaming : WeightNaming
{
    internal override string Title => "a ResNet under torchvision's names";

    internal override (string First, string Second) Marks => ("conv1.weight", "layer1.0.conv1.weight");

    internal override IReadOnlyList<string> LeftOut => ["fc.weight", "fc.bias"];

    internal override InputLayer Input => new("conv1.weight", "bn1.running_mean", IsSubtracted: true, "its batch norm");

    internal override ForeignNetwork Translate(Dictionary<string, Tensor> weights, string path, int? heads) => Describe(weights, path);

    /// <summary>Which ResNet a state dict of torchvision's names is.</summary>
    internal static ForeignNetwork Describe(Dictionary<string, Tensor> weights, string path)
    {
        const string Mark = "conv1.weight";
        if (weights[Mark].shape is not [var width, 1 or 3, 7, 7] || width > EncoderSpec.LargestWidth)
            throw new UserErrorException(
                $"{path}: the first convolution is [{string.Join(",", weights[Mark].shape)}], expected [width, 1 or 3, 7, 7] "
                    + "with a width of at most 1,024.");
        int[] blocks = [.. Enumerable.Range(1, 4)
            .Select(layer => Enumerable.Range(0, 100).TakeWhile(b => weights.ContainsKey($"layer{layer}.{b}.{Mark}")).Count())];
        bool bottleneck = weights.ContainsKey("layer1.0.conv3.weight");
        return new(ResNet.NameOf(blocks, bottleneck) ?? throw new UserErrorException(
            $"{path} is a ResNet of {string.Join(", ", blocks)} {(bottleneck ? "bottleneck" : "basic")} blocks, which is "
                + $"none of {string.Join(", ", ResNet.Names)}."), (int)width);
    }
}
