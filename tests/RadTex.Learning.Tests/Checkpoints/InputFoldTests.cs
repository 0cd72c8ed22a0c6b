using RadTex.Imaging.Transforms;
using RadTex.Learning.Checkpoints.Foreign;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Checkpoints;

/// <summary>The first layer fed one way gives what it gave when fed as it was trained, but at the picture's edge.</summary>
public sealed class InputFoldTests
{
    [Theory]
    [InlineData(IntensityScaling.ImageNet255, 3)]
    [InlineData(IntensityScaling.ImageNet255, 1)]
    [InlineData(IntensityScaling.PlusMinus1024, 1)]
    [InlineData(IntensityScaling.Max, 1)]
    public void First_layer_is_the_same_inside_the_picture(IntensityScaling wanted, int channels)
    {
        using var scope = NewDisposeScope();
        (double Mean, double Deviation)[] trained = [(0.45, 1 / 255.0), (0.5, 0.2), (0.4, 0.3)];
        var weights = new Dictionary<string, Tensor> { ["conv1.weight"] = Draw.Normal([5, 3, 7, 7]), ["bn1.running_mean"] = Draw.Normal([5]) };
        var grey = Draw.Uniform([1, 1, 32, 32], ScalarType.Float64);
        var before = FirstLayer(weights, grey, trained);

        InputFold.Apply(weights, new ResNetNaming().Input, trained, wanted.Standardisation(channels));

        weights["conv1.weight"].shape.ShouldBe([5, channels, 7, 7]);
        var after = FirstLayer(weights, grey, wanted.Standardisation(channels));
        var difference = ((after - before) / before.abs().max()).abs();
        difference[.., .., 2..14, 2..14].max().item<double>().ShouldBeLessThan(1e-5);
    }

    [Fact]
    public void A_grey_standardisation_bends_the_edge_less_than_none()
    {
        using var scope = NewDisposeScope();
        var trained = IntensityScaling.ImageNet255.Standardisation(3);
        var grey = Draw.Uniform([1, 1, 32, 32], ScalarType.Float64);
        double Edge(IntensityScaling wanted)
        {
            var weights = new Dictionary<string, Tensor> { ["conv1.weight"] = ones(1, 3, 7, 7), ["bn1.running_mean"] = zeros(1) };
            var before = FirstLayer(weights, grey, trained);
            InputFold.Apply(weights, new ResNetNaming().Input, trained, wanted.Standardisation(1));
            return (FirstLayer(weights, grey, wanted.Standardisation(1)) - before).abs().max().item<double>();
        }
        Edge(IntensityScaling.ImageNet255).ShouldBeLessThan(Edge(IntensityScaling.Max) / 20);
    }

    private static Tensor FirstLayer(Dictionary<string, Tensor> weights, Tensor grey, IReadOnlyList<(double Mean, double Deviation)> standardisation)
    {
        var input = cat([.. standardisation.Select(s => (grey - s.Mean) / s.Deviation)], 1);
        Tensor kernels = weights["conv1.weight"].to(ScalarType.Float64), mean = weights["bn1.running_mean"].to(ScalarType.Float64);
        return nn.functional.conv2d(input, kernels, strides: [2, 2], padding: [3, 3]) - mean.view(1, -1, 1, 1);
    }
}
