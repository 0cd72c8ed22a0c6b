using System.Globalization;
using System.Runtime.InteropServices;
using RadTex.Learning.Models.Encoders;
using RadTex.Prediction.Onnx;
using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>
/// Walks ML.NET's ONNX graph of a residual network of basic blocks, from its input to its pooled features, and gives each constant torchvision's
/// name. Every node, attribute and shape on the way must be what that network has; nothing may be left over.
/// </summary>
internal sealed class MlNetGraph
{
    internal const string Input = "Input247", Output = "Pooling395_Output_0";

    private const int LargestWidth = 1024, LongestShown = 160, Float32 = (int)TensorProto.Types.DataType.Float;
    private const float Epsilon = 1e-5f;
    private static readonly string[] NormParts = ["weight", "bias", "running_mean", "running_var"];

    private readonly string path;
    private readonly ILookup<string, NodeProto> readers;
    private readonly Dictionary<string, TensorProto> constants = new(StringComparer.Ordinal);
    private readonly List<(string Name, TensorProto Constant)> weights = [];
    private int nodes;

    private MlNetGraph(GraphProto graph, string path)
    {
        this.path = path;
        readers = graph.Node.SelectMany(n => n.Input.Distinct().Select(input => (input, n)))
            .ToLookup(pair => pair.input, pair => pair.n, StringComparer.Ordinal);
        foreach (var constant in graph.Initializer)
            if (!constants.TryAdd(constant.Name, constant)) throw Fault($"two constants called {constant.Name}", "one of each name");
    }

