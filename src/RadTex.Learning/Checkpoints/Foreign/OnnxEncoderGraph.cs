using System.Globalization;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using RadTex.Imaging.Transforms;
using RadTex.Prediction.Onnx;
using static RadTex.Prediction.Onnx.GraphBuilder;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>
/// Makes of another program's graph one that takes our "image" [batch, C, S, S] and gives "features" [batch, F]: the input standardised, repeated to
/// three channels and laid out as the network wants it; its output averaged over places, or its first token taken.
/// </summary>
internal sealed class OnnxEncoderGraph
{
    /// <summary>The scaling of the one channel that means and deviations are applied to inside the graph.</summary>
    internal const IntensityScaling OwnScaling = IntensityScaling.ImageNet255;

    private const string Prefix = "net/";
    private const int MostFeatures = 65_536;
    private const long LeastFormat = 8; // before version 4 every constant had to be an input
    private const double Tolerance = 1e-3;

    private readonly ModelProto model;
    private readonly string path;
    private readonly OnnxImportOptions options;
    private readonly ValueInfoProto input;
    private readonly string features;

    internal OnnxEncoderGraph(ModelProto model, string path, OnnxImportOptions options)
    {
        (this.model, this.path, this.options) = (model, path, options);
        input = FindInput();
        features = FindFeatures();
        model.Graph.ValueInfo.Clear(); // shapes of the batch it was exported with
        model.Graph.QuantizationAnnotation.Clear();
    }

    /// <summary>The graph, F, and what a user must know of it.</summary>
    /// <exception cref="UserErrorException">It does not run on such pictures, or what it gives are no features of each.</exception>
    internal (ModelProto Graph, int Width, IReadOnlyList<string> Notes) Build()
    {
        UserErrorException? refused = null;
        foreach (var layout in Layouts())
        {
            try { return Build(layout); }
            catch (OnnxRuntimeException e) { refused ??= DoesNotRun(layout, e); }
        }
        throw refused!;
    }

    private (ModelProto Graph, int Width, IReadOnlyList<string> Notes) Build(Layout layout)
    {
        var notes = new List<string> { $"input {Shown(input.Name)}, {layout}", $"features {Shown(features)}" };
        var graph = WithInput(layout);
        var builder = new GraphBuilder(graph.Graph);
        string own = Prefix + features;
        graph.Graph.Output.Add(new ValueInfoProto { Name = own, Type = FloatType() });
        graph.Graph.Prune();
        var pictures = Pictures(graph);
        long[] shape;
        using (var probe = Session(graph)) shape = Run(probe, own, pictures.AsSpan(0, pictures.Length / 2).ToArray(), 1).Shape;
        if (shape.Length == 4)
        {
            var map = layout.ChannelsLast ? builder.Node("Transpose", "channels", [own], Attribute("perm", 0, 3, 1, 2)) : own;
            builder.Node("Flatten", ModelTensors.Features, [builder.Node("GlobalAveragePool", "average", [map])], Attribute("axis", 1L));
            if (shape[2] * shape[3] > 1) notes.Add("averaged over places");
        }
        else if (shape.Length == 3)
        {
            builder.Node("Gather", ModelTensors.Features, [own, builder.Constant<long>("first", [0])], Attribute("axis", 1L));
            notes.Add($"the first of its {shape[1]} tokens taken, which is the class token of most transformers");
        }
        else if (shape.Length == 2) builder.Node("Identity", ModelTensors.Features, [own]);
        else
            throw new UserErrorException(
                $"{path}: {Shown(features)} is [{string.Join(",", shape)}] for one picture; expected [1, F], [1, F, h, w] or [1, tokens, F].");
        graph.Graph.Output.Clear();
        int width = Check(graph, pictures);
        graph.Graph.Output.Clear();
        graph.Graph.Output.Add(Batch(ModelTensors.Features, width));
        return (graph, width, notes);
    }

