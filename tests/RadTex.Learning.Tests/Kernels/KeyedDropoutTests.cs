using RadTex.Learning.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Kernels;

[Collection(nameof(SerialTorch))] // masks come from torch's own generator
public sealed class KeyedDropoutTests
{
    public static TheoryData<ScalarType, long> Sizes =>
        new() { { ScalarType.Float32, 5 }, { ScalarType.Float32, 100_003 }, { ScalarType.BFloat16, 16 }, { ScalarType.BFloat16, 300_007 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Each_value_is_zero_or_divided_and_so_is_its_gradient(ScalarType type, long count)
    {
        using var scope = NewDisposeScope();
        manual_seed(3).Dispose();
        var input = ones(count, dtype: type).requires_grad_();
        var output = KeyedDropout.Apply(input, 0.25);
        output.backward([ones(count, dtype: type)]);

        double kept = 1 / 0.75, rounding = type == ScalarType.Float32 ? 1e-6 : 4e-3;
        var values = output.detach().to(ScalarType.Float64);
        ((values - kept).abs() < rounding * 2).logical_or(values == 0).all().item<bool>().ShouldBeTrue();
        input.grad!.Equals(output.detach()).ShouldBeTrue(); // of ones both are the mask
        if (count > 1000) (values == 0).to(ScalarType.Float64).mean().item<double>().ShouldBe(0.25, 5 * Math.Sqrt(0.25 * 0.75 / count));
    }

    [Fact]
    public void A_seed_makes_the_same_mask_and_the_next_draw_another()
    {
        using var scope = NewDisposeScope();
        var input = ones(4096);
        Tensor Draw() => KeyedDropout.Apply(input, 0.5);
        manual_seed(7).Dispose();
        var (first, second) = (Draw(), Draw());
        manual_seed(7).Dispose();
        Draw().Equals(first).ShouldBeTrue();
        // Two masks agree in half of the places, give or take five deviations: they tell nothing of each other.
        (first == second).to(ScalarType.Float64).mean().item<double>().ShouldBe(0.5, 5 * 0.5 / 64);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(1024)]
    public void Places_tell_nothing_of_each_other(int distance)
    {
        using var scope = NewDisposeScope();
        const int n = 1 << 20;
        double sum = 0;
        for (ulong key = 0; key < 8; key++)
        {
            var mask = new DropoutMask(0.5, key * 0x1234567ul);
            var kept = new sbyte[n];
            for (int i = 0; i < n; i += Lanes.Count)
            {
                var factors = mask.Factors((uint)i);
                for (int j = 0; j < Lanes.Count; j++) kept[i + j] = (sbyte)(factors[j] > 0 ? 1 : -1);
            }
            long together = 0;
            for (int i = distance; i < n; i++) together += kept[i] * kept[i - distance];
            sum += (double)together / n;
        }
        Math.Abs(sum / 8).ShouldBeLessThan(5 / Math.Sqrt(8.0 * n));
    }

    [Fact]
    public void What_is_kept_for_the_backward_pass_goes_with_the_graph()
    {
        long before = 0;
        for (int i = 0; i < 20; i++)
        {
            using (var scope = NewDisposeScope())
            {
                var input = Draw.Normal([1000, 10]).requires_grad_();
                KeyedDropout.Apply(input * 2, 0.1).sum().backward();
            }
            if (i == 9) before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        }
        DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount.ShouldBe(before);
    }

    [Fact]
    public void Without_a_chance_to_fall_values_pass()
    {
        using var scope = NewDisposeScope();
        var input = Draw.Normal([10]);
        KeyedDropout.Apply(input, 0).Equals(input).ShouldBeTrue();
    }
}
