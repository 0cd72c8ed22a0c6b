using RadTex.Learning.Checkpoints;
using RadTex.Learning.Export;
using RadTex.Learning.Models;
using RadTex.Learning.Models.Decoding;
using RadTex.Phantoms;
using RadTex.Prediction.Onnx;
using RadTex.Text;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Export;

public sealed class CaptionerExportTests
{
    private const int Images = 4;

    public static TheoryData<string> Ways => [.. Decodings.Keys];

    private static readonly Dictionary<string, IDecoding> Decodings = new()
    {
        ["greedy"] = BeamSearch.Greedy,
        ["paper"] = new BeamSearch(),
        ["wide"] = new BeamSearch(Beams: 5, PerNode: 3, LengthPower: 0.7),
        ["blocked"] = new BeamSearch(Beams: 3, PerNode: 2, BlockedRun: 2),
        ["virtex"] = BeamSearch.VirTexCompatible,
        ["nucleus"] = new NucleusSampling(Seed: 5),
    };

    // Models far from uniform, whose captions end at different steps, so that beams and images leave the batch at different ones.
    [Theory]
    [MemberData(nameof(Ways))]
    public void ONNX_Runtime_writes_our_tokens(string way)
    {
        var decoding = Decodings[way];
        var lengths = new HashSet<int>();
        int differing = 0;
        for (int seed = 0; seed < 6; seed++)
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            using var folder = new TemporaryFolder();
            using var model = Model(seed, endBias: seed % 3, layers: 1 + seed % 3);
            using var exported = Export(model, folder.File("captioner"));
            var pixels = Draw.Uniform([Images, 1, 64, 64]);
            var (ours, theirs) = (
                decoding.Decode(model, model.Encode(pixels)), decoding.Decode(exported, exported.Encode(pixels.data<float>().ToArray(), Images)));
            for (int image = 0; image < Images; image++)
            {
                theirs[image].Tokens.ShouldBe(ours[image].Tokens, $"seed {seed}, image {image}");
                theirs[image].LogProbability.ShouldBe(ours[image].LogProbability, 1e-3);
                lengths.Add(ours[image].Tokens.Count);
            }
            if (ours.Select(c => string.Join(' ', c.Tokens)).Distinct().Count() > 1) differing++;
        }
        lengths.Count.ShouldBeGreaterThan(1); // captions did end at different steps
        differing.ShouldBeGreaterThan(0); // what an image's patches are did reach its own rows
    }

    [Fact]
    public void Every_beam_of_every_image_agrees_and_folding_batch_norms_changes_nothing()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var folder = new TemporaryFolder();
        using var model = Model(seed: 9, endBias: 2);
        using var exported = Export(model, folder.File("captioner"), fold: true);
        var pixels = Draw.Uniform([Images, 1, 64, 64]);
        var search = new BeamSearch(Beams: 4, PerNode: 3);
        var (ours, theirs) = (
            search.Search(model, model.Encode(pixels)), search.Search(exported, exported.Encode(pixels.data<float>().ToArray(), Images)));
        for (int image = 0; image < Images; image++)
            theirs[image].Select(c => string.Join(' ', c.Tokens)).ShouldBe(ours[image].Select(c => string.Join(' ', c.Tokens)));
    }

    [Fact]
    public void Onnxs_own_checker_takes_the_graphs_and_every_length_and_batch_is_free()
    {
        using var folder = new TemporaryFolder();
        using var model = Model(seed: 1, endBias: 0);
        using (Export(model, folder.File("captioner"))) { }
        ExternalProgram.RunPython("onnx", """
            import sys, onnx
            def sides(value): return [d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim]
            for name in ('encoder', 'prefill', 'step'):
                model = onnx.load(f'{sys.argv[1]}/{name}.onnx')
                onnx.checker.check_model(model, full_check=True)
                print(name, model.opset_import[0].version, {v.name: sides(v) for v in list(model.graph.input) + list(model.graph.output)})
            """, folder.File("captioner")).Trim().ShouldBe("""
            encoder 17 {'image': ['batch', 1, 64, 64], 'features': ['batch', 32], 'feature_map': ['batch', 32, 'height', 'width']}
            prefill 17 {'feature_map': ['images', 32, 'height', 'width'], 'patch_keys.0': ['images', 3, 'patches', 8], 'patch_values.0': ['images', 3, 'patches', 8]}
            step 17 {'tokens': ['rows'], 'positions': ['rows'], 'image_of_row': ['rows'], 'parent_of_row': ['rows'], 'past_keys.0': ['past_rows', 3, 'past', 8], 'past_values.0': ['past_rows', 3, 'past', 8], 'patch_keys.0': ['images', 3, 'patches', 8], 'patch_values.0': ['images', 3, 'patches', 8], 'log_probabilities': ['rows', 37], 'keys.0': ['rows', 3, 'length', 8], 'values.0': ['rows', 3, 'length', 8]}
            """);
    }

    [Fact]
    public void A_model_that_ONNX_Runtime_reads_otherwise_is_an_error_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        using var model = Model(seed: 2, endBias: 0);
        // What overflows cannot be compared: not a number is no agreement.
        using (no_grad()) model.Encoder.parameters().First().fill_(float.NaN);
        Should.Throw<UserErrorException>(
            () => CaptionerExport.Run(model, Vocabulary(), Card(model), folder.File("captioner"), PhantomPictures.Draw(1, 64))).Message
                .ShouldContain("Nothing was kept");
        Directory.EnumerateFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void A_changed_decoder_is_found()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = Model(seed: 3, endBias: 0);
        using (Export(model, folder.File("captioner"))) { }
        var pixels = Draw.Uniform([Images, 1, 64, 64]);
        var expected = BeamSearch.Greedy.Decode(model, model.Encode(pixels).detach());
        using (no_grad()) model.Textual.OutputWeight.neg_();
        File.WriteAllBytes(folder.File("captioner/step.onnx"), ModelSeal.Bytes(new DecoderGraphs(model).Step()));
        using var exported = OnnxCaptioner.Open(folder.File("captioner"));
        BeamSearch.Greedy.Decode(exported, exported.Encode(pixels.data<float>().ToArray(), Images)).Select(c => string.Join(' ', c.Tokens))
            .ShouldNotBe(expected.Select(c => string.Join(' ', c.Tokens)));
    }

    [Theory]
    [InlineData("encoder.onnx")]
    [InlineData("prefill.onnx")]
    [InlineData("step.onnx")]
    public void A_damaged_graph_is_refused(string name)
    {
        using var folder = new TemporaryFolder();
        using var model = Model(seed: 3, endBias: 0);
        using (Export(model, folder.File("captioner"))) { }
        var bytes = File.ReadAllBytes(folder.File($"captioner/{name}"));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(folder.File($"captioner/{name}"), bytes);
        Should.Throw<UserErrorException>(() => OnnxCaptioner.Open(folder.File("captioner"))).Message
            .ShouldContain($"{name} is damaged or was altered");
    }

    private static RadTexModel Model(long seed, double endBias, int layers = 1)
    {
        using var generator = new Generator((ulong)seed);
        var model = new RadTexModel(TinyModel.Configuration with { Layers = layers, MaxTokens = 20 }, generator: generator);
        using (no_grad())
        {
            foreach (var parameter in model.Textual.parameters())
            {
                if (parameter.dim() > 1) parameter.mul_(6); // far from uniform
                else parameter.add_(randn(parameter.shape, dtype: parameter.dtype, generator: generator) * 0.1);  // every bias and scale matters
            }
            model.Textual.named_parameters().First(p => p.name == "visual_projection.weight").parameter.mul_(40); // images matter
            model.Textual.OutputBias[TinyModel.Configuration.EndToken].add_(endBias);
        }
        model.eval();
        return model;
    }

    private static OnnxCaptioner Export(RadTexModel model, string folder, bool fold = false)
    {
        CaptionerExport.Run(model, Vocabulary(), Card(model), folder, PhantomPictures.Draw(3, 64), fold).ShouldContain("our own model");
        return OnnxCaptioner.Open(folder, threads: 1);
    }

    private static WordPieceVocabulary Vocabulary() =>
        WordPieceVocabulary.FromPieces(
            ["[PAD]", "[UNK]", "[CLS]", "[SEP]", .. Enumerable.Range(4, TinyModel.Configuration.VocabularySize - 4).Select(i => $"word{i}")]);

    private static ModelCard Card(RadTexModel model) => new(model.Configuration, 64, "max", Vocabulary().Sha256, "a test", true, "");
}
