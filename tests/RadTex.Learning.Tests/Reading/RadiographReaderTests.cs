using RadTex.Data;
using RadTex.Learning.Models;
using RadTex.Learning.Models.Decoding;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Reading;
using RadTex.Studies;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Reading;

public sealed class RadiographReaderTests
{
    [Fact]
    public void Words_carry_their_probability_and_attention()
    {
        using var folder = new TemporaryFolder();
        using var reader = RadiographReader.Open(TinyReader.Write(folder.File("run")));
        var reports = reader.Read([.. Enumerable.Range(1, 5).Select(i => TinyReader.Image(i))], new BeamSearch(), batchSize: 2).ToList();
        reports.Select(r => r.Image.Name).ShouldBe(Enumerable.Range(1, 5).Select(i => $"image {i}"));
        foreach (var report in reports)
        {
            report.Words.ShouldNotBeEmpty();
            foreach (var word in report.Words)
            {
                word.Probability.ShouldBeInRange(0, 1);
                word.Map.Count.ShouldBe(report.GridSide * report.GridSide);
                word.Map.Sum().ShouldBe(1, 1e-4);
            }
            double ofWords = report.Words.Sum(w => Math.Log(w.Probability));
            if (report.IsComplete) ofWords.ShouldBeGreaterThanOrEqualTo(report.LogProbability - 1e-6); // the end token has its own
            else ofWords.ShouldBe(report.LogProbability, 1e-4);
        }
    }

    // The definition by plain loops, from the layer's own weights.
    [Fact]
    public void Attention_is_the_softmax_of_scaled_products_averaged_over_heads()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new RadTexModel(TinyModel.Configuration with { Layers = 1 }, generator: Draw.Stream);
        model.to(ScalarType.Float64);
        model.eval();
        var features = Draw.Uniform([1, model.Encoder.FeatureWidth, 2, 2], ScalarType.Float64);
        var patches = model.Textual.Project(features);
        using var caption = CaptionBatch.Pack([[2, 7, 9, 3]]);
        var found = model.PatchWeights(patches, caption);

