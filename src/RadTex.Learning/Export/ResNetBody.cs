using RadTex.Learning.Models.Encoders;
using RadTex.Prediction.Onnx;

namespace RadTex.Learning.Export;

/// <summary>A ResNet in ONNX's operators, from the names of its weights.</summary>
internal static class ResNetBody
{
    /// <inheritdoc cref="EncoderBody"/>
    internal static EncoderOutputs Add(GraphBuilder graph, string image, ImageEncoder encoder, bool foldBatchNorm)
    {
        var nodes = new ConvolutionNodes(graph, encoder, foldBatchNorm);
        var x = nodes.MaxPool(nodes.Relu(nodes.Convolution(image, "conv1", "bn1", kernel: 7, stride: 2)));
        for (int layer = 1; layer <= 4; layer++)
            for (int block = 0; nodes.Has($"layer{layer}.{block}.conv1.weight"); block++)
                x = Block(graph, nodes, x, $"layer{layer}.{block}", stride: layer > 1 && block == 0 ? 2 : 1);
        return new(x);
    }

    private static string Block(GraphBuilder graph, ConvolutionNodes nodes, string x, string name, int stride)
    {
        bool bottleneck = nodes.Has($"{name}.conv3.weight");
        var branch = nodes.Relu(nodes.Convolution(x, $"{name}.conv1", $"{name}.bn1", bottleneck ? 1 : 3, bottleneck ? 1 : stride));
        branch = nodes.Convolution(branch, $"{name}.conv2", $"{name}.bn2", 3, bottleneck ? stride : 1);
        if (bottleneck) branch = nodes.Convolution(nodes.Relu(branch), $"{name}.conv3", $"{name}.bn3", 1, 1);
        var shortcut = nodes.Has($"{name}.downsample.0.weight")
            ? nodes.Convolution(x, $"{name}.downsample.0", $"{name}.downsample.1", 1, stride)
            : x;
        return nodes.Relu(graph.Node("Add", $"{name}.sum", [branch, shortcut]));
    }
}
