using Google.Protobuf;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Checkpoints.Foreign;
using RadTex.Learning.Export;
using RadTex.Learning.Transfer;
using RadTex.Prediction;
using RadTex.Prediction.Onnx;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Checkpoints;

/// <summary>Graphs of others as frozen encoders: what goes in and out of them is found, and hostile or unfit ones are told in a line.</summary>
public sealed class OnnxImportTests : IDisposable
{
    private const int Side = 64;
    private static readonly double[] Means = [120, 110, 100], Deviations = [50, 60, 70];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(3, false)]
    [InlineData(3, true)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public void A_graph_gives_its_features_whatever_its_layout(int channels, bool last)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var source = TinyEncoder.Make("resnet18", channels, Side, "imagenet255");
        var model = Graph(source);
        if (last) MakeChannelsLast(model, channels);

        var (card, notes) = Import(model, new(Side, IntensityScaling.ImageNet255));

        (card.Architecture, card.Channels, card.FeatureWidth, card.Scaling).ShouldBe(("onnx", channels, 64, "imagenet255"));
        notes.ShouldContain(n => n.Contains(last ? "last" : "first", StringComparison.Ordinal));
        using var imported = EncoderSource.Open(folder.File("encoder"), 0, Side);
        imported.IsRandom.ShouldBeFalse();
        var images = Draw.Normal([2, channels, Side, Side]);
        Difference(imported, images, source.Encoder.Pool(images)).ShouldBeLessThan(1e-5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Means_and_deviations_are_applied_in_the_networks_order_and_one_channel_is_repeated(bool blueFirst)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var source = TinyEncoder.Make("resnet18", 3, Side, "imagenet255");

        Import(Graph(source), new(Side, Standardisation: new(Means, Deviations, blueFirst)));

        using var imported = EncoderSource.Open(folder.File("encoder"), 0, Side);
        imported.Card.Channels.ShouldBe(1);
        var bytes = (Draw.Uniform([2, 1, Side, Side]) * 255).floor();
        int[] channels = blueFirst ? [2, 1, 0] : [0, 1, 2];
        var standardised = cat([.. channels.Select(c => (bytes - Means[c]) / Deviations[c])], 1);
        Difference(imported, (bytes / 255 - 0.449) / 0.226, source.Encoder.Pool(standardised)).ShouldBeLessThan(1e-4);
    }

    [Fact]
    public void A_tensor_inside_is_taken_by_name_and_what_comes_after_it_is_left_out()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var source = TinyEncoder.Make("vit-tiny-16", 1, Side);
        var images = Draw.Uniform([2, 1, Side, Side]);

        var (card, notes) = Import(Graph(source), new(Side, IntensityScaling.Max, Features: "norm.out"));

        card.FeatureWidth.ShouldBe(24);
        notes.ShouldContain(n => n.Contains("the first of its 17 tokens", StringComparison.Ordinal));
        using (var imported = EncoderSource.Open(folder.File("encoder"), 0, Side))
            Difference(imported, images, source.Encoder.Pool(images)).ShouldBeLessThan(1e-5);

        Import(Graph(source), new(Side, IntensityScaling.Max, Features: "map", Force: true)).Notes.ShouldContain("averaged over places");
        using var mean = EncoderSource.Open(folder.File("encoder"), 0, Side);
        Difference(mean, images, source.Encoder.forward(images).mean([2L, 3L])).ShouldBeLessThan(1e-5);
        ModelFile.Read(folder.File("encoder/encoder.onnx")).Model.Graph.Node.ShouldNotContain(n => n.Name == "net/class.token");
    }

    [Fact]
    public void A_frozen_encoder_is_exported_with_heads_and_cannot_be_trained_or_made_int8()
    {
        using var source = TinyEncoder.Make("resnet18", 3, Side, "imagenet255");
        var model = Graph(source);
        model.OpsetImport[0].Version = 12; // heads follow in the graph's own version
        Import(model, new(Side, IntensityScaling.ImageNet255));
        using var imported = EncoderSource.Open(folder.File("encoder"), 0, Side);

        ModelExport.Run(imported, TinyEncoder.Heads(64), folder.File("m.onnx")).ShouldContain("ONNX Runtime agrees");

        ModelFile.Read(folder.File("m.onnx")).Model.OpsetImport.ShouldHaveSingleItem().Version.ShouldBe(12);
        Should.Throw<UserErrorException>(() => ModelExport.Run(imported, [], folder.File("m.pth"))).Message.ShouldContain("graph of others");
        Should.Throw<UserErrorException>(() => imported.Encoder.forward(zeros(1, 3, Side, Side))).Message.ShouldContain("no features with places");
        var bytes = File.ReadAllBytes(folder.File("encoder/encoder.onnx"));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(folder.File("encoder/encoder.onnx"), bytes);
        Should.Throw<UserErrorException>(() => EncoderFolder.Read(folder.File("encoder"))).Message.ShouldContain("damaged or was altered");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Weights_beside_the_model_are_brought_in_and_those_elsewhere_are_not(bool elsewhere)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var source = TinyEncoder.Make("resnet18", 1, Side);
        var model = Graph(source);
        Directory.CreateDirectory(folder.File("model"));
        var file = folder.File(elsewhere ? "w.bin" : "model/w.bin");
        var weight = model.Graph.Initializer.Single(i => i.Name == "layer1.0.conv1.weight");
        File.WriteAllBytes(file, [1, 2, 3, 4, .. weight.RawData]);
        foreach (var (key, value) in ((string, string)[])[("location", elsewhere ? "../w.bin" : "w.bin"), ("offset", "4"),
            ("length", $"{weight.RawData.Length}")])
            weight.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        weight.RawData = ByteString.Empty;
        weight.DataLocation = TensorProto.Types.DataLocation.External;

        (EncoderCard, IReadOnlyList<string>) Run() => Import(model, new(Side, IntensityScaling.Max), "model/m.onnx");

        if (elsewhere)
        {
            Should.Throw<UserErrorException>(() => Run()).Message.ShouldContain("lies in ../w.bin, outside the model's folder");
            File.CreateSymbolicLink(folder.File("model/link.bin"), file);
            weight.ExternalData[0].Value = "link.bin";
            Should.Throw<UserErrorException>(() => Run()).Message.ShouldContain("outside the model's folder");
            return;
        }
        Run();
        using var imported = EncoderSource.Open(folder.File("encoder"), 0, Side);
        var images = Draw.Uniform([2, 1, Side, Side]);
        Difference(imported, images, source.Encoder.Pool(images)).ShouldBeLessThan(1e-5);
        weight.ExternalData[2].Value = "99999999";
        Should.Throw<UserErrorException>(() => Run()).Message.ShouldContain("asks for 99,999,999 bytes from 4");
    }

    public static TheoryData<string, string> Faults => new()
    {
        { "no such output", "has no tensor called 'embedding'; its outputs are features [batch,64]" }, { "custom", "Magic of my.domain" },
        { "functions", "operators of its own" }, { "two channels", "[batch,2,64,64]; expected 1 or 3 channels" }, { "size", "a side of 96 pixels" },
        { "two inputs", "has 2 inputs" }, { "bytes", "expected float32" }, { "two outputs", "has 2 outputs" },
        { "fixed batch", "takes one picture at a time" }, { "constant", "is the same for two unlike pictures" },
        { "broken", "does not run on a picture" }, { "means", "takes 3 channels; found 1 means" }, { "levels", "not those of bytes" },
        { "both", "name a scaling, or means and deviations" }, { "neither", "name a scaling, or means and deviations" },
        { "text", "is no ONNX model" },
    };

    [Theory, MemberData(nameof(Faults))]
    public void What_is_no_encoder_is_refused_in_a_line_and_nothing_is_written(string fault, string told)
    {
        using var source = TinyEncoder.Make("resnet18", 3, Side, "imagenet255");
        var model = Graph(source);
        var graph = model.Graph;
        var builder = new GraphBuilder(graph);
        var dims = graph.Input[0].Type.TensorType.Shape.Dim;
        var options = new OnnxImportOptions(Side, IntensityScaling.ImageNet255);
        switch (fault)
        {
            case "no such output": options = options with { Features = "embedding" }; break;
            case "custom":
                graph.Node.Add(new NodeProto { OpType = "Magic", Domain = "my.domain", Input = { "features" }, Output = { "more" } });
                break;
            case "functions": model.Functions.Add(ByteString.CopyFrom([0])); break;
            case "two channels": dims[1].DimValue = 2; break;
            case "size": options = options with { ImageSize = 96 }; break;
            case "two inputs": graph.Input.Add(GraphBuilder.Batch("age", 1)); break;
            case "bytes": graph.Input[0].Type.TensorType.ElemType = 2; break;
            case "two outputs":
                builder.Node("Relu", "more", ["features"]);
                graph.Output.Add(GraphBuilder.Batch("more", 64));
                break;
            case "fixed batch":
                builder.Node("Reshape", "rows", ["features", builder.Constant<long>("sides", [1, 64], 2)]);
                graph.Output[0].Name = "rows";
                break;
            case "constant":
                builder.Node("Mul", "nothing", ["features", builder.Constant<float>("zero", [0])]);
                graph.Output[0].Name = "nothing";
                break;
            case "broken": graph.Node.First(n => n.OpType == "Conv").Attribute.First(a => a.Name == "kernel_shape").Ints[0] = 5; break;
            case "means": options = new(Side, Standardisation: new([120], [50])); break;
            case "levels": options = new(Side, Standardisation: new([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])); break;
            case "both": options = options with { Standardisation = new(Means, Deviations) }; break;
            case "neither": options = new(Side); break;
        }
        if (fault == "text") File.WriteAllText(folder.File("m.onnx"), "a chest\n");
        var message = Should.Throw<UserErrorException>(() =>
            fault == "text" ? OnnxImport.Run(folder.File("m.onnx"), folder.File("encoder"), options) : Import(model, options)).Message;

        message.ShouldContain(told);
        message.ShouldNotContain('\n');
        Directory.Exists(folder.File("encoder")).ShouldBeFalse();
    }

    // As another program would write it: names and weights alone.
    private static ModelProto Graph(EncoderSource source)
    {
        var model = EncoderGraph.Build(source.Encoder, source.Card, [], foldBatchNorm: false);
        model.MetadataProps.Clear();
        return model;
    }

    private static void MakeChannelsLast(ModelProto model, int channels)
    {
        var graph = model.Graph;
        graph.Node.Insert(0, new NodeProto { OpType = "Transpose", Input = { "rows" }, Output = { "image" } });
        graph.Node[0].Attribute.Add(GraphBuilder.Attribute("perm", 0, 3, 1, 2).Proto);
        graph.Input.Clear();
        graph.Input.Add(GraphBuilder.Batch("rows", Side, Side, channels));
    }

    private (EncoderCard Card, IReadOnlyList<string> Notes) Import(ModelProto model, OnnxImportOptions options, string name = "m.onnx")
    {
        File.WriteAllBytes(folder.File(name), model.ToByteArray());
        return OnnxImport.Run(folder.File(name), folder.File("encoder"), options);
    }

    private static double Difference(EncoderSource imported, Tensor images, Tensor expected) =>
        (imported.Encoder.Pool(images) - expected).abs().max().item<float>();
}