        var weights = model.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
        const string layer = "textual.transformer.layers.0";
        int D = model.Configuration.Hidden, H = model.Configuration.Heads, d = D / H;
        Tensor Part(string name, int part, Tensor x) => x.matmul(weights[$"{layer}.{name}.in_proj_weight"].narrow(0, part * D, D).t())
            + weights[$"{layer}.{name}.in_proj_bias"].narrow(0, part * D, D);
        var x = model.Textual.Embed(caption.ForwardTokens, caption.Positions);
        var (q, k, v) = (Part("self_attn", 0, x), Part("self_attn", 1, x), Part("self_attn", 2, x));
        var heads = Enumerable.Range(0, H).Select(h =>
        {
            var scores = q.narrow(1, h * d, d).matmul(k.narrow(1, h * d, d).t()) / Math.Sqrt(d);
            return scores.masked_fill(ones(3, 3, dtype: ScalarType.Bool).triu(1), double.NegativeInfinity).softmax(1).matmul(v.narrow(1, h * d, d));
        });
        var attended = cat([.. heads], 1).matmul(weights[$"{layer}.self_attn.out_proj.weight"].t()) + weights[$"{layer}.self_attn.out_proj.bias"];
        x = nn.functional.layer_norm(x + attended, [D], weights[$"{layer}.norm1.weight"], weights[$"{layer}.norm1.bias"], 1e-5);
        var (query, key) = (Part("multihead_attn", 0, x), Part("multihead_attn", 1, patches[0]));
        var expected = stack(
            [.. Enumerable.Range(0, H).Select(h => (query.narrow(1, h * d, d).matmul(key.narrow(1, h * d, d).t()) / Math.Sqrt(d)).softmax(1))],
            0).mean([0L]);
        (found - expected).abs().max().item<double>().ShouldBeLessThan(1e-12);
    }

    [Theory]
    [InlineData(MapKind.GradCam)]
    [InlineData(MapKind.LayerCam)]
    [InlineData(MapKind.Occlusion)]
    public void Every_kind_of_map_has_a_value_a_cell(MapKind kind)
    {
        using var folder = new TemporaryFolder();
        using var reader = RadiographReader.Open(TinyReader.Write(folder.File("run")));
        var report = reader.Read([TinyReader.Image(1)], BeamSearch.Greedy, kind).Single();
        report.Words.ShouldAllBe(word => word.Map.Count == report.GridSide * report.GridSide && word.Map.All(float.IsFinite));
    }

    [Fact]
    public void Attention_is_rolled_out_over_a_transformer_and_over_no_other_encoder()
    {
        using var folder = new TemporaryFolder();
        using var reader = RadiographReader.Open(TinyReader.Write(folder.File("run")));
        Should.Throw<UserErrorException>(() => reader.Read([TinyReader.Image(1)], BeamSearch.Greedy, MapKind.RollOut).ToArray()).Message
            .ShouldContain("a resnet18 has none");

        using var scope = NewDisposeScope();
        using var encoder = Encoders.Create(new("vit-tiny-16", 8, 1, 64), Draw.Stream);
        encoder.eval();
        float[][] attention = [[.. Enumerable.Repeat(1 / 16f, 16)], [.. Enumerable.Range(0, 16).Select(p => p == 3 ? 1f : 0)]];
        var maps = Explanations.RollOut(encoder, Draw.Uniform([1, 1, 64, 64]), attention);
        maps.Select(m => m.Length).ShouldBe([16, 16]);
        maps.ShouldAllBe(m => m.All(v => v >= 0) && m.Sum() < 1 + 1e-5f);
        maps[1].Index().MaxBy(v => v.Item).Index.ShouldBe(3); // half of each layer's token goes on as it is
    }

    [Fact]
    public void A_run_without_decoder_a_wrong_vocabulary_and_unreadable_pictures_get_a_clear_line()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("encoders/encoder"));
        Should.Throw<UserErrorException>(() => RadiographReader.Open(folder.File("encoders"))).Message.ShouldContain("no decoder");
        Should.Throw<UserErrorException>(() => RadiographReader.Open(folder.File("nowhere"))).Message.ShouldContain("No model");
        var run = TinyReader.Write(folder.File("run"));
        File.AppendAllText(Path.Combine(run, "model", "vocab.txt"), "extra\n");
        Should.Throw<UserErrorException>(() => RadiographReader.Open(run)).Message.ShouldContain("not the vocabulary");

        var inputs = new ReadingInputs(TinyReader.Side, null);
        Should.Throw<UserErrorException>(() => inputs.OfFiles([folder.File("missing.png")])).Message.ShouldContain("missing.png");
        var blank = folder.File("blank.png");
        using (var image = NetVips.Image.Black(80, 80)) image.Pngsave(blank);
        inputs.OfFiles([blank]).Refused.ShouldHaveSingleItem().Refusal.ToString().ShouldBe("not judged: blank: every pixel is 0");
    }

    [Fact]
    public void A_dataset_is_read_one_radiograph_a_study()
    {
        using var folder = new TemporaryFolder();
        using var dataset = PreparedDataset.Open(TinyRun.WriteDataset(folder.File("dataset")));
        var inputs = new ReadingInputs(32, null);
        inputs.OfSplit(dataset, Split.Validate, most: 3).Select(i => i.Name).ShouldBe(["image3", "image7", "image11"]);
        Should.Throw<UserErrorException>(() => inputs.OfSplit(dataset, Split.Test)).Message.ShouldContain("no frontal radiograph");
        Should.Throw<UserErrorException>(() => new ReadingInputs(500, null).OfSplit(dataset, Split.Validate)).Message
            .ShouldContain("the setting 'short-side' = 500");
    }
}
