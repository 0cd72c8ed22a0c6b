using RadTex.Prediction.Onnx;

namespace RadTex.Learning.Export;

/// <summary>Which versions of ONNX a graph's nodes are of.</summary>
/// <param name="Format">Of the file's format ("IR version").</param>
/// <param name="Sets">Of each set of operators, by its domain; ONNX's own is "".</param>
public sealed record OperatorVersions(long Format, IReadOnlyDictionary<string, long> Sets)
{
    /// <summary>Of a model.</summary>
    internal static OperatorVersions Of(ModelProto model) => new(
        model.IrVersion, model.OpsetImport.GroupBy(o => o.Domain == "ai.onnx" ? "" : o.Domain).ToDictionary(g => g.Key, g => g.Max(o => o.Version)));

    /// <summary>States them in a model.</summary>
    internal void AddTo(ModelProto model)
    {
        model.IrVersion = Math.Max(model.IrVersion, Format);
        model.OpsetImport.Clear();
        model.OpsetImport.Add(Sets.Select(s => new OperatorSetIdProto { Domain = s.Key, Version = s.Value }));
    }

    /// <summary>Whether graphs of both can be one.</summary>
    internal bool Agrees(OperatorVersions other) => Sets.Count == other.Sets.Count && Sets.All(s => other.Sets.GetValueOrDefault(s.Key) == s.Value);
}
