using RadTex.Learning.Checkpoints;
using RadTex.Learning.Checkpoints.Foreign;
using RadTex.Learning.Export;
using RadTex.Learning.Transfer;
using RadTex.Prediction.Onnx;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Export;

public sealed class ModelExportTests
{
    [Theory]
    [InlineData("resnet18", 1, "max", false)]
    [InlineData("resnet18", 1, "max", true)]
    [InlineData("resnet50", 3, "imagenet", false)]
    [InlineData("resnet50", 3, "imagenet", true)]
    [InlineData("resnet34", 1, "plusminus1024", true)]
    [InlineData("resnet18-mlnet", 1, "imagenet255", true)]
    [InlineData("resnet18-mlnet", 3, "imagenet255", false)]
    public void ONNX_Runtime_gives_our_features_and_probabilities(string architecture, int channels, string scaling, bool fold)
    {
        using var folder = new TemporaryFolder();
        using var source = TinyEncoder.Make(architecture, channels, scaling: scaling);
        var heads = TinyEncoder.Heads(source.Encoder.FeatureWidth);
        ModelExport.Run(source, heads, folder.File("m.onnx"), fold).ShouldContain("ONNX Runtime agrees");
        using var model = OnnxModel.Open(folder.File("m.onnx"));
        model.Notes.Outputs.Select(o => (o.Label, o.Class)).ShouldBe([("Edema", 1), ("Grade", 0), ("Grade", 1), ("Grade", 2)]);
        model.Notes.Encoder.ShouldBe(source.Card);
        var pixels = Enumerable.Range(0, 2 * model.Input.Length).Select(i => (float)(i * 0.37 % 1)).ToArray();
        var probabilities = model.Run(pixels, 2, "probabilities");
        probabilities[2].ShouldBe(0f); // the class no example showed
        (probabilities[1] + probabilities[2] + probabilities[3]).ShouldBe(1f, 1e-5);
    }

    [Theory]
    [InlineData("m.safetensors")]
    [InlineData("m.pth")]
    public void Exported_weights_imported_again_keep_their_card(string name)
    {
        using var folder = new TemporaryFolder();
        using var made = TinyEncoder.Make(side: 96);
        using var source = EncoderSource.Of("tiny", made.Encoder, made.Card with { Intensity = "liao", Polarity = "as stored", ShortSide = 160 });
        ModelExport.Run(source, TinyEncoder.Heads(source.Encoder.FeatureWidth), folder.File(name));
        var (card, notes) = EncoderImport.Run(EncoderOrigin.Parse("state-dict"), folder.File(name), folder.File("imported"));
        (card.Synthetic, card.Intensity, card.Polarity, card.ImageSize, card.ShortSide, card.Scaling)
            .ShouldBe((true, "liao", "as stored", 96, 160, "max"));
        notes.ShouldContain(n => n.Contains("a test"));
    }

    [Fact]
    public void A_file_that_deviates_is_an_error_and_is_deleted()
    {
        using var folder = new TemporaryFolder();
        using var source = TinyEncoder.Make();
        // An encoder that overflows cannot be compared: not a number is no agreement.
        using (no_grad()) source.Encoder.parameters().First().fill_(float.NaN);
        Should.Throw<UserErrorException>(() => ModelExport.Run(source, [], folder.File("m.onnx"))).Message.ShouldContain("off by");
        File.Exists(folder.File("m.onnx")).ShouldBeFalse();
    }

    [Fact]
    public void Onnxs_own_checker_takes_the_models()
    {
        using var folder = new TemporaryFolder();
        using var source = TinyEncoder.Make("resnet50", width: 4);
        ModelExport.Run(source, TinyEncoder.Heads(source.Encoder.FeatureWidth), folder.File("m.onnx"));
        ExternalProgram.RunPython("onnx", """
            import sys, onnx
            model = onnx.load(sys.argv[1])
            onnx.checker.check_model(model, full_check=True)
            print(model.opset_import[0].version, [i.name for i in model.graph.output], model.graph.input[0].type.tensor_type.shape.dim[0].dim_param, sorted(p.key for p in model.metadata_props))
            """, folder.File("m.onnx")).Trim().ShouldBe("17 ['features', 'probabilities'] batch ['preprocessing', 'radtex.encoder', 'radtex.outputs', 'radtex.preparation', 'radtex.seen', 'radtex.self_test', 'radtex.sha256']");
    }

