using System.Globalization;
using Google.Protobuf;
using RadTex.Files;
using RadTex.Prediction.Onnx;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>
/// Reads another program's ONNX file whole, weights that lie in files beside it included; operators that ONNX does not define are refused.
/// </summary>
internal static class OnnxFile
{
    private const long LargestWhole = int.MaxValue - (1 << 20);

    // Of these ONNX Runtime knows the operators.
    private static readonly string[] Domains = ["", "ai.onnx", "ai.onnx.ml", "com.microsoft"];

    /// <exception cref="UserErrorException">No such file, no model, weights that lie elsewhere, or operators of its own.</exception>
    internal static ModelProto Read(string path)
    {
        var model = ForeignModel.ReadWhole(path);
        string[] own = [.. model.Graph.AllNodes().Where(n => !Domains.Contains(n.Domain)).Select(n => Shown($"{n.OpType} of {n.Domain}")).Distinct()];
        if (own.Length > 0 || model.Functions.Count > 0)
            throw new UserErrorException(
                $"{path} has operators of its own ({(own.Length > 0 ? string.Join(", ", own.Take(4)) : "functions")}), which ONNX does not define. "
                    + "Export it with standard operators.");
        if (model.Graph.SparseInitializer.Count > 0)
            throw new UserErrorException($"{path} holds sparse weights, which are not read. Export it with dense ones.");
        long total = 0;
        foreach (var tensor in Tensors(model.Graph)) Bring(tensor, path, ref total);
        return model;
    }

    private static IEnumerable<TensorProto> Tensors(GraphProto graph) => graph.Initializer.Concat(graph.Node.SelectMany(
        node => node.Attribute.Select(a => a.T).OfType<TensorProto>().Concat(node.Graphs().SelectMany(Tensors))));

    // Values of a file beside the model become part of it.
    private static void Bring(TensorProto tensor, string path, ref long total)
    {
        if (tensor.DataLocation != TensorProto.Types.DataLocation.External)
        {
            if (tensor.ExternalData.Count > 0) throw Fault(path, tensor, "names a file and holds values too");
            return;
        }
        string? Value(string key) => tensor.ExternalData.LastOrDefault(e => e.Key == key)?.Value;
        long Number(string key, long missing) => Value(key) is not { } text ? missing
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number
            : throw Fault(path, tensor, $"has {key} '{Shown(text)}', which is no number");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (Value("location") is not { Length: > 0 } location) throw Fault(path, tensor, "names no file");
        var file = Path.GetFullPath(Path.Combine(folder, location));
        bool IsInside(string name) => name.StartsWith(folder.TrimEnd('/') + '/', StringComparison.Ordinal);
        if (location.Contains('\0', StringComparison.Ordinal) || !IsInside(file)
            || File.ResolveLinkTarget(file, returnFinalTarget: true) is { } target && !IsInside(Path.GetFullPath(target.FullName)))
            throw Fault(path, tensor, $"lies in {Shown(location)}, outside the model's folder, where nothing is read");
        if (!File.Exists(file)) throw Fault(path, tensor, $"lies in {Shown(location)}, which is not there");
        using var stream = RegularFile.OpenRead(file);
        long offset = Number("offset", 0), length = Number("length", stream.Length - offset);
        if (offset > stream.Length || length < 0 || length > stream.Length - offset)
            throw Fault(path, tensor, $"asks for {length:N0} bytes from {offset:N0} of {Shown(location)}, which has {stream.Length:N0}");
        if ((total += length) > LargestWhole)
            throw new UserErrorException($"{path} has more than {LargestWhole:N0} bytes of weights, the most that is read.");
        var bytes = new byte[length];
        stream.Position = offset;
        stream.ReadExactly(bytes);
        tensor.RawData = UnsafeByteOperations.UnsafeWrap(bytes);
        tensor.ExternalData.Clear();
        tensor.DataLocation = TensorProto.Types.DataLocation.Default;
    }

    private static string Shown(string text) => PrintableText.Of((text.Length > 80 ? text[..80] + "..." : text).ReplaceLineEndings(" "));

    private static UserErrorException Fault(string path, TensorProto tensor, string what) =>
        new($"{path}: the weight {Shown(tensor.Name)} {what}. Put all files of the model into one folder, or export it as one file.");
}
