using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using RadTex.Heads;
using RadTex.Imaging.Transforms;

namespace RadTex.Prediction.Onnx;

/// <summary>
/// An exported encoder that also gives its features before they are averaged. A linear head on averaged features is a sum over places: its map is
/// exact, and needs no gradient.
/// </summary>
public sealed class ClassMapModel : IDisposable
{
    private readonly InferenceSession session;

    private ClassMapModel(InferenceSession session, ModelNotes notes, IReadOnlyList<(ModelOutput Of, LinearHead Head)> outputs)
    {
        (this.session, Outputs) = (session, outputs);
        Input = new(notes.Encoder.ImageSize, notes.Encoder.Channels, IntensityScalings.Parse(notes.Encoder.Scaling));
    }

    /// <summary>How a picture's bytes become the model's input, [C, S, S] float32.</summary>
    public RadiographInput Input { get; }

    /// <summary>The file's own outputs of two classes, each with its head as it stands in the graph; none for an encoder alone.</summary>
    public IReadOnlyList<(ModelOutput Of, LinearHead Head)> Outputs { get; }

    /// <summary>Opens an exported file and makes its feature map, [n, F, h, w], an output beside its own.</summary>
    /// <exception cref="UserErrorException">The file is none of ours, or its features are no average over places.</exception>
    public static ClassMapModel Open(string path)
    {
        var (model, notes) = ModelFile.Read(path);
        var only = Average(model.Graph) ?? throw new UserErrorException(
            $"{path}: exact maps need features that are one mean over places, with nothing after it but a change of shape. Take an encoder that "
                + "averages, such as a ResNet or a vision transformer named -gap.");
        if (model.Graph.Output.All(o => o.Name != ModelTensors.FeatureMap))
        {
            new GraphBuilder(model.Graph).Node("Identity", ModelTensors.FeatureMap, [only.Input[0]]);
            model.Graph.Output.Add(GraphBuilder.Value(
                ModelTensors.FeatureMap, TensorProto.Types.DataType.Float, "batch", notes.Encoder.FeatureWidth, "height", "width"));
        }
        using var options = OnnxModel.Options(0);
        return new(new InferenceSession(model.ToByteArray(), options), notes, [.. HeadNodes.Read(model.Graph, notes)]);
    }

    /// <summary>The map of a head's output on one picture.</summary>
    /// <param name="image">[C, S, S].</param>
    /// <param name="head">On this encoder's features.</param>
    /// <param name="output">0 for two classes.</param>
    public ClassMap Run(Memory<float> image, LinearHead head, int output = 0)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, image, [1, Input.Channels, Input.ImageSize, Input.ImageSize]);
        using var options = new RunOptions();
        using var results = session.Run(options, [ModelTensors.Image], [input], [ModelTensors.FeatureMap]);
        long[] shape = results[0].GetTensorTypeAndShape().Shape; // [1, F, h, w]
        return ClassMap.Of(results[0].GetTensorDataAsSpan<float>(), (int)shape[2], (int)shape[3], head, output);
    }

    /// <summary>Releases ONNX Runtime's session.</summary>
    public void Dispose() => session.Dispose();

    // The node that "features" are the output of, but for changes of shape; null where that is no average over all places.
    private static NodeProto? Average(GraphProto graph)
    {
        var made = graph.Node.SelectMany(n => n.Output.Select(o => (Name: o, Node: n))).ToLookup(p => p.Name, p => p.Node);
        string name = ModelTensors.Features;
        while (made[name].FirstOrDefault() is { } node)
        {
            if (node.OpType == "GlobalAveragePool") return node;
            if (node.OpType is not ("Identity" or "Flatten" or "Reshape" or "Squeeze")) return null;
            name = node.Input[0];
        }
        return null;
    }
}
