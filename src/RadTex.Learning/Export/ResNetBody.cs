using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models;
using RadTex.Learning.Models.Encoders;
using RadTex.Prediction.Onnx;
using static RadTex.Prediction.Onnx.GraphBuilder;
using static TorchSharp.torch;

namespace RadTex.Learning.Export;

/// <summary>A ResNet in ONNX's operators, from the names of its weights.</summary>
internal sealed class ResNetBody
{
    private const float Epsilon = 1e-5f;

    private readonly GraphBuilder graph;
    private readonly Dictionary<string, Tensor> weights;
    private readonly bool foldBatchNorm;

    private ResNetBody(GraphBuilder graph, ImageEncoder encoder, bool foldBatchNorm) => (this.graph, weights, this.foldBatchNorm) =
        (graph, ModuleWeights.Of(encoder).ToDictionary(w => w.Name, w => w.Tensor), foldBatchNorm);

    /// <inheritdoc cref="EncoderBody"/>
    internal static string Add(GraphBuilder graph, string image, ImageEncoder encoder, bool foldBatchNorm) =>
        new ResNetBody(graph, encoder, foldBatchNorm).Stages(image);

    private string Stages(string image)
    {
        var x = Relu(Convolution(image, "conv1", "bn1", kernel: 7, stride: 2));
        x = graph.Node("MaxPool", "maxpool", [x], Attribute("kernel_shape", 3, 3), Attribute("strides", 2, 2), Attribute("pads", 1, 1, 1, 1));
        for (int layer = 1; layer <= 4; layer++)
            for (int block = 0; weights.ContainsKey($"layer{layer}.{block}.conv1.weight"); block++)
                x = Block(x, $"layer{layer}.{block}", stride: layer > 1 && block == 0 ? 2 : 1);
        return x;
    }

    private string Block(string x, string name, int stride)
    {
        bool bottleneck = weights.ContainsKey($"{name}.conv3.weight");
        var branch = Relu(Convolution(x, $"{name}.conv1", $"{name}.bn1", bottleneck ? 1 : 3, bottleneck ? 1 : stride));
        branch = Convolution(branch, $"{name}.conv2", $"{name}.bn2", 3, bottleneck ? stride : 1);
        if (bottleneck) branch = Convolution(Relu(branch), $"{name}.conv3", $"{name}.bn3", 1, 1);
        var shortcut = weights.ContainsKey($"{name}.downsample.0.weight") ? Convolution(
            x, $"{name}.downsample.0", $"{name}.downsample.1", 1, stride) : x;
        return Relu(graph.Node("Add", $"{name}.sum", [branch, shortcut]));
    }

    private string Relu(string x) => graph.Node("Relu", $"{x}.relu", [x]);

    private string Convolution(string x, string name, string norm, int kernel, int stride)
    {
        long pad = kernel / 2;
        AttributeValue[] attributes =
            [Attribute("kernel_shape", kernel, kernel), Attribute("strides", stride, stride), Attribute("pads", pad, pad, pad, pad)];
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var weight = weights[$"{name}.weight"];
        if (!foldBatchNorm)
        {
            var convolved = graph.Node("Conv", $"{name}.out", [x, graph.Constant($"{name}.weight", weight)], attributes);
            return graph.Node("BatchNormalization", $"{norm}.out",
                [convolved, .. new[] { "weight", "bias", "running_mean", "running_var" }
                    .Select(part => graph.Constant($"{norm}.{part}", weights[$"{norm}.{part}"]))], Attribute("epsilon", Epsilon));
        }
        // gamma (w * x - mean) / sqrt(var + eps) + beta, in float64; scale and bias [Cout]
        var scale = weights[$"{norm}.weight"].to(ScalarType.Float64) / weights[$"{norm}.running_var"].to(ScalarType.Float64)
            .add(Scalars.Of(Epsilon), Scalars.One).sqrt();
        var bias = weights[$"{norm}.bias"] - weights[$"{norm}.running_mean"] * scale;
        return graph.Node(
            "Conv", $"{norm}.out",
            [x, graph.Constant($"{name}.weight", weight * scale.reshape(-1, 1, 1, 1)), graph.Constant($"{norm}.bias", bias)], attributes);
    }
}