    /// <summary>The weights under torchvision's names, as they are in the file; the caller disposes them.</summary>
    /// <param name="path">An .onnx file.</param>
    /// <param name="blocks">Basic blocks of each stage.</param>
    /// <exception cref="UserErrorException">The file is no such graph: what was found, and what was expected.</exception>
    internal static Dictionary<string, Tensor> Read(string path, IReadOnlyList<int> blocks)
    {
        var graph = ForeignModel.Read(path).Graph;
        var walk = new MlNetGraph(graph, path);
        walk.Network(graph, blocks);
        var named = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, constant) in walk.weights) named.Add(name, tensor(Values(constant), [.. constant.Dims]));
        return named;
    }

    private void Network(GraphProto graph, IReadOnlyList<int> blocks)
    {
        var input = graph.Input.FirstOrDefault(i => i.Name == Input)
            ?? throw Fault($"inputs {Names(graph.Input.Select(i => i.Name).Where(name => !constants.ContainsKey(name)))}", Input);
        if (Sides(input) is not [_, 3, var side, var width] || side != width || side < ResNet.ImageReduction || side % ResNet.ImageReduction != 0)
            throw Fault($"input {Input} of [{string.Join(',', Sides(input))}]", $"[1,3,S,S] with S a multiple of {ResNet.ImageReduction}");
        var first = Find(Input, "Conv", "the first convolution");
        if (Dimensions(first) is not [var stage, 3, 7, 7] || stage is < 1 or > LargestWidth)
            throw Fault($"first convolution of [{string.Join(',', Dimensions(first))}]", $"[width,3,7,7] with a width of at most {LargestWidth:N0}");
        var x = Relu(Convolution(Input, "conv1", "bn1", [stage, 3, 7, 7], stride: 2));
        var pool = Take(Find(x, "MaxPool", "the first pooling"));
        Require(pool, "kernel_shape", 3, 3);
        Require(pool, "strides", 2, 2);
        RequirePads(pool, 1, stride: 2);
        x = pool.Output[0];
        long channels = stage;
        for (int layer = 0; layer < blocks.Count; layer++, stage *= 2)
            for (int block = 0; block < blocks[layer]; block++, channels = stage)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"layer{layer + 1}.{block}");
                x = Block(x, name, channels, stage, stride: layer > 0 && block == 0 ? 2 : 1);
            }
        var average = Take(Find(x, "AveragePool", "the average over all positions"));
        Require(average, "kernel_shape", side / ResNet.ImageReduction, side / ResNet.ImageReduction);
        RequirePads(average, 0, stride: 1);
        if (average.Output[0] != Output) throw Fault($"pooled features called {average.Output[0]}", Output);
        var network = $"those of basic blocks {string.Join(", ", blocks)}";
        if (nodes != graph.Node.Count) throw Fault($"{graph.Node.Count} nodes", $"{nodes}, {network}");
        if (weights.Count != constants.Count) throw Fault($"{constants.Count} constants", $"{weights.Count}, {network}");
    }

    private string Block(string x, string name, long channels, long width, int stride)
    {
        var branch = Relu(Convolution(x, $"{name}.conv1", $"{name}.bn1", [width, channels, 3, 3], stride));
        branch = Convolution(branch, $"{name}.conv2", $"{name}.bn2", [width, width, 3, 3], 1);
        var shortcut = stride == 1 && channels == width ? x
            : Convolution(x, $"{name}.downsample.0", $"{name}.downsample.1", [width, channels, 1, 1], stride);
        var sum = Take(Find(branch, "Add", $"the sum of {name}"));
        if (sum.Input.Count != 2 || !sum.Input.Contains(shortcut))
            throw Fault($"a sum of {Names(sum.Input)} in {name}", $"of {branch} and {shortcut}");
        return Relu(sum.Output[0]);
    }

    // A convolution without bias and the batch norm after it.
    private string Convolution(string x, string name, string norm, long[] shape, int stride)
    {
        bool HasKernel(NodeProto node) => Dimensions(node) is [.., var height, var width] && height == shape[2] && width == shape[3];
        var convolution = Take(Find(x, "Conv", name, HasKernel));
        if (convolution.Input.Count != 2) throw Fault($"{name} with {convolution.Input.Count} inputs", "2: picture and weights, no bias");
        Require(convolution, "kernel_shape", shape[2], shape[3]);
        Require(convolution, "strides", stride, stride);
        Require(convolution, "dilations", 1, 1);
        if (Attribute(convolution, "group") is { I: not 1 } group) throw Fault($"{name} in {group.I} groups", "1");
        RequirePads(convolution, (int)shape[2] / 2, stride);
        Add($"{name}.weight", convolution.Input[1], shape);
        var batchNorm = Take(Find(convolution.Output[0], "BatchNormalization", norm));
        if (batchNorm.Input.Count != 5) throw Fault($"{norm} with {batchNorm.Input.Count} inputs", "5: features, scale, bias, mean, variance");
        float epsilon = Attribute(batchNorm, "epsilon")?.F ?? Epsilon;
        if (!(Math.Abs(epsilon - Epsilon) < Epsilon / 1000))
            throw Fault(string.Create(CultureInfo.InvariantCulture, $"{norm} with epsilon {epsilon:R}"), "1E-05");
        foreach (var (part, i) in NormParts.Select((p, i) => (p, i))) Add($"{norm}.{part}", batchNorm.Input[i + 1], [shape[0]]);
        return batchNorm.Output[0];
    }

    private string Relu(string x) => Take(Find(x, "Relu", $"the rectifier after {x}")).Output[0];

    private NodeProto Find(string x, string operation, string what, Func<NodeProto, bool>? condition = null)
    {
        var found = readers[x].Where(n => n.OpType == operation && (condition?.Invoke(n) ?? true)).ToArray();
        return found is [{ Output.Count: 1 } node] ? node
            : throw Fault($"{Names(readers[x].Select(n => n.OpType))} reading {x}", $"{what}, one {operation}");
    }

    private NodeProto Take(NodeProto node)
    {
        nodes++;
        return node;
    }

    private long[] Dimensions(NodeProto node) =>
        node.Input.Count > 1 && constants.TryGetValue(node.Input[1], out var kernels) ? [.. kernels.Dims] : [];

    private void Add(string name, string constant, long[] shape)
    {
        string called = $"{constant} ({name})", expected = $"[{string.Join(',', shape)}]";
        var found = constants.GetValueOrDefault(constant) ?? throw Fault($"no constant {called}", $"one of {expected}");
        if (found.DataLocation != TensorProto.Types.DataLocation.Default || found.ExternalData.Count > 0)
            throw Fault($"constant {called} in another file", "all weights in this one: external data are not read");
        if (!found.Dims.SequenceEqual(shape)) throw Fault($"constant {called} of [{string.Join(',', found.Dims)}]", expected);
        if (found.DataType != Float32) throw Fault($"constant {called} of ONNX's type {found.DataType}", $"{Float32}, float32");
        long count = shape.Aggregate(1L, (product, length) => product * length);
        long bytes = found.RawData.Length + (long)sizeof(float) * found.FloatData.Count;
        if (bytes != sizeof(float) * count || (found.FloatData.Count > 0 && found.RawData.Length > 0))
            throw Fault($"{bytes:N0} bytes of data in constant {called}", $"{sizeof(float) * count:N0} for {expected}");
        weights.Add((name, found));
    }

    private static float[] Values(TensorProto constant) =>
        constant.FloatData.Count > 0 ? [.. constant.FloatData] : MemoryMarshal.Cast<byte, float>(constant.RawData.Span).ToArray();

    private static AttributeProto? Attribute(NodeProto node, string name) => node.Attribute.FirstOrDefault(a => a.Name == name);

    private void Require(NodeProto node, string name, params long[] expected)
    {
        // Left out, strides and dilations are 1; a kernel's shape must be there.
        long[] found = Attribute(node, name) is { } attribute ? [.. attribute.Ints] : name == "kernel_shape" ? [] : [1, 1];
        if (!found.SequenceEqual(expected)) throw Fault($"{name} {string.Join(',', found)} in {node.Output[0]}", string.Join(',', expected));
    }

    // CNTK pads less at the end where it strides: the same for sides that the stride divides.
    private void RequirePads(NodeProto node, int padding, int stride)
    {
        long[] found = Attribute(node, "pads") is { } attribute ? [.. attribute.Ints] : [0, 0, 0, 0];
        bool Ends(long end) => end == padding || (stride == 2 && end == padding - 1);
        if (found is not [var top, var left, var bottom, var right] || top != padding || left != padding || bottom != right || !Ends(bottom))
        {
            var expected = $"{padding} on every side{(stride == 2 ? ", or one less at the ends" : "")}";
            throw Fault($"pads {string.Join(',', found)} in {node.Output[0]}", expected);
        }
    }

    private static long[] Sides(ValueInfoProto value) => [.. value.Type?.TensorType?.Shape?.Dim.Select(d => d.DimValue) ?? []];

    private static string Names(IEnumerable<string> names) =>
        names.Take(4).Select(Shown).ToArray() is { Length: > 0 } few ? string.Join(", ", few) : "nothing";

    private static string Shown(string text) =>
        PrintableText.Of((text.Length > LongestShown ? text[..LongestShown] + "..." : text).ReplaceLineEndings(" "));

    private UserErrorException Fault(string found, string expected) => new(
        $"{path} is not the graph of ML.NET's ResNet-18: found {Shown(found)}, expected {Shown(expected)}. "
        + "Take ResNet18.onnx of the NuGet package Microsoft.ML.DnnImageFeaturizer.ResNet18 0.23.1.");
}
