using RadTex.Learning.Transfer;
using RadTex.Prediction.Onnx;
using static RadTex.Prediction.Onnx.GraphBuilder;

namespace RadTex.Learning.Export;

/// <summary>
/// A classifier as one ONNX model: an encoder with heads as <see cref="EncoderGraph"/> builds it; an ensemble, or several networks, as their graphs
/// side by side on one image, their "features" one after the other and their probabilities composed (<see cref="ComposedOutputs"/>).
/// </summary>
internal static class ClassifierGraph
{
    internal static ModelProto Build(TrainedClassifier classifier, bool foldBatchNorm)
    {
        ModelProto[] parts = [.. classifier.Networks
            .Select(n => EncoderGraph.Build(n.Source.Encoder, n.Source.Card, n.Heads, foldBatchNorm, notes: n.Source.NotesWith(n.Heads)))];
        if (!classifier.IsComposed) return parts[0];
        var operators = OperatorVersions.Of(parts[0]);
        if (!parts.All(p => OperatorVersions.Of(p).Agrees(operators)))
            throw new UserErrorException("The networks' graphs are of different versions of ONNX and cannot be one. Export them one by one.");
        var composed = OutputsOf(classifier);
        var model = Model(classifier.Networks[0].Source.Card.Architecture);
        operators.AddTo(model);
        model.Graph.Input.Add(parts[0].Graph.Input);
        for (int i = 0; i < parts.Length; i++) Add(model.Graph, parts[i].Graph, Prefix(i));
        var graph = new GraphBuilder(model.Graph);
        string Side(string name) => parts.Length == 1 ? graph.Node("Identity", name, [Prefix(0) + name])
            : graph.Node("Concat", name, [.. parts.Select((_, i) => Prefix(i) + name)], Attribute("axis", 1L));
        Side(ModelTensors.Features);
        int outputs = composed.Notes.Outputs.Count;
        var means = graph.Constant<float>("members.means", composed.Matrix(), composed.Width, outputs);
        string members = parts.Length == 1 ? Prefix(0) + ModelTensors.Probabilities
            : graph.Node("Concat", "members", [.. parts.Select((_, i) => Prefix(i) + ModelTensors.Probabilities)], Attribute("axis", 1L));
        graph.Node("MatMul", ModelTensors.Probabilities, [members, means]);
        model.Graph.Output.Add(Batch(ModelTensors.Features, composed.Notes.Encoder.FeatureWidth));
        model.Graph.Output.Add(Batch(ModelTensors.Probabilities, outputs));
        composed.Notes.AddTo(model);
        return model;
    }

    /// <summary>How the classifier's heads become outputs.</summary>
    internal static ComposedOutputs OutputsOf(TrainedClassifier classifier) =>
        ComposedOutputs.Of([.. classifier.Networks.Select(n => n.Source.NotesWith(n.Heads))], classifier.IsEnsemble);

    private static string Prefix(int network) => $"network{network}.";

    // All names but the image's get the prefix.
    private static void Add(GraphProto graph, GraphProto part, string prefix)
    {
        part.Rename(name => name == ModelTensors.Image ? name : prefix + name);
        new GraphBuilder(graph).Append(part);
    }
}
