using RadTex.Heads;
using static RadTex.Prediction.Onnx.GraphBuilder;

namespace RadTex.Prediction.Onnx;

/// <summary>Linear heads as nodes after "features": "probabilities", a sigmoid for two classes, a softmax for more, side by side.</summary>
internal static class HeadNodes
{
    internal static void Add(GraphBuilder graph, IReadOnlyList<TrainedHead> heads)
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
}
