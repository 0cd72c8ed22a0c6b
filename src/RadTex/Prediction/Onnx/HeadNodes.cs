using System.Globalization;
using System.Runtime.InteropServices;
using RadTex.Heads;
using static RadTex.Prediction.Onnx.GraphBuilder;

namespace RadTex.Prediction.Onnx;

/// <summary>Linear heads as nodes after "features": "probabilities", a sigmoid for two classes, a softmax for more, side by side.</summary>
internal static class HeadNodes
{
    /// <summary>The heads of two classes in a graph that <see cref="Add"/> made, with what was done to their logits since.</summary>
    internal static IEnumerable<(ModelOutput Of, LinearHead Head)> Read(GraphProto graph, ModelNotes notes)
    {
        var constants = graph.Initializer.ToDictionary(i => i.Name);
        double[] Values(string name) =>
            Array.ConvertAll(MemoryMarshal.Cast<byte, float>(constants[name].RawData.Span).ToArray(), v => (double)v);
        int head = 0;
        foreach (var of in notes.Outputs.GroupBy(o => (o.Label, o.Head)))
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"head{head++}");
            if (of.Count() != 1 || !constants.ContainsKey($"{name}.weight")) continue; // grades, or another program's head
            double[] weights = Values($"{name}.weight"), bias = Values($"{name}.bias");
            for (int change = 0; constants.ContainsKey($"{name}.recalibration{change}.slope"); change++)
            {
                double slope = Values($"{name}.recalibration{change}.slope")[0], intercept = Values($"{name}.recalibration{change}.intercept")[0];
                weights = Array.ConvertAll(weights, w => w * slope);
                bias = [intercept + slope * bias[0]];
            }
            yield return (of.Single(), new(2, weights.Length, weights, bias));
        }
    }

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
