using System.Runtime.InteropServices;
using RadTex.Prediction.Onnx;
using static RadTex.Prediction.Onnx.GraphBuilder;

namespace RadTex.Learning.Export;

/// <summary>
/// Static int8 quantisation of a folded encoder in ONNX's QDQ form: a QuantizeLinear/DequantizeLinear pair (uint8) on each tensor between
/// convolutions and before each product with weights, int8 weights with a scale for each output channel, int32 biases of convolutions. Attention,
/// a transformer's sums and norms, the global average and the heads stay float32.
/// </summary>
/// <remarks>
/// ONNX Runtime turns DequantizeLinear → Conv → Relu → QuantizeLinear into one integer convolution where the pair's zero point is 0, as it is
/// after a Relu. uint8 activations times int8 weights are exact with VNNI (AVX-512 or AVX-VNNI); older processors may saturate.
/// </remarks>
internal static class Int8Graph
{
    /// <summary>The tensors that need a range: what convolutions, products with weights, sums of convolutions and the pooling read.</summary>
    internal static IReadOnlyList<string> Quantised(ModelProto model)
    {
        var constants = model.Graph.Initializer.Select(t => t.Name).ToHashSet();
        var sources = model.Graph.Node.ToDictionary(n => n.Output[0], n => n.OpType);
        // A transformer's sum carries all layers: bytes are too coarse for it.
        bool IsOfConvolutions(NodeProto sum) => sum.Input.All(i => sources.GetValueOrDefault(i) is "Conv" or "Relu" or "MaxPool");
        return [.. model.Graph.Node.SelectMany(n => n.OpType switch
        {
            "Conv" or "MaxPool" => [n.Input[0]],
            "MatMul" when IsProduct(n, constants) => [n.Input[0]],
            "Add" when IsOfConvolutions(n) => n.Input,
            _ => (IEnumerable<string>)[],
        }).Distinct()];
    }

    /// <param name="model">Float32, batch norms folded.</param>
    /// <param name="ranges">Of <see cref="Quantised"/>.</param>
    /// <param name="notes">What the result says of itself.</param>
    internal static ModelProto Quantise(ModelProto model, IReadOnlyDictionary<string, (float Least, float Largest)> ranges, ModelNotes notes)
    {
        var result = model.Clone();
        var graph = result.Graph;
        var nodes = graph.Node.ToArray();
        var constants = graph.Initializer.ToDictionary(t => t.Name);
        graph.Node.Clear();
        graph.Initializer.Clear();
        var builder = new GraphBuilder(graph);
        var pairs = new Dictionary<string, (float Scale, byte Zero)>();

        // The name under which the rest of the graph reads a tensor.
        string Read(string name) => pairs.ContainsKey(name) ? $"{name}.dequantised" : name;
        void Pair(string name, float scale, byte zero)
        {
            pairs[name] = (scale, zero);
            string scaleName = builder.Constant<float>($"{name}.scale", [scale]), zeroName = builder.Constant<byte>($"{name}.zero", [zero]);
            builder.Node("QuantizeLinear", $"{name}.quantised", [name, scaleName, zeroName]);
            builder.Node("DequantizeLinear", $"{name}.dequantised", [$"{name}.quantised", scaleName, zeroName]);
        }
        void PairByRange(string name)
        {
            if (!ranges.TryGetValue(name, out var range)) return;
            float least = Math.Min(0, range.Least), largest = Math.Max(0, range.Largest);
            float scale = largest > least ? (largest - least) / byte.MaxValue : 1;
            Pair(name, scale, (byte)Math.Clamp(MathF.Round(-least / scale), 0, byte.MaxValue));
        }

        PairByRange(ModelTensors.Image);
        foreach (var node in nodes)
        {
            var copy = node.Clone();
            for (int i = 0; i < copy.Input.Count; i++) copy.Input[i] = Read(copy.Input[i]);
            if (node.OpType == "Conv")
            {
                (copy.Input[1], copy.Input[2]) = Weights(builder, constants[node.Input[1]], constants[node.Input[2]], pairs[node.Input[0]].Scale);
                constants.Remove(node.Input[1]);
                constants.Remove(node.Input[2]);
            }
            else if (node.OpType == "MatMul" && IsProduct(node, constants.Keys))
            {
                copy.Input[1] = Columns(builder, constants[node.Input[1]]);
                constants.Remove(node.Input[1]);
            }
            graph.Node.Add(copy);
            // A maximum is one of its inputs: the pair after it is that before it, and the pooling itself runs on bytes.
            if (node.OpType == "MaxPool") Pair(node.Output[0], pairs[node.Input[0]].Scale, pairs[node.Input[0]].Zero);
            else PairByRange(node.Output[0]);
        }
        graph.Initializer.Add(constants.Values);
        notes.AddTo(result);
        return result;
    }

