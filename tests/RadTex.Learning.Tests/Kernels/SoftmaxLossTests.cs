using RadTex.Learning.Kernels;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Kernels;

public sealed class SoftmaxLossTests
{
    [Theory]
    [InlineData(ScalarType.Float32, 1, 5, 5)]
    [InlineData(ScalarType.Float32, 7, 1003, 1003)]
    [InlineData(ScalarType.BFloat16, 3, 16, 64)]
    [InlineData(ScalarType.BFloat16, 9, 1003, 1024)]
    public void Losses_and_gradient_are_those_of_torch_in_float64(ScalarType type, int rows, int columns, int stride)
    {
        using var scope = NewDisposeScope();
        var logits = (Draw.Normal([rows, stride]) * 4).to(type);
        var targets = Draw.Integers(columns, [rows]);
        var exact = logits.narrow(1, 0, columns).to(ScalarType.Float64).clone().requires_grad_();
        var expected = nn.functional.cross_entropy(exact, targets, reduction: nn.Reduction.None);
        (expected.sum() * 0.3).backward();

        var losses = empty(rows);
        var sums = SoftmaxLoss.Run(logits, columns, targets, losses, 0.3)!;

        double rounding = type == ScalarType.Float32 ? 1e-6 : 1.0 / 256; // of bfloat16, to the nearest
        (losses - expected).abs().max().item<double>().ShouldBeLessThan(3e-6 * 20);
        var gradient = logits.narrow(1, 0, columns).to(ScalarType.Float64);
        ((gradient - exact.grad!).abs() <= exact.grad!.abs() * rounding + 1e-7).all().item<bool>().ShouldBeTrue();
        (sums - exact.grad!.sum([0L])).abs().max().item<double>().ShouldBeLessThan(1e-6 * rows);
        if (stride > columns) logits.narrow(1, columns, stride - columns).abs().max().to(ScalarType.Float32).item<float>().ShouldBe(0);
    }

    [Fact]
    public void Losses_alone_leave_the_logits()
    {
        using var scope = NewDisposeScope();
        var logits = Draw.Normal([4, 40]);
        var before = logits.clone();
        SoftmaxLoss.Run(logits, 40, zeros(4, dtype: ScalarType.Int64), empty(4), null).ShouldBeNull();
        logits.Equals(before).ShouldBeTrue();
    }

    [Fact]
    public void Logits_that_are_no_numbers_make_a_loss_that_is_none()
    {
        using var scope = NewDisposeScope();
        var logits = Draw.Normal([2, 33]);
        logits[1, 7] = float.NaN;
        var losses = empty(2);
        SoftmaxLoss.Run(logits, 33, zeros(2, dtype: ScalarType.Int64), losses, 1);
        float.IsFinite(losses[0].item<float>()).ShouldBeTrue();
        float.IsNaN(losses[1].item<float>()).ShouldBeTrue();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(33)]
    public void A_target_outside_is_refused(long target)
    {
        using var scope = NewDisposeScope();
        var logits = Draw.Normal([64, 33]);
        Should.Throw<ArgumentOutOfRangeException>(() => SoftmaxLoss.Run(logits, 33, full(64, target, dtype: ScalarType.Int64), empty(64), 1));
    }
}