    // "image" before the network: standardised, repeated and laid out; every name of the network's own gets a prefix.
    private ModelProto WithInput(Layout layout)
    {
        var graph = model.Clone();
        graph.IrVersion = Math.Max(graph.IrVersion, LeastFormat);
        graph.MetadataProps.Clear();
        graph.Graph.Rename(name => Prefix + name);
        var front = new GraphProto();
        var builder = new GraphBuilder(front);
        var x = ModelTensors.Image;
        int channels = layout.Channels;
        if (options.Standardisation is { } standardisation)
        {
            // The input is (level - its mean) / its deviation, with one channel; a byte is 255 levels.
            var (mean, deviation) = OwnScaling.Standardisation(1)[0];
            var wanted = standardisation.Of(channels);
            float[] scales = [.. wanted.Select(w => (float)(byte.MaxValue * deviation / w.Deviation))];
            float[] offsets = [.. wanted.Select(w => (float)((byte.MaxValue * mean - w.Mean) / w.Deviation))];
            x = builder.Node("Mul", "input.scaled", [x, builder.Constant<float>("input.scales", scales, 1, channels, 1, 1)]);
            x = builder.Node("Add", "input.shifted", [x, builder.Constant<float>("input.offsets", offsets, 1, channels, 1, 1)]);
        }
        if (layout.ChannelsLast) x = builder.Node("Transpose", "input.rows", [x], Attribute("perm", 0, 2, 3, 1));
        builder.Node("Identity", Prefix + input.Name, [x]);
        for (int i = 0; i < front.Node.Count; i++) graph.Graph.Node.Insert(i, front.Node[i]);
        graph.Graph.Initializer.Add(front.Initializer);
        graph.Graph.Input.Clear();
        graph.Graph.Output.Clear();
        int own = options.Standardisation is null ? channels : 1;
        graph.Graph.Input.Add(Batch(ModelTensors.Image, own, options.ImageSize, options.ImageSize));
        return graph;
    }

    // Two pictures together must give what each gives alone, and not the same.
    private int Check(ModelProto graph, float[] pictures)
    {
        graph.Graph.Output.Add(new ValueInfoProto { Name = ModelTensors.Features, Type = FloatType() });
        using var session = Session(graph);
        int each = pictures.Length / 2;
        var alone = Enumerable.Range(0, 2).Select(i => Run(session, ModelTensors.Features, pictures[(i * each)..((i + 1) * each)], 1)).ToArray();
        if (alone[0].Shape is not [1, var width and > 0 and <= MostFeatures])
            throw new UserErrorException(
                $"{path}: {Shown(features)} gives [{string.Join(",", alone[0].Shape)}] for one picture; expected [1, F] with F of 1 to "
                    + $"{MostFeatures:N0}.");
        float[] both;
        try { both = Run(session, ModelTensors.Features, pictures, 2).Values; }
        catch (OnnxRuntimeException e)
        {
            throw new UserErrorException(
                $"{path} takes one picture at a time: its graph holds that number in its shapes. Export it with a free batch ({FirstLine(e)}).", e);
        }
        float[] separate = [.. alone.SelectMany(a => a.Values)];
        if (!separate.All(float.IsFinite)) throw new UserErrorException($"{path}: {Shown(features)} is not finite on pictures scaled as was said.");
        if (both.Length != separate.Length || !(ModelSelfTest.Deviation(separate, both) <= Tolerance))
            throw new UserErrorException(
                $"{path} gives another {Shown(features)} of a picture beside others than alone: expected the same. Export it in evaluation mode.");
        if (alone[0].Values.AsSpan().SequenceEqual(alone[1].Values))
            throw new UserErrorException(
                $"{path}: {Shown(features)} is the same for two unlike pictures. Name a tensor that depends on the picture.");
        return (int)width;
    }

    private ValueInfoProto FindInput()
    {
        var constants = model.Graph.Initializer.Select(i => i.Name).ToHashSet();
        var inputs = model.Graph.Input.Where(i => !constants.Contains(i.Name)).ToArray();
        if (inputs is not [var only])
            throw new UserErrorException(
                $"{path} has {inputs.Length} inputs ({Listed(inputs)}); expected one, the picture. Export the image encoder alone.");
        if (only.Type?.TensorType is not { } type || type.ElemType != (int)TensorProto.Types.DataType.Float || type.Shape is not { Dim.Count: 4 })
            throw new UserErrorException($"{path}: the input is {Listed([only])}; expected float32 [batch, channels, {options.ImageSize}, "
                + $"{options.ImageSize}], or channels last.");
        return only;
    }

