using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using RadTex.Files;
using RadTex.Imaging.Transforms;
using RadTex.Inspection;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Checkpoints.Foreign;
using RadTex.Learning.Export;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Transfer;
using RadTex.Phantoms;
using RadTex.Prediction.Onnx;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Export;

/// <summary>ML.NET's ResNet-18 as an encoder: a small graph of its kind, hostile ones, and the package itself where it can be had.</summary>
public sealed class MlNetImportTests
{
    [Fact]
    public void A_graph_is_read_weight_by_weight_and_ONNX_Runtime_agrees_with_what_was_read()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var source = TinyMlNet.Encoder();
        var path = Write(folder, TinyMlNet.Graph(source));

        var read = MlNetImport.ReadWeights(path);

        var own = ModuleWeights.Of(source.Encoder).Where(w => !w.Name.EndsWith("num_batches_tracked", StringComparison.Ordinal)).ToArray();
        read.Keys.ShouldBe(own.Select(w => w.Name), ignoreOrder: true);
        own.ShouldAllBe(w => w.Tensor.equal(read[w.Name]).all().item<bool>());
        var images = Draw.Normal([1, 3, TinyMlNet.Side, TinyMlNet.Side]);
        (source.Encoder.Pool(images) - Features(path, images)).abs().max().item<float>().ShouldBeLessThan(1e-4f);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void An_imported_encoder_takes_our_input_and_works_wherever_encoders_do(int channels)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        string path, encoder = folder.File("encoder");
        using (var source = TinyMlNet.Encoder()) path = Write(folder, TinyMlNet.Graph(source));

        EncoderImport.Run(MlNetImport.Origin, path, encoder, new(channels, TinyMlNet.Side));

