using RadTex.Learning.Models.Encoders;
using RadTex.Prediction.Onnx;
using static RadTex.Prediction.Onnx.GraphBuilder;

namespace RadTex.Learning.Export;

/// <summary>
/// A DenseNet in ONNX's operators, from the names of its weights. A norm before a layer stays one: no convolution stands before it.
/// </summary>
internal static class DenseNetBody
{
    /// <inheritdoc cref="EncoderBody"/>
    internal static EncoderOutputs Add(GraphBuilder graph, string image, ImageEncoder encoder, bool foldBatchNorm)
    {
        var nodes = new ConvolutionNodes(graph, encoder, foldBatchNorm);
        string Rectified(string x, string norm) => nodes.Relu(nodes.Norm(x, norm));
        var x = nodes.MaxPool(nodes.Relu(nodes.Convolution(image, "features.conv0", "features.norm0", kernel: 7, stride: 2)));
        for (int block = 1; nodes.Has($"features.denseblock{block}.denselayer1.conv1.weight"); block++)
        {
            for (int layer = 1; $"features.denseblock{block}.denselayer{layer}" is var name && nodes.Has($"{name}.conv1.weight"); layer++)
            {
                var narrow = nodes.Relu(nodes.Convolution(Rectified(x, $"{name}.norm1"), $"{name}.conv1", $"{name}.norm2", kernel: 1, stride: 1));
                x = graph.Node("Concat", $"{name}.all", [x, nodes.Convolution(narrow, $"{name}.conv2", kernel: 3)], Attribute("axis", 1L));
            }
            var transition = $"features.transition{block}";
            if (!nodes.Has($"{transition}.conv.weight")) break;
            var halved = nodes.Convolution(Rectified(x, $"{transition}.norm"), $"{transition}.conv", kernel: 1);
            x = graph.Node("AveragePool", $"{transition}.pool", [halved], Attribute("kernel_shape", 2, 2), Attribute("strides", 2, 2));
        }
        return new(Rectified(x, "features.norm5"));
    }
}
