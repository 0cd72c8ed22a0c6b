using Google.Protobuf;
using RadTex.Data;
using RadTex.Heads;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Export;
using RadTex.Learning.Models;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Reading;
using RadTex.Learning.Transfer;
using RadTex.Prediction.Onnx;
using RadTex.Preparing;
using RadTex.Studies;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Models;

/// <summary>What every architecture of the registry owes to those who use it.</summary>
public sealed class EncoderContractTests
{
    private const int Width = 8;

    // Of transformers one size a kind: sizes differ in the number of heads alone.
    public static TheoryData<string> Names => [.. Encoders.Names.Where(n => !n.StartsWith("vit-small", StringComparison.Ordinal)
        && !n.StartsWith("vit-base", StringComparison.Ordinal)), "vit-small-16"];

    // 64 pixels, or the next side that the architecture takes.
    private static int SideOf(string name) => Enumerable.Range(64, 64).First(Encoders.Find(name)!.Takes);

    [Theory, MemberData(nameof(Names))]
    public void Features_and_stages_have_the_shapes_the_encoder_declares(string name)
    {
        using var scope = NewDisposeScope();
        foreach (int channels in (int[])[1, 3])
        {
            var encoder = Create(name, channels);
            var images = Images(2, name, channels);
            long side = SideOf(name) / encoder.Reduction;
            encoder.forward(images).shape.ShouldBe([2, encoder.FeatureWidth, side, side]);
            encoder.Pool(images).shape.ShouldBe([2, encoder.FeatureWidth]);
            var stages = encoder.Stages(images);
            stages.Length.ShouldBeGreaterThan(1);
            stages[^1].equal(encoder.forward(images)).all().item<bool>().ShouldBeTrue();
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void A_gradient_reaches_every_parameter(string name)
    {
        using var scope = NewDisposeScope();
        var encoder = Create(name);
        encoder.train();
        encoder.OpenBranches();
        var images = Images(4, name);
        foreach (var features in (Tensor[])[encoder.forward(images), encoder.Pool(images)])
            (features * Draw.Normal(features.shape)).sum().backward();
        foreach (var (key, parameter) in encoder.named_parameters()) parameter.grad!.abs().max().item<float>().ShouldBeGreaterThan(0, key);
    }

    [Theory, MemberData(nameof(Names))]
    public void Bfloat16_is_near_float32_and_keeps_its_type(string name)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var encoder = Create(name);
        var images = Images(4, name);
        var (wide, narrow) = (encoder.forward(images), encoder.forward(images.to(ScalarType.BFloat16)));
        narrow.dtype.ShouldBe(ScalarType.BFloat16);
        ((narrow.to(ScalarType.Float32) - wide).norm() / wide.norm()).item<float>().ShouldBeLessThan(0.03f);
        encoder.Pool(images.to(ScalarType.BFloat16)).dtype.ShouldBe(ScalarType.Float32);
    }

    [Theory, MemberData(nameof(Names))]
    public void An_encoder_saved_and_loaded_gives_equal_features_and_equal_seeds_equal_weights(string name)
    {
        using var folder = new TemporaryFolder();
        using var source = TinyEncoder.Make(name, side: SideOf(name), width: Width);
        EncoderFolder.Write(folder.File("encoder"), source.Encoder, source.Card);
        var (read, card) = EncoderFolder.Read(folder.File("encoder"));
        using var _ = read;
        using var scope = NewDisposeScope();
        read.Spec.ShouldBe(source.Encoder.Spec);
        card.FeatureWidth.ShouldBe(read.FeatureWidth);
        var images = Images(2, name);
        read.Pool(images).equal(source.Encoder.Pool(images)).all().item<bool>().ShouldBeTrue();
        using var one = EncoderSource.Random(name, Width, seed: 7, SideOf(name));
        using var same = EncoderSource.Random(name, Width, seed: 7, SideOf(name));
        one.Card.WeightsSha256.ShouldBe(same.Card.WeightsSha256);
    }

    [Theory, MemberData(nameof(Names))]
    public void ONNX_Runtime_gives_the_encoders_features(string name)
    {
        using var folder = new TemporaryFolder();
        using var source = TinyEncoder.Make(name, side: SideOf(name), width: Width);
        foreach (bool fold in (bool[])[true, false])
            ModelExport.Run(source, Array.Empty<TrainedHead>(), folder.File($"{fold}.onnx"), fold).ShouldContain("ONNX Runtime agrees");
    }

    [Theory, MemberData(nameof(Names))]
    public void LayerCAM_draws_a_square_map(string name)
    {
        using var scope = NewDisposeScope();
        using var model = new RadTexModel(TinyModel.Configuration with { Backbone = name, ImageSize = SideOf(name) }, generator: Draw.Stream);
        model.eval();
        var map = Explanations.LayerCam(model, Images(1, name), [2, 9, 11, 3], [(int[])[1]]).ShouldHaveSingleItem();
        int side = (int)Math.Round(Math.Sqrt(map.Length));
        (side * side).ShouldBe(map.Length);
        map.ShouldAllBe(value => float.IsFinite(value));
    }

    [Theory, MemberData(nameof(Names))]
    public void Features_do_not_depend_on_the_batch_in_evaluation(string name)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var source = TinyEncoder.Make(name, side: SideOf(name), width: Width);
        var images = Images(3, name);
        var together = source.Encoder.Pool(images);
        for (int i = 0; i < 3; i++)
            ((source.Encoder.Pool(images.narrow(0, i, 1))[0] - together[i]).norm() / together[i].norm()).item<float>().ShouldBeLessThan(1e-5f);
    }