    [Theory]
    [InlineData("m.pth")]
    [InlineData("m.pt")]
    public void PyTorch_loads_our_file_with_weights_only_and_gives_our_features(string name)
    {
        using var folder = new TemporaryFolder();
        using var source = TinyEncoder.Make("resnet18", 3, width: 64);
        var head = TinyEncoder.Heads(512)[0];
        ModelExport.Run(source, [head], folder.File(name)).ShouldContain("equal to the bit");
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var images = Draw.Uniform([2, 3, 64, 64]);
        TorchFileWriter.Write(folder.File("images.pth"), [("images", images)]);
        var output = ExternalProgram.RunPython("torchvision", """
            import sys, torch, torchvision, pickle, zipfile
            state = torch.load(sys.argv[1], weights_only=True)
            model = torchvision.models.resnet18(num_classes=1)
            model.load_state_dict(state, strict=True)
            model.eval()
            with torch.no_grad(): print(*torch.sigmoid(model(torch.load(sys.argv[2], weights_only=True)['images'])).flatten().tolist())
            class AllowList(pickle.Unpickler):
                def persistent_load(self, id): return id
                def find_class(self, module, name):
                    assert (module, name) in {('collections', 'OrderedDict'), ('torch._utils', '_rebuild_tensor_v2'), ('torch', 'FloatStorage'), ('torch', 'LongStorage')}, (module, name)
                    return (lambda *a: a) if name == '_rebuild_tensor_v2' else __import__(module, fromlist=[name]).__dict__.get(name, name)
            assert len(AllowList(zipfile.ZipFile(sys.argv[1]).open('archive/data.pkl')).load()) == len(state)
            """, folder.File(name), folder.File("images.pth"));
        var expected = head.Weights.Probabilities(source.Encoder.Pool(images).data<float>().ToArray());
        output.Trim().Split(' ').Select(double.Parse).Zip(expected).ShouldAllBe(p => Math.Abs(p.First - p.Second) < 1e-4);
    }

    // python3-safetensors is not in Debian 12: the reader here is the format's description, a dozen lines.
    [Fact]
    public void An_independent_reader_finds_in_our_safetensors_what_torch_finds_in_our_pth_and_ours_reads_an_independent_writers()
    {
        using var folder = new TemporaryFolder();
        using var source = TinyEncoder.Make();
        ModelExport.Run(source, [], folder.File("m.safetensors"));
        ModelExport.Run(source, [], folder.File("m.pth"));
        ExternalProgram.RunPython("torch", """
            import sys, json, struct, torch, numpy
            raw = open(sys.argv[1], 'rb').read()
            length = struct.unpack('<Q', raw[:8])[0]
            header = json.loads(raw[8:8 + length])
            assert header.pop('__metadata__')['format'] == 'pt' and length % 8 == 0
            data, state, end = raw[8 + length:], torch.load(sys.argv[2], weights_only=True), 0
            assert list(header) == list(state)
            for name, entry in header.items():
                begin, stop = entry['data_offsets']
                assert begin == end; end = stop
                values = numpy.frombuffer(data[begin:stop], {'F32': '<f4', 'I64': '<i8'}[entry['dtype']]).reshape(entry['shape'])
                assert torch.equal(torch.from_numpy(values.copy()), state[name]), name
            assert end == len(data)
            values = {'u16': ('U16', numpy.array([0, 65535], '<u2')), 'u32': ('U32', numpy.array([4294967295], '<u4')), 'u64': ('U64', numpy.array([2 ** 62], '<u8')),
                      'e4m3': ('F8_E4M3', numpy.array([0x38, 0x7E, 0x01, 0xB8, 0x7F], 'u1')), 'e5m2': ('F8_E5M2', numpy.array([0x3C, 0x7B, 0x01, 0xBC], 'u1')), 'c64': ('C64', numpy.array([1 + 2j], '<c8')),
                      'half': ('F16', numpy.array([[0.5, -2]], '<f2')), 'bool': ('BOOL', numpy.array([1, 0], 'u1'))}
            header, body = {}, b''
            for name, (dtype, v) in values.items():
                header[name] = {'dtype': dtype, 'shape': list(v.shape), 'data_offsets': [len(body), len(body) + v.nbytes]}; body += v.tobytes()
            head = json.dumps(header).encode()
            open(sys.argv[3], 'wb').write(struct.pack('<Q', len(head)) + head + body)
            """, folder.File("m.safetensors"), folder.File("m.pth"), folder.File("other.safetensors"));
        var (read, _) = SafeTensors.Read(folder.File("other.safetensors"));
        read["u16"].data<int>().ToArray().ShouldBe([0, 65535]);
        read["u32"].data<long>().ToArray().ShouldBe([4294967295L]);
        read["u64"].data<long>().ToArray().ShouldBe([1L << 62]);
        read["e4m3"].data<float>().ToArray().ShouldBe([1f, 448f, MathF.ScaleB(1, -9), -1f, float.NaN]);
        read["e5m2"].data<float>().ToArray().ShouldBe([1f, 57344f, MathF.ScaleB(1, -16), -1f]);
        read["c64"].dtype.ShouldBe(ScalarType.ComplexFloat32);
        read["half"].to(ScalarType.Float32).data<float>().ToArray().ShouldBe([0.5f, -2f]);
        read["bool"].dtype.ShouldBe(ScalarType.Bool);
    }

    [Fact]
    public void An_ending_that_is_no_format_is_refused()
    {
        using var source = TinyEncoder.Make(width: 2);
        Should.Throw<UserErrorException>(() => ModelExport.Run(source, [], "/tmp/m.h5")).Message.ShouldContain(".safetensors, .pth, .pt or .onnx");
    }
}
