using RadTex.Learning.Models.Encoders;
using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>torchvision's names of a DenseNet-121, which are those here; torchxrayvision adds its thresholds, which are left out.</summary>
internal sealed class DenseNetNaming : WeightNaming
{
    internal override string Title => "a DenseNet under torchvision's names";

    internal override (string First, string Second) Marks => ("features.conv0.weight", "features.denseblock1.denselayer1.conv1.weight");

    internal override IReadOnlyList<string> LeftOut => ["classifier.*", "op_threshs"];

    internal override InputLayer Input => new("features.conv0.weight", "features.norm0.running_mean", IsSubtracted: true, "its batch norm");

    internal override ForeignNetwork Translate(Dictionary<string, Tensor> weights, string path, int? heads)
    {
        var first = weights[Marks.First].shape;
        return first is [var width and <= EncoderSpec.LargestWidth, 1 or 3, 7, 7]
            ? new(DenseNet.Name, (int)width)
            : throw new UserErrorException(
                $"{path}: the first convolution is [{string.Join(",", first)}], expected [width, 1 or 3, 7, 7] with a width of at most 1,024.");
    }
}
