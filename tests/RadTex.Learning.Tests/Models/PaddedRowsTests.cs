using RadTex.Learning.Models;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Models;

public sealed class PaddedRowsTests
{
    [Theory, InlineData(1), InlineData(64), InlineData(70)]
    public void Rows_filled_up_for_bfloat16_change_neither_result_nor_gradients(int rows)
    {
        using var scope = NewDisposeScope();
        // Drawn once: torch's own generator is shared with tests that run beside this one.
        var (inputs, weights, biases, seen) = (Draw.Normal([rows, 24]), Draw.Normal([40, 24]), Draw.Normal([40]), Draw.Normal([rows, 40]));
        (Tensor Output, Tensor Input, Tensor Weight, Tensor Bias) Run(Func<Tensor, Tensor, Tensor, Tensor> linear)
        {
            var (input, weight, bias) = (inputs.clone().requires_grad_(), weights.clone().requires_grad_(), biases.clone().requires_grad_());
            var output = linear(input, weight, bias);
            (output.to(ScalarType.Float32) * seen).sum().backward();
            return (output.to(ScalarType.Float32), input.grad!, weight.grad!, bias.grad!);
        }
        var filled = Run((x, w, b) => LinearMap.Apply(x, w, b, ScalarType.BFloat16));
        var plain = Run((x, w, b) => nn.functional.linear(x.to(ScalarType.BFloat16), w.to(ScalarType.BFloat16), b.to(ScalarType.BFloat16)));
        foreach (
            var (a, b) in new[] { (filled.Output, plain.Output), (filled.Input, plain.Input), (filled.Weight, plain.Weight),
                (filled.Bias, plain.Bias) })
        {
            a.shape.ShouldBe(b.shape);
            ((a - b).norm() / b.norm()).item<float>().ShouldBeLessThan(0.005f); // bfloat16 rounds at 0.004
        }
    }

    [Fact]
    public void Cross_entropy_over_filled_rows_is_that_of_float32()
    {
        using var scope = NewDisposeScope();
        const int rows = 70;
        var (hidden, targets) = (Draw.Normal([rows, 24]), Draw.Integers(40, [rows]));
        var (weight, bias) = (nn.Parameter(Draw.Normal([40, 24])), nn.Parameter(Draw.Normal([40])));
        (Tensor Losses, Tensor Hidden, Tensor Weight) Run(ScalarType? compute)
        {
            (weight.grad, bias.grad) = (zeros_like(weight), zeros_like(bias));
            var states = hidden.detach().requires_grad_();
            var (sum, losses) = TokenCrossEntropy.Sum(states, weight, bias, targets, compute, 1.0 / rows);
            sum.backward();
            return (losses, states.grad!, weight.grad!);
        }
        var (exact, rounded) = (Run(null), Run(ScalarType.BFloat16));
        foreach (var (a, b) in new[] { (rounded.Losses, exact.Losses), (rounded.Hidden, exact.Hidden), (rounded.Weight, exact.Weight) })
        {
            a.shape.ShouldBe(b.shape);
            ((a - b).norm() / b.norm()).item<float>().ShouldBeLessThan(0.02f);
        }
    }
}
