using RadTex.Learning.Models;
using RadTex.Learning.Pretraining;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Models;

public sealed class RadTexModelTests
{
    private static readonly int[][] Captions = [[2, 5, 6, 7, 8, 3], [2, 9, 3], [2, 30, 31, 32, 33, 34, 35, 36, 6, 5, 4, 3]];

    [Fact]
    public void Packed_loss_and_gradients_equal_the_padded_reference()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Build();
        model.train();
        model.Encoder.TracksStatistics = false;
        var images = Draw.Uniform([3, 1, 64, 64], ScalarType.Float64);

        var expected = PaddedReference.Loss(model, model.Encode(images), Captions);
        expected.backward();
        var expectedGradients = model.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!.clone());
        model.zero_grad();

        using var batch = CaptionBatch.Pack(Captions);
        var loss = CaptioningLoss.Backpropagate(model, model.Decode(model.Encode(images), batch), batch);

        (loss.Forward + loss.Backward).ShouldBe(expected.item<double>(), 1e-12);
        foreach (var (name, parameter) in model.named_parameters())
            (parameter.grad! - expectedGradients[name]).abs().max().item<double>().ShouldBeLessThan(1e-11, name);
    }

    [Fact]
    public void Every_parameter_gets_a_gradient()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Build();
        model.train();
        // Residual branches start as zero, which stops the gradient of what lies inside them: move off that point.
        foreach (var parameter in model.parameters()) using (no_grad()) parameter.add_(Draw.Normal(parameter.shape, parameter.dtype) * 0.1);
        using var batch = CaptionBatch.Pack(Captions);
        CaptioningLoss.Backpropagate(model, model.Decode(model.Encode(Draw.Uniform([3, 1, 64, 64], ScalarType.Float64)), batch), batch);
        foreach (var (name, parameter) in model.named_parameters()) parameter.grad!.norm().item<double>().ShouldBeGreaterThan(0, name);
    }

    [Fact]
    public void Losses_without_gradient_equal_those_with()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Build();
        model.eval();
        using var batch = CaptionBatch.Pack(Captions);
        var images = Draw.Uniform([3, 1, 64, 64], ScalarType.Float64);
        var with = CaptioningLoss.Backpropagate(model, model.Decode(model.Encode(images), batch), batch);
        using var _ = no_grad();
        var without = CaptioningLoss.Evaluate(model, model.Decode(model.Encode(images), batch), batch);
        without.Forward.ShouldBe(with.Forward, 1e-14);
        without.Backward.ShouldBe(with.Backward, 1e-14);
    }

    [Fact]
    public void The_backward_caption_never_sees_what_it_predicts()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Build();
        model.eval();
        using var _ = no_grad();
        var features = model.Encode(Draw.Uniform([1, 1, 64, 64], ScalarType.Float64));
        using var one = CaptionBatch.Pack([[2, 5, 6, 7, 3]]);
        using var other = CaptionBatch.Pack([[2, 11, 6, 7, 3]]); // the word the backward direction predicts last but one
        var a = model.Decode(features, one).Backward;
        var b = model.Decode(features, other).Backward;
        (a - b).abs().narrow(0, 0, 3).max().item<double>().ShouldBe(0); // inputs 3, 7, 6 are the same
        (a - b).abs().narrow(0, 3, 1).max().item<double>().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Both_decoders_start_equal_and_the_padding_row_at_zero()
    {
        using var model = TinyModel.Build();
        var weights = model.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
        foreach (var (name, parameter) in weights.Where(w => w.Key.StartsWith("backward_textual.", StringComparison.Ordinal)))
            parameter.equal(weights[name.Replace("backward_textual.", "textual.", StringComparison.Ordinal)]).all().item<bool>().ShouldBeTrue(name);
        weights["textual.embedding.words.weight"][0].abs().max().item<double>().ShouldBe(0);
        weights["textual.embedding.words.weight"].std().item<double>().ShouldBe(0.02, 0.003);
    }

    [Fact]
    public void A_configuration_with_several_faults_reports_them_together()
    {
        var error = Should.Throw<UserErrorException>(() => new ModelConfiguration(Backbone: "resnet19", Channels: 2, Heads: 7).Validated());
        error.Message.ShouldContain("resnet19");
        error.Message.ShouldContain("channels 2");
        error.Message.ShouldContain("heads 7");
    }
}
