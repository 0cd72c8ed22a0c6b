using RadTex.Learning.Models.Decoding;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Reading;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Reading;

public sealed class ExplanationsTests
{
    [Fact]
    public void Grad_cam_of_a_linear_head_is_its_class_activation_map()
    {
        using var scope = NewDisposeScope();
        var (features, weights) = (Draw.Normal([1, 5, 3, 4]), Draw.Normal([5]));
        var found = Explanations.GradCam(features, f => f.mean([2L, 3L]).mv(weights).sum());
        var expected = (features[0] * weights.view(5, 1, 1)).sum([0L]).relu() / 12; // the mean's gradient is w / (h w) everywhere
        (tensor(found).view(3, 4) - expected).abs().max().item<float>().ShouldBeLessThan(1e-6f);
    }

    [Fact]
    public void Grad_cam_works_through_a_classifier_and_leaves_no_gradient_behind()
    {
        using var scope = NewDisposeScope();
        using var classifier = new ImageClassifier(Encoders.Create(new("resnet18", 4), Draw.Stream), 2, Draw.Stream);
        classifier.eval();
        using (no_grad())
        {
            var features = classifier.Encoder.forward(Draw.Uniform([1, 1, 96, 96]));
            var head = classifier.named_parameters().First(p => p.name == "fc.weight").parameter;
            Explanations.GradCam(features, f => f.mean([2L, 3L]).mv(head[1]).sum()).Length.ShouldBe(9);
        }
        classifier.parameters().Count(p => p.grad is not null).ShouldBe(0);
    }

    // The definition, the stages after the second run by hand.
    [Fact]
    public void Layer_cam_weighs_each_value_by_its_own_gradient()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Build(seed: 5, type: ScalarType.Float32);
        model.eval();
        var image = Draw.Uniform([1, 1, 64, 64]);
        int[] tokens = [2, 9, 11, 3];
        var maps = Explanations.LayerCam(model, image, tokens, [(int[])[1], (int[])[1, 2]]);
        maps.ShouldAllBe(map => map.Length == 64);
        var stages = model.Encoder.Stages(image);
        var stage = stages[1].detach().requires_grad_();
        var rest = model.Encoder.named_children().Where(c => c.name is "layer3" or "layer4").Select(c => (nn.Module<Tensor, Tensor>)c.module)
            .Aggregate(stage, (x, layer) => layer.forward(x));
        var gradient = autograd.grad([Explanations.TokenScores(model, rest, tokens)[0, 0]], [stage])[0];
        var expected = (gradient.clamp_min(0) * stage.detach()).sum(1, keepdim: true);
        expected = nn.functional.pad(expected, [1, 1, 1, 1]).unfold(2, 3, 1).unfold(3, 3, 1).mean([4L, 5L]); // over 3 x 3 neighbours
        (tensor(maps[0]) - expected.view(-1)).abs().max().item<float>().ShouldBeLessThan(1e-6f);
        model.parameters().Count(p => p.grad is not null).ShouldBe(0);
    }

    [Fact]
    public void An_enlarged_map_is_largest_at_the_centre_of_its_largest_patch()
    {
        foreach (int patch in Enumerable.Range(0, 9))
        {
            var large = PatchMaps.Enlarge([.. Enumerable.Range(0, 9).Select(i => i == patch ? 1f : 0.2f)], 3, 96);
            int largest = Array.IndexOf(large, large.Max());
            (largest % 96).ShouldBeInRange(patch % 3 * 32 + 14, patch % 3 * 32 + 17);
            (largest / 96).ShouldBeInRange(patch / 3 * 32 + 14, patch / 3 * 32 + 17);
        }
    }

    [Fact]
    public void Occlusion_finds_the_square_a_score_depends_on()
    {
        using var scope = NewDisposeScope();
        var image = Draw.Uniform([1, 1, 24, 24]) * 0.1;
        image[0, 0].narrow(0, 18, 6).narrow(1, 6, 6).fill_(1);
        // The first score is the mean of that square, the second that of the whole top half.
        var maps = Explanations.Occlusion(
            image, images => stack([images.narrow(2, 18, 6).narrow(3, 6, 6).mean([1L, 2L, 3L]), images.narrow(2, 0, 12).mean([1L, 2L, 3L])], 1),
            cells: 4);
        maps.Length.ShouldBe(2);
        Array.IndexOf(maps[0], maps[0].Max()).ShouldBe(3 * 4 + 1);
        maps[0].Where((_, i) => i != 13).ShouldAllBe(fall => Math.Abs(fall) < 1e-6);
        maps[1].Skip(8).ShouldAllBe(fall => Math.Abs(fall) < 1e-6);
    }

    [Fact]
    public void Token_scores_are_the_log_probabilities_of_decoding()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = TinyModel.Build(seed: 4);
        model.eval();
        var features = model.Encode(Draw.Uniform([1, 1, 64, 64], ScalarType.Float64));
        var caption = new BeamSearch(MaxSteps: 6).Search(model, features)[0][0];
        var scores = Explanations.TokenScores(model, features, [model.Configuration.StartToken, .. caption.Tokens]).data<double>().ToArray();
        for (int i = 0; i < scores.Length; i++) scores[i].ShouldBe(caption.TokenLogProbabilities[i], 1e-9);
    }
}
