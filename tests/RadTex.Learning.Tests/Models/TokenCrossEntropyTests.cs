using RadTex.Learning.Models;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Models;

public sealed class TokenCrossEntropyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(TokenCrossEntropy.ChunkRows)]
    [InlineData(2 * TokenCrossEntropy.ChunkRows + 37)]
    public void Loss_and_gradients_equal_torchs(int rows)
    {
        using var scope = NewDisposeScope();
        var hidden = Draw.Normal([rows, 6], ScalarType.Float64).requires_grad_();
        var weight = nn.Parameter(Draw.Normal([11, 6], ScalarType.Float64));
        var bias = nn.Parameter(Draw.Normal([11], ScalarType.Float64));
        var targets = Draw.Integers(11, [rows]);

        var expected = nn.functional.cross_entropy(nn.functional.linear(hidden, weight, bias), targets);
        expected.backward();
        var (hiddenGradient, weightGradient, biasGradient) = (hidden.grad!.clone(), weight.grad!.clone(), bias.grad!.clone());
        weight.grad = zeros_like(weight);
        bias.grad = zeros_like(bias);

        hidden.grad!.zero_();
        var (sum, losses) = TokenCrossEntropy.Sum(hidden, weight, bias, targets, null, 0.5 / rows);
        (2 * sum).backward(); // what comes after the sum counts
        var gradient = hidden.grad!;

        losses.shape.ShouldBe([rows]);
        losses.mean().item<double>().ShouldBe(expected.item<double>(), 1e-12);
        (gradient - hiddenGradient).abs().max().item<double>().ShouldBeLessThan(1e-14);
        (weight.grad! - weightGradient).abs().max().item<double>().ShouldBeLessThan(1e-13);
        (bias.grad! - biasGradient).abs().max().item<double>().ShouldBeLessThan(1e-13);
    }

    [Fact]
    public void Gradients_add_to_what_is_there()
    {
        using var scope = NewDisposeScope();
        var hidden = Draw.Normal([3, 6], ScalarType.Float64).requires_grad_();
        var weight = nn.Parameter(Draw.Normal([11, 6], ScalarType.Float64));
        var bias = nn.Parameter(Draw.Normal([11], ScalarType.Float64));
        var targets = tensor(new long[] { 0, 4, 10 });
        TokenCrossEntropy.Sum(hidden, weight, bias, targets, null, 1).Sum.backward();
        var once = weight.grad!.clone();
        TokenCrossEntropy.Sum(hidden, weight, bias, targets, null, 1).Sum.backward();
        (weight.grad! - 2 * once).abs().max().item<double>().ShouldBeLessThan(1e-14);
    }

    [Theory, InlineData(1), InlineData(2)]
    public void Chunks_of_a_second_part_are_added_in_the_order_of_one_pass(double factor)
    {
        const int rows = TokenCrossEntropy.ChunkRows;
        using var scope = NewDisposeScope();
        var hidden = Draw.Normal([3 * rows, 6]);
        var targets = Draw.Integers(11, [3 * rows]);
        var (startWeight, startBias) = (Draw.Normal([11, 6]), Draw.Normal([11]));
        (Tensor Weight, Tensor Bias) Gradients(params (int First, int Count)[] parts)
        {
            var (weight, bias) = (nn.Parameter(startWeight.clone()), nn.Parameter(startBias.clone()));
            foreach (var (first, count) in parts)
            {
                var part = hidden.narrow(0, first, count).detach().requires_grad_();
                var sum = TokenCrossEntropy.Sum(part, weight, bias, targets.narrow(0, first, count), null, 1.0 / rows).Sum;
                (factor == 1 ? sum : factor * sum).backward();
            }
            return (weight.grad!, bias.grad!);
        }
        var (whole, wholeBias) = Gradients((0, rows), (rows, 2 * rows));
        var (apart, apartBias) = Gradients((0, rows), (rows, rows), (2 * rows, rows));
        double tolerance = factor == 1 ? 0 : 1e-5;
        (whole - apart).abs().max().item<float>().ShouldBeLessThanOrEqualTo((float)tolerance);
        (wholeBias - apartBias).abs().max().item<float>().ShouldBeLessThanOrEqualTo((float)tolerance);
    }
}
