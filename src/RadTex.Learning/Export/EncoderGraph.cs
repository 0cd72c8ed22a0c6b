using RadTex.Heads;
using RadTex.Inspection;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models;
using RadTex.Learning.Models.Encoders;
using RadTex.Prediction;
using RadTex.Prediction.Onnx;
using static RadTex.Prediction.Onnx.GraphBuilder;
using static TorchSharp.torch;

namespace RadTex.Learning.Export;

/// <summary>
/// An encoder as an ONNX model (operator set 17): image [batch, C, S, S] to pooled "features" [batch, F] and, with heads,
/// "probabilities" [batch, K] (two classes: a sigmoid; more: a softmax).
/// </summary>
internal static class EncoderGraph
{
    private const float Epsilon = 1e-5f;

    /// <param name="encoder">On the CPU; its running statistics are used.</param>
    /// <param name="card">Its input.</param>
    /// <param name="heads">None for an encoder alone.</param>
    /// <param name="foldBatchNorm">Whether each batch norm becomes part of the convolution before it.</param>
    /// <param name="withMap">Whether the features before the average are an output too, "feature_map" [batch, F, h, w]: what a decoder looks
    /// at.</param>
    /// <param name="notes">What the model says of itself; null for its card and heads alone.</param>
    internal static ModelProto Build(
        ResNet encoder, EncoderCard card, IReadOnlyList<TrainedHead> heads, bool foldBatchNorm, bool withMap = false, ModelNotes? notes = null)
    {
        var model = GraphBuilder.Model(card.Architecture);
        model.Graph.Input.Add(Batch(ModelTensors.Image, card.Channels, card.ImageSize, card.ImageSize));
        var body = new Body(new(model.Graph), ModuleWeights.Of(encoder).ToDictionary(w => w.Name, w => w.Tensor), foldBatchNorm);
        var graph = new GraphBuilder(model.Graph);
        var map = body.Encoder();
        graph.Node("Flatten", ModelTensors.Features, [graph.Node("GlobalAveragePool", "avgpool", [map])], Attribute("axis", 1L));
        model.Graph.Output.Add(Batch(ModelTensors.Features, encoder.FeatureWidth));
        if (heads.Count > 0)
        {
            AddHeads(graph, heads);
            model.Graph.Output.Add(Batch(ModelTensors.Probabilities, heads.Sum(h => h.Weights.Outputs)));
        }
        if (withMap)
        {
            graph.Node("Identity", ModelTensors.FeatureMap, [map]);
            model.Graph.Output.Add(
                Value(ModelTensors.FeatureMap, TensorProto.Types.DataType.Float, "batch", encoder.FeatureWidth, "height", "width"));
        }
        (notes ?? ModelNotes.Of(card, SeenRadiographs.Unknown, heads)).AddTo(model);
        return model;
    }

    private static void AddHeads(GraphBuilder graph, IReadOnlyList<TrainedHead> heads)
    {
        var probabilities = new List<string>();
        foreach (var (head, i) in heads.Select((h, i) => (h.Weights, i)))
        {
            var weight = graph.Constant<float>($"head{i}.weight", Array.ConvertAll(head.Weights, v => (float)v), head.Outputs, head.Width);
            var bias = graph.Constant<float>($"head{i}.bias", Array.ConvertAll(head.Biases, v => (float)v), head.Outputs);
            var logits = graph.Node("Gemm", $"head{i}.logits", [ModelTensors.Features, weight, bias], Attribute("transB", 1L));
            probabilities.Add(
                head.Outputs == 1 ? graph.Node("Sigmoid", $"head{i}.probabilities", [logits]) : graph
                    .Node("Softmax", $"head{i}.probabilities", [logits], Attribute("axis", 1L)));
        }
        graph.Node("Concat", ModelTensors.Probabilities, probabilities, Attribute("axis", 1L));
    }

    /// <summary>The convolutional part, from the state dict's names.</summary>
    private sealed class Body(GraphBuilder graph, Dictionary<string, Tensor> weights, bool foldBatchNorm)
    {
        internal string Encoder()
        {
            var x = Relu(Convolution(ModelTensors.Image, "conv1", "bn1", kernel: 7, stride: 2));
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
            AttributeProto[] attributes =
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
            // gamma (w * x - mean) / sqrt(var + eps) + beta, in float64
            // [Cout]
            var scale = weights[$"{norm}.weight"].to(ScalarType.Float64) / weights[$"{norm}.running_var"].to(ScalarType.Float64)
                .add(Scalars.Of(Epsilon), Scalars.One).sqrt();
            var bias = weights[$"{norm}.bias"] - weights[$"{norm}.running_mean"] * scale;
            return graph.Node(
                "Conv", $"{norm}.out",
                [x, graph.Constant($"{name}.weight", weight * scale.reshape(-1, 1, 1, 1)), graph.Constant($"{norm}.bias", bias)], attributes);
        }
    }
}