    private static bool IsProduct(NodeProto node, ICollection<string> constants) => constants.Contains(node.Input[1]);

    // Symmetric int8 by column of [in, out].
    private static string Columns(GraphBuilder builder, TensorProto weight)
    {
        var values = MemoryMarshal.Cast<byte, float>(weight.RawData.Span);
        int columns = (int)weight.Dims[1];
        var scales = new float[columns];
        for (int i = 0; i < values.Length; i++) scales[i % columns] = Math.Max(scales[i % columns], Math.Abs(values[i]) / sbyte.MaxValue);
        for (int c = 0; c < columns; c++)
            if (scales[c] == 0) scales[c] = 1;
        var quantised = new sbyte[values.Length];
        for (int i = 0; i < values.Length; i++) quantised[i] = (sbyte)MathF.Round(values[i] / scales[i % columns]);
        return builder.Node(
            "DequantizeLinear", $"{weight.Name}.dequantised",
            [builder.Constant<sbyte>($"{weight.Name}.quantised", quantised, [.. weight.Dims]),
                builder.Constant<float>($"{weight.Name}.scale", scales, columns),
                builder.Constant<sbyte>($"{weight.Name}.zero", new sbyte[columns], columns)],
            Attribute("axis", 1L));
    }

    // Symmetric int8 by output channel; the bias counts in steps of input scale times weight scale.
    private static (string Weight, string Bias) Weights(GraphBuilder builder, TensorProto weight, TensorProto bias, float inputScale)
    {
        var values = MemoryMarshal.Cast<byte, float>(weight.RawData.Span);
        var biases = MemoryMarshal.Cast<byte, float>(bias.RawData.Span);
        int channels = (int)weight.Dims[0], each = values.Length / channels;
        float[] scales = new float[channels], biasScales = new float[channels];
        var quantised = new sbyte[values.Length];
        var quantisedBias = new int[channels];
        for (int c = 0; c < channels; c++)
        {
            var row = values.Slice(c * each, each);
            float largest = 0;
            foreach (float v in row) largest = Math.Max(largest, Math.Abs(v));
            scales[c] = largest > 0 ? largest / sbyte.MaxValue : 1;
            biasScales[c] = scales[c] * inputScale;
            for (int i = 0; i < each; i++) quantised[c * each + i] = (sbyte)MathF.Round(row[i] / scales[c]);
            quantisedBias[c] = (int)Math.Clamp(Math.Round((double)biases[c] / biasScales[c]), int.MinValue, int.MaxValue);
        }
        string Dequantise<T>(string name, T[] integers, float[] steps, params long[] shape) where T : unmanaged => builder.Node(
            "DequantizeLinear", $"{name}.dequantised",
            [builder.Constant<T>($"{name}.quantised", integers, shape), builder.Constant<float>($"{name}.scale", steps, channels),
            builder.Constant<T>($"{name}.zero", new T[channels], channels)],
            Attribute("axis", 0L));
        return (Dequantise(weight.Name, quantised, scales, [.. weight.Dims]), Dequantise(bias.Name, quantisedBias, biasScales, channels));
    }
}
