using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models.Encoders;
using RadTex.Prediction.Onnx;

namespace RadTex.Learning.Export;

/// <summary>A graph of others as it is, in the versions of ONNX that it is of.</summary>
internal static class FrozenBody
{
    private const string Prefix = "frozen/";

    /// <inheritdoc cref="EncoderBody"/>
    internal static EncoderOutputs Add(GraphBuilder graph, string image, ImageEncoder encoder, bool foldBatchNorm)
    {
        var model = ((FrozenEncoder)encoder).ReadGraph();
        model.Graph.Rename(name => name == ModelTensors.Image ? image : Prefix + name);
        graph.Append(model.Graph);
        return new(null, Prefix + ModelTensors.Features, OperatorVersions.Of(model));
    }
}
