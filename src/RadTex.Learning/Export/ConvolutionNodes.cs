using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models;
using RadTex.Learning.Models.Encoders;
using RadTex.Prediction.Onnx;
using static RadTex.Prediction.Onnx.GraphBuilder;
using static TorchSharp.torch;

namespace RadTex.Learning.Export;

/// <summary>Convolutions and batch norms in ONNX's operators, from the names of an encoder's weights.</summary>
internal sealed class ConvolutionNodes(GraphBuilder graph, ImageEncoder encoder, bool foldBatchNorm)
{
    private const float Epsilon = 1e-5f;

    private readonly Dictionary<string, Tensor> weights = ModuleWeights.Of(encoder).ToDictionary(w => w.Name, w => w.Tensor);

    /// <summary>Whether the encoder has a weight of that name.</summary>
    internal bool Has(string name) => weights.ContainsKey(name);

    internal string Relu(string x) => graph.Node("Relu", $"{x}.relu", [x]);

    /// <summary>A convolution and the batch norm after it, one node where norms are folded.</summary>
    internal string Convolution(string x, string name, string norm, int kernel, int stride)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var weight = weights[$"{name}.weight"];
        if (!foldBatchNorm) return Norm(Node(x, $"{name}.out", kernel, stride, graph.Constant($"{name}.weight", weight)), norm);
        // gamma (w * x - mean) / sqrt(var + eps) + beta, in float64; scale and bias [Cout]
        var scale = weights[$"{norm}.weight"].to(ScalarType.Float64) / weights[$"{norm}.running_var"].to(ScalarType.Float64)
            .add(Scalars.Of(Epsilon), Scalars.One).sqrt();
        var bias = weights[$"{norm}.bias"] - weights[$"{norm}.running_mean"] * scale;
        return Node(
            x, $"{norm}.out", kernel, stride, graph.Constant($"{name}.weight", weight * scale.reshape(-1, 1, 1, 1)),
            graph.Constant($"{norm}.bias", bias));
    }

    /// <summary>A convolution that no norm follows; with a bias of zeros where norms are folded, as those beside it have one.</summary>
    internal string Convolution(string x, string name, int kernel)
    {
        using var scope = NewDisposeScope();
        var weight = weights[$"{name}.weight"];
        var constant = graph.Constant($"{name}.weight", weight);
        return foldBatchNorm
            ? Node(x, $"{name}.out", kernel, 1, constant, graph.Constant($"{name}.bias", zeros(weight.shape[0])))
            : Node(x, $"{name}.out", kernel, 1, constant);
    }

    /// <summary>A batch norm by its running statistics.</summary>
    internal string Norm(string x, string norm) => graph.Node("BatchNormalization", $"{norm}.out",
        [x, .. new[] { "weight", "bias", "running_mean", "running_var" }.Select(part => graph.Constant($"{norm}.{part}", weights[$"{norm}.{part}"]))],
        Attribute("epsilon", Epsilon));

    /// <summary>The maximum of 3 x 3 at every second place.</summary>
    internal string MaxPool(string x) => graph.Node(
        "MaxPool", "maxpool", [x], Attribute("kernel_shape", 3, 3), Attribute("strides", 2, 2), Attribute("pads", 1, 1, 1, 1));

    private string Node(string x, string name, int kernel, int stride, params string[] constants)
    {
        long pad = kernel / 2;
        return graph.Node("Conv", name, [x, .. constants],
            Attribute("kernel_shape", kernel, kernel), Attribute("strides", stride, stride), Attribute("pads", pad, pad, pad, pad));
    }
}