    private string FindFeatures()
    {
        var outputs = model.Graph.Output.ToArray();
        if (options.Features is { } named)
            return outputs.Any(o => o.Name == named) || model.Graph.Node.Any(n => n.Output.Contains(named)) ? named
                : throw new UserErrorException(
                    $"{path} has no tensor called '{Shown(named)}'; its outputs are {Listed(outputs)}. Take one of them, or a tensor inside by "
                        + "its name.");
        var suited = outputs.Where(o => o.Type?.TensorType is { } t && t.ElemType == (int)TensorProto.Types.DataType.Float).ToArray();
        var flat = suited.Where(o => o.Type.TensorType.Shape is { Dim.Count: 2 }).ToArray();
        return suited is [var only] ? only.Name : flat is [var vector] ? vector.Name
            : throw new UserErrorException(
                $"{path} has {outputs.Length} outputs ({Listed(outputs)}): say by the setting 'features' which are an encoder's.");
    }

    // What the input's shape allows, the likelier first; a free side may be anything.
    private Layout[] Layouts()
    {
        var sides = input.Type.TensorType.Shape.Dim.Select(d => d.HasDimValue ? d.DimValue : 0).ToArray();
        bool Fits(long side, long wanted) => side <= 0 || side == wanted;
        int S = options.ImageSize;
        Layout[] found =
        [
            .. from last in (bool[])[false, true]
               from channels in (int[])[3, 1]
               let places = last ? sides[1..3] : sides[2..4]
               where Fits(sides[last ? 3 : 1], channels) && places.All(side => Fits(side, S))
               select new Layout(last, channels),
        ];
        return found.Length > 0 ? found : throw new UserErrorException(
            $"{path}: the input is {Listed([input])}; expected 1 or 3 channels and a side of {S} pixels. Give the image size that the network was "
                + "exported with, or a network of grey or colour pictures.");
    }

    private UserErrorException DoesNotRun(Layout layout, OnnxRuntimeException e) => new(
        $"{path} does not run on a picture of {options.ImageSize} pixels, {layout}: {FirstLine(e)}", e);

    private float[] Pictures(ModelProto graph)
    {
        int channels = (int)graph.Graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue, S = options.ImageSize;
        var reader = new RadiographInput(S, channels, options.Scaling ?? OwnScaling);
        var pictures = new float[2 * reader.Length];
        for (int i = 0; i < 2; i++)
        {
            byte[] pixels = [.. Enumerable.Range(0, S * S).Select(p => (byte)new CounterRandom((ulong)i, (ulong)p).Below(i == 0 ? 256 : 128))];
            reader.Fill(pixels, S, S, AffineMap.Identity, Interpolation.Bilinear, pictures.AsSpan(i * reader.Length, reader.Length));
        }
        return pictures;
    }

    private static InferenceSession Session(ModelProto graph)
    {
        using var settings = OnnxModel.Options(0);
        settings.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL; // what fails is told in a message
        return new(graph.ToByteArray(), settings);
    }

    private (float[] Values, long[] Shape) Run(InferenceSession session, string output, float[] images, int count)
    {
        int channels = (int)(images.Length / count / ((long)options.ImageSize * options.ImageSize));
        using var fed = OrtValue.CreateTensorValueFromMemory(images, [count, channels, options.ImageSize, options.ImageSize]);
        using var settings = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var results = session.Run(settings, [ModelTensors.Image], [fed], [output]);
        var shape = results[0].GetTensorTypeAndShape();
        return shape.ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float
            ? (results[0].GetTensorDataAsSpan<float>().ToArray(), shape.Shape)
            : throw new UserErrorException($"{path}: {Shown(features)} is of type {shape.ElementDataType}; expected float32. Name another tensor.");
    }

    private static TypeProto FloatType() => new() { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float } };

    private static string Listed(IEnumerable<ValueInfoProto> values) => string.Join(", ", values.Take(6).Select(v => v.Type?.TensorType is { } type
        ? $"{Shown(v.Name)} [{string.Join(",", (type.Shape?.Dim ?? []).Select(d =>
            d.HasDimValue ? d.DimValue.ToString(CultureInfo.InvariantCulture) : d.DimParam.Length > 0 ? Shown(d.DimParam) : "?"))}]"
        : Shown(v.Name)));

    private static string FirstLine(OnnxRuntimeException e) => Shown(e.Message, 300);

    private static string Shown(string text, int most = 80) =>
        PrintableText.Of((text.Length > most ? text[..most] + "..." : text).ReplaceLineEndings(" "));

    /// <summary>How a network's input lies.</summary>
    private sealed record Layout(bool ChannelsLast, int Channels)
    {
        public override string ToString() => $"{Channels} {(Channels == 1 ? "channel" : "channels")}, {(ChannelsLast ? "last" : "first")}";
    }
}
