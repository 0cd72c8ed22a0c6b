namespace RadTex.Prediction.Onnx;

/// <summary>The names in a graph, which join its nodes.</summary>
internal static class GraphNames
{
    /// <summary>
    /// Renames all tensors and nodes of a graph, those of graphs inside it too. An empty name, an input that is left out, stays empty.
    /// </summary>
    internal static void Rename(this GraphProto graph, Func<string, string> name)
    {
        string Named(string old) => old.Length == 0 ? old : name(old);
        void All(IList<string> names)
        {
            for (int i = 0; i < names.Count; i++) names[i] = Named(names[i]);
        }
        foreach (var constant in graph.Initializer) constant.Name = Named(constant.Name);
        foreach (var value in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo)) value.Name = Named(value.Name);
        foreach (var node in graph.Node)
        {
            node.Name = Named(node.Name);
            All(node.Input);
            All(node.Output);
            foreach (var inner in node.Graphs()) inner.Rename(name);
        }
    }

    /// <summary>The graphs inside a node, such as the branches of an If.</summary>
    internal static IEnumerable<GraphProto> Graphs(this NodeProto node) =>
        node.Attribute.SelectMany(a => a.G is null ? a.Graphs : a.Graphs.Prepend(a.G));

    /// <summary>All nodes of a graph, those of graphs inside it too.</summary>
    internal static IEnumerable<NodeProto> AllNodes(this GraphProto graph) =>
        graph.Node.SelectMany(node => node.Graphs().SelectMany(AllNodes).Prepend(node));

    /// <summary>Takes out what the graph's outputs do not depend on: nodes, constants.</summary>
    internal static void Prune(this GraphProto graph)
    {
        var needed = graph.Output.Select(o => o.Name).ToHashSet();
        var kept = new List<NodeProto>();
        foreach (var node in graph.Node.Reverse())
        {
            if (!node.Output.Any(needed.Contains)) continue;
            kept.Add(node);
            needed.UnionWith(node.Input);
            foreach (var inner in node.Graphs().SelectMany(AllNodes)) needed.UnionWith(inner.Input);
            needed.UnionWith(node.Graphs().SelectMany(g => g.Output).Select(o => o.Name)); // a branch may hand on what lies outside
        }
        kept.Reverse();
        graph.Node.Clear();
        graph.Node.Add(kept);
        var constants = graph.Initializer.Where(c => needed.Contains(c.Name)).ToArray();
        graph.Initializer.Clear();
        graph.Initializer.Add(constants);
    }
}
