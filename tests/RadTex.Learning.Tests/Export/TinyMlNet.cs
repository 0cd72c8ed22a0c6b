using Google.Protobuf;
using RadTex.Learning.Export;
using RadTex.Learning.Transfer;
using RadTex.Prediction.Onnx;

namespace RadTex.Learning.Tests.Export;

/// <summary>A graph like ML.NET's, of an encoder of a few channels: its names, uneven pads and both ways to hold values.</summary>
internal static class TinyMlNet
{
    internal const int Side = 64;

    internal static EncoderSource Encoder() => TinyEncoder.Make("resnet18-mlnet", 3, Side, "imagenet255", width: 4);

    internal static ModelProto Graph(EncoderSource source)
    {
        var model = EncoderGraph.Build(source.Encoder, source.Card, [], foldBatchNorm: false);
        var graph = model.Graph;
        foreach (var node in graph.Node)
        {
            for (int i = 0; i < node.Input.Count; i++)
                if (node.Input[i] == ModelTensors.Image) node.Input[i] = "Input247";
            bool strides = node.Attribute.Any(a => a.Name == "strides" && a.Ints[0] == 2);
            if (strides && node.Attribute.FirstOrDefault(a => a.Name == "pads") is { } pads && pads.Ints[0] > 0)
                pads.Ints[2] = pads.Ints[3] = pads.Ints[0] - 1; // CNTK
        }
        var last = graph.Node.Single(n => n.OpType == "GlobalAveragePool").Input[0];
        foreach (var node in graph.Node.Where(n => n.OpType is "GlobalAveragePool" or "Flatten").ToArray()) graph.Node.Remove(node);
        new GraphBuilder(graph).Node("AveragePool", "Pooling395_Output_0", [last], GraphBuilder.Attribute("kernel_shape", Side / 32, Side / 32));
        foreach (var constant in graph.Initializer.Where(c => c.Dims.Count == 1))
        {
            constant.FloatData.Add(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(constant.RawData.Span).ToArray());
            constant.RawData = ByteString.Empty;
        }
        graph.Input.Clear();
        graph.Input.Add(GraphBuilder.Value("Input247", TensorProto.Types.DataType.Float, 1L, 3L, (long)Side, (long)Side));
        graph.Output.Clear();
        graph.Output.Add(GraphBuilder.Value("Pooling395_Output_0", TensorProto.Types.DataType.Float, 1L, (long)source.Encoder.FeatureWidth, 1L, 1L));
        model.MetadataProps.Clear();
        return model;
    }
}
