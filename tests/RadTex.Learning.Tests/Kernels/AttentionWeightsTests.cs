using RadTex.Learning.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Kernels;

[Collection(nameof(SerialTorch))] // masks come from torch's own generator
public sealed class AttentionWeightsTests
{
    [Theory]
    [InlineData(ScalarType.Float32, 5, 5, true)]
    [InlineData(ScalarType.Float32, 48, 48, true)]
    [InlineData(ScalarType.Float32, 7, 49, false)]
    [InlineData(ScalarType.BFloat16, 33, 33, true)]
    [InlineData(ScalarType.BFloat16, 16, 64, false)]
    public void Weights_and_gradient_are_those_of_torch_in_float64(ScalarType type, int T, int P, bool causal)
    {
        using var scope = NewDisposeScope();
        var scores = (Draw.Normal([2, 3, T, P]) * 3).to(type).requires_grad_();
        var exact = scores.detach().to(ScalarType.Float64).requires_grad_();
        var hidden = causal ? exact * 0.25 + full([T, P], double.NegativeInfinity, dtype: ScalarType.Float64).triu(1) : exact * 0.25;
        var expected = hidden.softmax(3);
        var gradient = Draw.Normal([2, 3, T, P]).to(type);
        expected.backward([gradient.to(ScalarType.Float64)]);

        var weights = AttentionWeights.Apply(scores, 0.25, causal, 0);
        weights.backward([gradient]);

        double bound = type == ScalarType.Float32 ? 1e-6 : 4e-3;
        (weights.detach() - expected.detach()).abs().max().item<double>().ShouldBeLessThan(bound);
        (scores.grad! - exact.grad!).abs().max().item<double>().ShouldBeLessThan(bound);
        if (causal) (weights.detach() * ones(T, P, dtype: type).triu(1)).abs().max().to(ScalarType.Float32).item<float>().ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Dropout_takes_weights_and_their_gradient(bool causal)
    {
        using var scope = NewDisposeScope();
        manual_seed(2).Dispose();
        var scores = Draw.Normal([4, 8, 40, 40]).requires_grad_();
        var gradient = Draw.Normal([4, 8, 40, 40]);
        var weights = AttentionWeights.Apply(scores, 0.5, causal, 0.3);
        weights.backward([gradient]);

        // The mask is seen in the weights; with it the rest is torch's softmax again.
        var exact = scores.detach().to(ScalarType.Float64).requires_grad_();
        var probabilities = (causal ? exact * 0.5 + full([40, 40], double.NegativeInfinity, dtype: ScalarType.Float64).triu(1) : exact * 0.5)
            .softmax(3);
        var mask = (weights.detach() > 0).to(ScalarType.Float64) / 0.7;
        var expected = probabilities * mask;
        expected.backward([gradient.to(ScalarType.Float64)]);
        (weights.detach() - expected.detach()).abs().max().item<double>().ShouldBeLessThan(1e-6);
        (scores.grad! - exact.grad!).abs().max().item<double>().ShouldBeLessThan(2e-6);
        var seen = causal ? ones(40, 40).tril() : ones(40, 40);
        double count = seen.sum().item<float>() * 32, kept = (weights.detach() > 0).to(ScalarType.Float64).sum().item<double>();
        (kept / count).ShouldBe(0.7, 5 * Math.Sqrt(0.21 / count));
    }

    [Fact]
    public void What_is_kept_for_the_backward_pass_goes_with_the_graph()
    {
        long before = 0;
        for (int i = 0; i < 20; i++)
        {
            using (NewDisposeScope())
            {
                var input = Draw.Normal([2, 2, 10, 10]).requires_grad_();
                AttentionWeights.Apply(input * 2, 0.1, true, 0.1).sum().backward();
            }
            if (i == 9) before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        }
        DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount.ShouldBe(before);
    }
}
