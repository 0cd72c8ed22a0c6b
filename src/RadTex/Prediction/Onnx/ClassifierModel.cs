using RadTex.Heads;
using RadTex.Inspection;

namespace RadTex.Prediction.Onnx;

/// <summary>An exported encoder with heads put on it: a classifier of its own file, made without torch.</summary>
public static class ClassifierModel
{
    /// <summary>Writes the classifier.</summary>
    /// <param name="encoder">An encoder's file; heads it has already are left out.</param>
    /// <param name="output">The new file.</param>
    /// <param name="heads">On its features, at least one.</param>
    /// <exception cref="UserErrorException">The file is none of ours, holds several networks, or has features of another width.</exception>
    public static void Write(string encoder, string output, IReadOnlyList<TrainedHead> heads)
    {
        if (!output.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
            throw new UserErrorException($"{output}: a classifier is ONNX. Give a name that ends in .onnx.");
        var (model, notes) = ModelFile.Read(encoder);
        if (heads.FirstOrDefault(h => h.Weights.Width != notes.Encoder.FeatureWidth) is { } wrong)
            throw new UserErrorException($"{wrong.Name} takes {wrong.Weights.Width} features; {encoder} gives {notes.Encoder.FeatureWidth}.");
        if (notes.Outputs.Count > 0) RemoveHeads(model.Graph, encoder);
        HeadNodes.Add(new GraphBuilder(model.Graph), heads);
        model.Graph.Output.Add(GraphBuilder.Batch(ModelTensors.Probabilities, heads.Sum(h => h.Weights.Outputs)));
        var made = ModelNotes.Of(notes.Encoder, notes.Outputs.Count > 0 ? SeenRadiographs.Unknown : notes.Seen, heads, notes.Likeness);
        (made with { Quantisation = notes.Quantisation }).AddTo(model);
        ModelFile.Write(model, output);
    }

    private static void RemoveHeads(GraphProto graph, string path)
    {
        // What stands after the node that gives the features is of the heads.
        int last = graph.Node.ToList().FindIndex(n => n.Output.Contains(ModelTensors.Features));
        if (last < 0 || graph.Node[last].OpType != "Flatten")
            throw new UserErrorException($"{path} holds several networks. Expected an encoder alone: run the step 'export' without heads.");
        while (graph.Node.Count > last + 1) graph.Node.RemoveAt(graph.Node.Count - 1);
        foreach (var head in graph.Initializer.Where(i => i.Name.StartsWith("head", StringComparison.Ordinal)).ToArray())
            graph.Initializer.Remove(head);
        graph.Output.Remove(graph.Output.Single(o => o.Name == ModelTensors.Probabilities));
    }
}