        FolderKind.Of(encoder).ShouldBe(FolderKind.Encoder);
        using var imported = EncoderSource.Open(encoder, 0, TinyMlNet.Side);
        (imported.Card.Architecture, imported.Card.Channels, imported.Card.Scaling).ShouldBe(("resnet18-mlnet", channels, "imagenet255"));
        imported.Seen.ShouldBe(SeenRadiographs.Unknown);
        imported.Card.Provenance.ShouldContain("SHA-256");
        Likeness(imported, path, Phantom(TinyMlNet.Side)).ShouldBeGreaterThan(0.999);
        ModelExport.Run(imported, [], folder.File("m.onnx")).ShouldContain("ONNX Runtime agrees");
        using var again = EncoderSource.Open($"random:{imported.Card.Architecture}:4", 0, TinyMlNet.Side, channels);
        ModuleWeights.Of(again.Encoder).Select(w => w.Name).ShouldBe(ModuleWeights.Of(imported.Encoder).Select(w => w.Name));
    }

    public static TheoryData<string, string> Faults => new()
    {
        { "external", "external data are not read" }, { "external place", "external data are not read" }, { "shape", "expected [4,4,3,3]" },
        { "short", "bytes of data" }, { "double", "type 11" }, { "both", "bytes of data" }, { "input", "found inputs picture, expected Input247" },
        { "channels", "expected [1,3,S,S]" }, { "side", "a multiple of 32" }, { "output", "expected Pooling395_Output_0" },
        { "epsilon", "epsilon 0.001" },
        { "bias", "no bias" }, { "twice", "two constants called" }, { "extra node", "nodes, expected" }, { "extra constant", "constants, expected" },
        { "fewer blocks", "layer4.2" }, { "stride", "strides 1,1" }, { "pads", "pads 0,0,0,0" }, { "groups", "in 2 groups" },
        { "sum", "expected of" },
        { "no graph", "holds no graph" }, { "many", "holds more than" }, { "text", "is no ONNX model" }, { "cut", "is no ONNX model" },
        { "long name", "expected Input247" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Another_graph_is_refused_by_what_was_found_and_expected(string fault, string told)
    {
        using var folder = new TemporaryFolder();
        using var source = TinyMlNet.Encoder();
        var model = TinyMlNet.Graph(source);
        var graph = model.Graph;
        TensorProto Constant(string name) => graph.Initializer.Single(c => c.Name == name);
        NodeProto Node(string output) => graph.Node.Single(n => n.Output[0] == output);
        void Set(string output, string attribute, params long[] values)
        {
            var ints = Node(output).Attribute.Single(a => a.Name == attribute).Ints;
            ints.Clear();
            ints.Add(values);
        }
        switch (fault)
        {
            case "external": Constant("bn1.weight").DataLocation = TensorProto.Types.DataLocation.External; break;
            case "external place":
                Constant("bn1.weight").ExternalData
                .Add(new StringStringEntryProto { Key = "location", Value = "../../etc/passwd" }); break;
            case "shape": Constant("layer1.0.conv1.weight").Dims[0] = 1L << 60; break;
            case "short": Constant("layer1.0.conv1.weight").RawData = ByteString.CopyFrom(new byte[7]); break;
            case "double": Constant("bn1.weight").DataType = 11; break;
            case "both": Constant("bn1.weight").RawData = ByteString.CopyFrom(new byte[16]); break;
            case "input": graph.Input[0].Name = "picture"; break;
            case "long name": graph.Input[0].Name = new string('x', 1 << 20); break;
            case "channels": graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue = 1; break;
            case "side":
                foreach (var side in graph.Input[0].Type.TensorType.Shape.Dim.Skip(2)) side.DimValue = 70;
                break;
            case "output": graph.Node[^1].Output[0] = "features"; break;
            case "epsilon": Node("bn1.out").Attribute.Single().F = 1e-3f; break;
            case "bias": Node("conv1.out").Input.Add("bn1.bias"); break;
            case "twice": graph.Initializer.Add(Constant("bn1.bias").Clone()); break;
            case "extra node": new GraphBuilder(graph).Node("Identity", "more", ["Pooling395_Output_0"]); break;
            case "extra constant": new GraphBuilder(graph).Constant<float>("more", [1f], 1); break;
            case "fewer blocks": Node("layer4.2.conv1.out").OpType = "Identity"; break;
            case "stride": Set("layer2.0.conv1.out", "strides", 1, 1); break;
            case "pads": Set("layer1.0.conv1.out", "pads", 0, 0, 0, 0); break;
            case "groups": Node("conv1.out").Attribute.Add(GraphBuilder.Attribute("group", 2L).Proto); break;
            case "sum": Node("layer1.0.sum").Input[1] = "layer1.0.bn2.out"; break;
            case "no graph": model.Graph = null; break;
            case "many": graph.Node.Add(Enumerable.Range(0, 30_000).Select(_ => new NodeProto())); break;
        }
        var path = Write(folder, model);
        if (fault == "text") File.WriteAllText(path, "a picture of a chest, in words\n");
        if (fault == "cut") File.WriteAllBytes(path, File.ReadAllBytes(path)[..5000]);

        var message = Should.Throw<UserErrorException>(() => EncoderImport.Run(MlNetImport.Origin, path, folder.File("encoder"))).Message;

        message.ShouldContain(told);
        message.Length.ShouldBeLessThan(1000);
        Directory.Exists(folder.File("encoder")).ShouldBeFalse();
    }

    [Fact]
    public void The_packages_encoder_gives_ONNX_Runtimes_features()
    {
        const string Models = "tools/DnnImageModels";
        var package = NuGetPackage.Require("Microsoft.ML.DnnImageFeaturizer.ResNet18", "0.23.1");
        string path = Path.Combine(package, Models, "ResNet18Onnx", "ResNet18.onnx");
        var preparation = Path.Combine(package, Models, "ResNetPrepOnnx", "ResNetPreprocess.onnx");
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        // The graph's own input into the graph's own weights.
        using (var own = Encoders.Create(new("resnet18-mlnet", 64, 3), Draw.Stream))
        {
            var weights = MlNetImport.ReadWeights(path);
            foreach (var (name, tensor) in ModuleWeights.Of(own)) weights.TryAdd(name, tensor); // batch counts
            ModuleWeights.Load(own, weights, path);
            own.eval();
            var images = Draw.Normal([1, 3, 224, 224]) * 60;
            (own.Pool(images) - Features(path, images)).abs().max().item<float>().ShouldBeLessThan(1e-4f);
        }
        // Through our input, beside its own preprocessing: a mean image, which is not constant.
        var zeros = new float[3 * 224 * 224];
        var mean = tensor(Run(preparation, "OriginalInput", "PreprocessedInput", zeros)).neg().reshape(3, -1).mean([1L]).data<float>().ToArray();
        mean.Select(m => (double)m).ShouldBe(MlNetImport.MeanBytes, 1e-3);
        foreach (int channels in (int[])[3, 1])
        {
            EncoderImport.Run(MlNetImport.Origin, path, folder.File($"encoder{channels}"), new(channels));
            using var imported = EncoderSource.Open(folder.File($"encoder{channels}"), 0, 224);
            foreach (int patient in (int[])[0, 1, 2])
            {
                double likeness = Likeness(imported, path, Phantom(224, patient), preparation);
                TestContext.Current.TestOutputHelper?.WriteLine(
                    FormattableString.Invariant($"{channels} channels, phantom {patient}: cosine {likeness:F5}"));
                likeness.ShouldBeGreaterThan(0.98);
            }
        }
    }

    private static string Write(TemporaryFolder folder, ModelProto model)
    {
        var path = folder.File("ResNet18.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }

    // Grey bytes of a synthetic radiograph, S x S, whose brightest is not 255.
    private static float[] Phantom(int side, int patient = 0)
    {
        var planned = new PhantomPlanner(new(Count: 3, Seed: 5, ShortSidePixels: side)).Plan(patient);
        var drawn = new PhantomRenderer().Render(planned, planned.Studies[0], 0);
        byte[] pixels = [.. drawn.Pixels.Select(p => (byte)(p * 0.9))];
        var grey = new float[side * side];
        new RadiographInput(side, 1, IntensityScaling.PlusMinus1024)
            .Fill(pixels, drawn.Height, drawn.Width, AffineMap.Identity, Interpolation.Bilinear, grey);
        return Array.ConvertAll(grey, v => MathF.Round((v / 1024 + 1) / 2 * 255));
    }

    // Cosine between an encoder's features of a picture and those of the graph on bytes less its mean image, or the mean of that.
    private static double Likeness(EncoderSource source, string path, float[] grey, string? preparation = null)
    {
        var input = source.Input();
        var values = new float[input.Length];
        input.Fill(Array.ConvertAll(grey, v => (byte)v), input.ImageSize, input.ImageSize, AffineMap.Identity, Interpolation.Bilinear, values);
        var own = source.Encoder.Pool(tensor(values, [1, input.Channels, input.ImageSize, input.ImageSize]));
        float[] three = [.. grey, .. grey, .. grey];
        var bytes = preparation is null
            ? [.. three.Select((v, i) => v - (float)MlNetImport.MeanBytes[i / grey.Length])]
            : Run(preparation, "OriginalInput", "PreprocessedInput", three);
        var features = Features(path, tensor(bytes, [1, 3, input.ImageSize, input.ImageSize]));
        return nn.functional.cosine_similarity(own, features).item<float>();
    }

    private static Tensor Features(string path, Tensor images) =>
        tensor(Run(path, "Input247", "Pooling395_Output_0", images.contiguous().data<float>().ToArray())).reshape(1, -1);

    private static float[] Run(string path, string input, string output, float[] values)
    {
        using var options = OnnxModel.Options(1);
        using var session = new InferenceSession(path, options);
        long side = (long)Math.Sqrt(values.Length / 3);
        using var fed = OrtValue.CreateTensorValueFromMemory(values, [1, 3, side, side]);
        using var run = new RunOptions();
        using var results = session.Run(run, [input], [fed], [output]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
