using RadTex.Heads;
using RadTex.Inspection;
using RadTex.Learning.Models.Encoders;
using RadTex.Prediction;
using RadTex.Prediction.Onnx;
using static RadTex.Prediction.Onnx.GraphBuilder;

namespace RadTex.Learning.Export;

/// <summary>
/// An encoder as an ONNX model (operator set 17): image [batch, C, S, S] to pooled "features" [batch, F] and, with heads,
/// "probabilities" [batch, K] (two classes: a sigmoid; more: a softmax).
/// </summary>
internal static class EncoderGraph
{
    /// <param name="encoder">On the CPU; its running statistics are used. Its architecture has a body in <see cref="EncoderBodies"/>.</param>
    /// <param name="card">Its input.</param>
    /// <param name="heads">None for an encoder alone.</param>
    /// <param name="foldBatchNorm">Whether each batch norm becomes part of the convolution before it.</param>
    /// <param name="withMap">Whether the features before the average are an output too, "feature_map" [batch, F, h, w]: what a decoder looks
    /// at.</param>
    /// <param name="notes">What the model says of itself; null for its card and heads alone.</param>
    internal static ModelProto Build(
        ImageEncoder encoder, EncoderCard card, IReadOnlyList<TrainedHead> heads, bool foldBatchNorm, bool withMap = false, ModelNotes? notes = null)
    {
        var model = GraphBuilder.Model(card.Architecture);
        model.Graph.Input.Add(Batch(ModelTensors.Image, card.Channels, card.ImageSize, card.ImageSize));
        var graph = new GraphBuilder(model.Graph);
        var (map, pooled, operators) = EncoderBodies.Of(card.Architecture)(graph, ModelTensors.Image, encoder, foldBatchNorm);
        operators?.AddTo(model);
        if (pooled is null) graph.Node("Flatten", ModelTensors.Features, [graph.Node("GlobalAveragePool", "avgpool", [map!])], Attribute("axis", 1L));
        else graph.Node("Identity", ModelTensors.Features, [pooled]);
        model.Graph.Output.Add(Batch(ModelTensors.Features, encoder.FeatureWidth));
        if (heads.Count > 0)
        {
            HeadNodes.Add(graph, heads);
            model.Graph.Output.Add(Batch(ModelTensors.Probabilities, heads.Sum(h => h.Weights.Outputs)));
        }
        if (withMap)
        {
            graph.Node("Identity", ModelTensors.FeatureMap, [map ?? throw new UserErrorException("This encoder gives no features with places.")]);
            model.Graph.Output.Add(
                Value(ModelTensors.FeatureMap, TensorProto.Types.DataType.Float, "batch", encoder.FeatureWidth, "height", "width"));
        }
        (notes ?? ModelNotes.Of(card, SeenRadiographs.Unknown, heads)).AddTo(model);
        return model;
    }
}
