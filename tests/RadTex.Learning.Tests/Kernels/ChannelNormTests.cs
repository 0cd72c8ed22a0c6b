using RadTex.Learning.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Kernels;

public sealed class ChannelNormTests
{
    private static Tensor ChannelsLast(Tensor images) => images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    [Theory]
    [InlineData(ScalarType.Float32, 16, 5, false, false)]
    [InlineData(ScalarType.Float32, 48, 9, true, false)]
    [InlineData(ScalarType.Float32, 32, 40, true, true)]
    [InlineData(ScalarType.BFloat16, 64, 7, true, true)]
    [InlineData(ScalarType.BFloat16, 16, 33, true, false)]
    public void Values_statistics_and_gradients_are_those_of_torch_in_float64(ScalarType type, int channels, int side, bool rectify, bool hasShortcut)
    {
        using var scope = NewDisposeScope();
        var images = ChannelsLast((Draw.Normal([3, channels, side, side]) * 2 + 30 * Draw.Normal([1, channels, 1, 1])).to(type)).requires_grad_();
        var shortcut = hasShortcut ? ChannelsLast(Draw.Normal([3, channels, side, side]).to(type)).requires_grad_() : null;
        var (weight, bias) = ((Draw.Normal([channels]) + 1).requires_grad_(), Draw.Normal([channels]).requires_grad_());
        var (mean, variance) = (Draw.Normal([channels]), Draw.Uniform([channels]) + 0.5);
        var gradient = Draw.Normal([3, channels, side, side]).to(type);
        Tensor Exact(Tensor t) => t.detach().to(ScalarType.Float64).clone();
        var (x, w, b, s) = (
            Exact(images).requires_grad_(), Exact(weight).requires_grad_(), Exact(bias).requires_grad_(),
            shortcut is null ? null : Exact(shortcut).requires_grad_());
        var (exactMean, exactVariance) = (Exact(mean), Exact(variance));
        var expected = nn.functional.batch_norm(x, exactMean, exactVariance, w, b, true, 0.1, 1e-5);
        if (s is not null) expected = expected + s;
        if (rectify) expected = expected.relu();
        // Near zero rounding may decide whether a value passes: there no gradient is sent.
        var clear = expected.detach().abs() > 0.02;
        if (rectify) clear = (expected.detach() > 0.02).logical_or(expected.detach() == 0);
        var sent = gradient * clear.to(type);
        expected.backward([sent.to(ScalarType.Float64)]);

        var result = ChannelNorm.Apply(images, weight, bias, (mean, variance, 0.1), 1e-5, rectify, shortcut);
        result.backward([sent]);

        double rounding = type == ScalarType.Float32 ? 2e-5 : 1.0 / 128, scale = type == ScalarType.Float32 ? 1e-4 : 0.04;
        static double Far(Tensor a, Tensor b) => (a.detach() - b.detach()).abs().max().item<double>();
        ((result.detach() - expected.detach()).abs() <= expected.detach().abs() * rounding + (rectify ? rounding : 0) + rounding).all().item<bool>()
            .ShouldBeTrue();
        Far(mean, exactMean).ShouldBeLessThan(1e-5);
        ((variance - exactVariance).abs() / exactVariance).max().item<double>().ShouldBeLessThan(1e-5);
        Far(images.grad!, x.grad!).ShouldBeLessThan(scale);
        (Far(weight.grad!, w.grad!) / w.grad!.abs().max().item<double>()).ShouldBeLessThan(scale);
        (Far(bias.grad!, b.grad!) / b.grad!.abs().max().item<double>()).ShouldBeLessThan(scale);
        if (s is not null) Far(shortcut!.grad!, s.grad!).ShouldBeLessThan(scale);
    }

    [Fact]
    public void A_single_value_a_channel_is_refused_as_torch_refuses_it()
    {
        using var scope = NewDisposeScope();
        var images = ChannelsLast(ones(1, 16, 1, 1));
        var (mean, variance) = (zeros(16), ones(16));

        Should.Throw<UserErrorException>(() => ChannelNorm.Apply(images, ones(16), zeros(16), (mean, variance, 0.1), 1e-5, false, null)).Message
            .ShouldContain("[1, 16, 1, 1]");

        variance.equal(ones(16)).all().item<bool>().ShouldBeTrue(); // it was NaN
    }

    [Fact]
    public void Only_dense_images_with_channels_innermost_fit()
    {
        using var scope = NewDisposeScope();
        ChannelNorm.Fits(ChannelsLast(Draw.Normal([2, 16, 3, 3]))).ShouldBeTrue();
        ChannelNorm.Fits(Draw.Normal([2, 16, 3, 3])).ShouldBeFalse();
        ChannelNorm.Fits(ChannelsLast(Draw.Normal([2, 32, 3, 3])).narrow(1, 0, 16)).ShouldBeFalse();
        ChannelNorm.Fits(ChannelsLast(Draw.Normal([2, 8, 3, 3]))).ShouldBeFalse();
        ChannelNorm.Fits(ChannelsLast(Draw.Normal([2, 16, 3, 3], ScalarType.Float64))).ShouldBeFalse();
    }

    [Fact]
    public void What_is_kept_for_the_backward_pass_goes_with_the_graph()
    {
        long before = 0;
        for (int i = 0; i < 20; i++)
        {
            using (NewDisposeScope())
            {
                var input = ChannelsLast(Draw.Normal([2, 64, 8, 8])).requires_grad_();
                var (weight, bias) = (ones(64).requires_grad_(), zeros(64).requires_grad_());
                var first = ChannelNorm.Apply(input * 2, weight, bias, null, 1e-5, true, null);
                ChannelNorm.Apply(first * 2, weight, bias, null, 1e-5, true, input).sum().backward();
            }
            if (i == 9) before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        }
        DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount.ShouldBe(before); // memory over 10,000 updates: bench/flat-memory.py
    }
}