    [Fact]
    public void A_name_is_registered_once_and_one_that_is_not_known_is_refused_with_every_fault()
    {
        Should.Throw<ArgumentException>(() => Encoders.Register(Encoders.Find("resnet18")!)).Message.ShouldContain("resnet18");
        var message = Should.Throw<UserErrorException>(() => Encoders.Create(new("resnet19", Width: 0, Channels: 2))).Message;
        foreach (var part in (string[])["resnet19", "resnet101", "channels 2", "width 0"]) message.ShouldContain(part);
        Should.Throw<UserErrorException>(() => Encoders.Create(new("resnet18", ImageSize: 16))).Message.ShouldContain("32 to 4,096 pixels");
    }

    [Theory, MemberData(nameof(Names))]
    public void Rolled_out_attention_has_rows_of_at_most_all_and_a_map_a_feature(string name)
    {
        using var scope = NewDisposeScope();
        var encoder = Create(name);
        if (encoder.RollOut(Images(2, name)) is not { } flow) return;
        long patches = (long)Math.Pow(SideOf(name) / encoder.Reduction, 2);
        flow.shape.ShouldBe([2, 1 + patches, patches]);
        flow.min().item<float>().ShouldBeGreaterThanOrEqualTo(0);
        flow.sum(2).max().item<float>().ShouldBeLessThan(1 + 1e-5f);
        flow.sum(2).min().item<float>().ShouldBeGreaterThan(0.1f);
    }

    [Theory, MemberData(nameof(Names))]
    public void Int8_keeps_what_the_encoder_sees(string name)
    {
        using var folder = new TemporaryFolder();
        using var source = TinyEncoder.Make(name, side: SideOf(name), width: Width);
        using var dataset = Pictures(folder.File("dataset"), SideOf(name));
        var batches = new RadiographBatches(dataset, source.Input());
        int[] rows = [.. Enumerable.Range(0, dataset.Count)];
        var model = EncoderGraph.Build(source.Encoder, source.Card, [], foldBatchNorm: true);
        var ranges = ActivationRanges.Measure(model, Int8Graph.Quantised(model), batches, rows, null, CancellationToken.None);
        var quantised = Int8Graph.Quantise(model, ranges, source.NotesWith([]));

        using var pictures = batches.CentreViews(rows);
        float[] Features(ModelProto graph)
        {
            using var session = OnnxModel.Open(graph.ToByteArray());
            return session.Run(pictures.data<float>().ToArray(), rows.Length, ModelTensors.Features);
        }
        float[] exact = Features(model), rounded = Features(quantised);
        var difference = exact.Zip(rounded, (e, r) => e - r).ToArray();
        (Norm(difference) / Norm(exact)).ShouldBeLessThan(0.15);
        // Every convolution and every product with weights reads bytes, but for those of attention.
        quantised.Graph.Node.Where(n => n.OpType == "Conv")
            .ShouldAllBe(n => n.Input.All(i => i.EndsWith(".dequantised", StringComparison.Ordinal)));
        quantised.Graph.Node.Count(n => n.OpType == "MatMul" && n.Input[1].EndsWith(".dequantised", StringComparison.Ordinal))
            .ShouldBe(name.StartsWith("vit", StringComparison.Ordinal) ? 4 * 12 : 0);
    }

    private static double Norm(float[] values) => Math.Sqrt(values.Sum(v => (double)v * v));

    // Gratings of another direction and width each.
    private static PreparedDataset Pictures(string folder, int side)
    {
        var writer = new PreparedDatasetWriter([], side) { Synthetic = true };
        for (int i = 0; i < 12; i++)
        {
            double angle = i * 0.5, wave = 0.15 + 0.05 * i;
            byte[] pixels = [.. Enumerable.Range(0, side * side)
                .Select(p => (byte)(127 + 120 * Math.Sin(wave * (p % side * Math.Cos(angle) + p / side * Math.Sin(angle)))))];
            writer.Add(new($"image{i}", $"patient{i}", $"study{i}", "PA", i < 8 ? Split.Train : Split.Test, null, []), pixels, side, side);
        }
        writer.Write(folder);
        return PreparedDataset.Open(folder);
    }

    private static Tensor Images(int count, string name, int channels = 1) => Draw.Uniform([count, channels, SideOf(name), SideOf(name)]);

    private static ImageEncoder Create(string name, int channels = 1)
    {
        var encoder = Encoders.Create(new(name, Width, channels, SideOf(name)), Draw.Stream);
        encoder.eval();
        return encoder;
    }
}
