using RadTex.Heads;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Export;
using RadTex.Learning.Models;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Reading;
using RadTex.Learning.Transfer;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Models;

/// <summary>What every architecture of the registry owes to those who use it.</summary>
public sealed class EncoderContractTests
{
    private const int Side = 64, Width = 8;

    public static TheoryData<string> Names => [.. Encoders.Names];

    [Theory, MemberData(nameof(Names))]
    public void Features_and_stages_have_the_shapes_the_encoder_declares(string name)
    {
        using var scope = NewDisposeScope();
        foreach (int channels in (int[])[1, 3])
        {
            var encoder = Create(name, channels);
            var images = Draw.Uniform([2, channels, Side, Side]);
            long side = Side / encoder.Reduction;
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
        var features = encoder.forward(Draw.Uniform([4, 1, Side, Side]));
        (features * Draw.Normal(features.shape)).sum().backward();
        foreach (var (key, parameter) in encoder.named_parameters()) parameter.grad!.abs().max().item<float>().ShouldBeGreaterThan(0, key);
    }

    [Theory, MemberData(nameof(Names))]
    public void Bfloat16_is_near_float32_and_keeps_its_type(string name)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var encoder = Create(name);
        var images = Draw.Uniform([4, 1, Side, Side]);
        var (wide, narrow) = (encoder.forward(images), encoder.forward(images.to(ScalarType.BFloat16)));
        narrow.dtype.ShouldBe(ScalarType.BFloat16);
        ((narrow.to(ScalarType.Float32) - wide).norm() / wide.norm()).item<float>().ShouldBeLessThan(0.03f);
        encoder.Pool(images.to(ScalarType.BFloat16)).dtype.ShouldBe(ScalarType.Float32);
    }

    [Theory, MemberData(nameof(Names))]
    public void An_encoder_saved_and_loaded_gives_equal_features_and_equal_seeds_equal_weights(string name)
    {
        using var folder = new TemporaryFolder();
        using var source = TinyEncoder.Make(name, side: Side, width: Width);
        EncoderFolder.Write(folder.File("encoder"), source.Encoder, source.Card);
        var (read, card) = EncoderFolder.Read(folder.File("encoder"));
        using var _ = read;
        using var scope = NewDisposeScope();
        read.Spec.ShouldBe(source.Encoder.Spec);
        card.FeatureWidth.ShouldBe(read.FeatureWidth);
        var images = Draw.Uniform([2, 1, Side, Side]);
        read.Pool(images).equal(source.Encoder.Pool(images)).all().item<bool>().ShouldBeTrue();
        using EncoderSource one = EncoderSource.Random(name, Width, seed: 7, Side), same = EncoderSource.Random(name, Width, seed: 7, Side);
        one.Card.WeightsSha256.ShouldBe(same.Card.WeightsSha256);
    }

    [Theory, MemberData(nameof(Names))]
    public void ONNX_Runtime_gives_the_encoders_features(string name)
    {
        using var folder = new TemporaryFolder();
        using var source = TinyEncoder.Make(name, side: Side, width: Width);
        foreach (bool fold in (bool[])[true, false])
            ModelExport.Run(source, Array.Empty<TrainedHead>(), folder.File($"{fold}.onnx"), fold).ShouldContain("ONNX Runtime agrees");
    }

    [Theory, MemberData(nameof(Names))]
    public void LayerCAM_draws_a_square_map(string name)
    {
        using var scope = NewDisposeScope();
        using var model = new RadTexModel(TinyModel.Configuration with { Backbone = name, ImageSize = Side }, generator: Draw.Stream);
        model.eval();
        var map = Explanations.LayerCam(model, Draw.Uniform([1, 1, Side, Side]), [2, 9, 11, 3], [(int[])[1]]).ShouldHaveSingleItem();
        int side = (int)Math.Round(Math.Sqrt(map.Length));
        (side * side).ShouldBe(map.Length);
        map.ShouldAllBe(value => float.IsFinite(value));
    }

    [Theory, MemberData(nameof(Names))]
    public void Features_do_not_depend_on_the_batch_in_evaluation(string name)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var source = TinyEncoder.Make(name, side: Side, width: Width);
        var images = Draw.Uniform([3, 1, Side, Side]);
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

    private static ImageEncoder Create(string name, int channels = 1)
    {
        var encoder = Encoders.Create(new(name, Width, channels, Side), Draw.Stream);
        encoder.eval();
        return encoder;
    }
}
