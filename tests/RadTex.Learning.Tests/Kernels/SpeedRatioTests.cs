using System.Diagnostics;
using RadTex.Learning.Kernels;
using RadTex.Learning.Models;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Tests.Models;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Kernels;

/// <summary>
/// What own code exists for, as ratios to torch doing the same on the same machine: two sides take turns, the fastest of each counts, and the
/// bounds lie well below what was measured (docs/performance.md), so that they tell a regression, not a busy machine. Explicit, since a clock
/// decides:
/// <c>-class RadTex.Learning.Tests.Kernels.SpeedRatioTests -explicit only</c>; case ratios of <c>bench/suite.py</c>.
/// </summary>
[Collection(nameof(SerialTorch))]
public sealed class SpeedRatioTests(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public void Packed_captions_cost_less_than_padded_ones()
    {
        var sizes = TinyModel.Configuration with
        {
            VocabularySize = 4_000,
            Hidden = 128,
            Layers = 1,
            Heads = 4,
            Feedforward = 512,
            MaxTokens = 96,
            Dropout = 0,
        };
        int[] lengths = [10, 12, 14, 16, 18, 20, 30, 90]; // mean 26
        var random = new Random(1);
        List<int[]> captions =
            [.. lengths.Select(n => (int[])[sizes.StartToken, .. Enumerable.Range(0, n - 2).Select(_ => random.Next(5, 4_000)), sizes.EndToken])];
        using var model = new RadTexModel(sizes, generator: Draw.Stream);
        using var packed = CaptionBatch.Pack(captions);
        using var features = Draw.Uniform([lengths.Length, model.Encoder.FeatureWidth, 4, 4]);
        foreach (var parameter in model.parameters()) parameter.grad = zeros_like(parameter);
        Ratio("a captioning step, padded to packed",
            () => PaddedReference.Loss(model, features, captions).backward(),
            () => CaptioningLoss.Backpropagate(model, model.Decode(features, packed), packed)).ShouldBeGreaterThan(1.5);
    }

    [Fact(Explicit = true)]
    public void The_loss_costs_no_more_than_torchs()
    {
        using var scope = NewDisposeScope();
        const int rows = 256, columns = 8_192;
        var logits = Draw.Normal([rows, columns]);
        var targets = Draw.Integers(columns, [rows]);
        var losses = empty(rows);
        Ratio("cross-entropy and its gradient, torch's to ours",
            () =>
            {
                var free = logits.clone().requires_grad_();
                nn.functional.cross_entropy(free, targets).backward();
            },
            () => SoftmaxLoss.Run(logits.clone(), columns, targets, losses, 1.0 / rows)).ShouldBeGreaterThan(0.9);
    }

    [Fact(Explicit = true)]
    public void Batch_norm_with_shortcut_and_relu_costs_no_more_than_torchs()
    {
        using var scope = NewDisposeScope();
        Tensor ChannelsLast() => Draw.Normal([8, 28, 28, 128]).permute(0, 3, 1, 2);
        var (images, shortcut, gradient) = (ChannelsLast().requires_grad_(), ChannelsLast().requires_grad_(), ChannelsLast());
        var (weight, bias, mean, variance) = (ones(128).requires_grad_(), zeros(128).requires_grad_(), zeros(128), ones(128));
        Ratio("batch norm, shortcut and ReLU with gradients, torch's to ours",
            () => (nn.functional.batch_norm(images, mean, variance, weight, bias, true, 0.1, 1e-5) + shortcut).relu().backward([gradient]),
            () => ChannelNorm.Apply(images, weight, bias, (mean, variance, 0.1), 1e-5, true, shortcut).backward([gradient])).ShouldBeGreaterThan(0.7);
    }

    private double Ratio(string what, Action theirs, Action ours)
    {
        int threads = get_num_threads();
        set_num_threads(1);
        try
        {
            double their = double.MaxValue, our = double.MaxValue;
            for (int round = 0; round < 9; round++)
            {
                their = Math.Min(their, Seconds(theirs));
                our = Math.Min(our, Seconds(ours));
            }
            output.WriteLine($"{what}: {1e3 * their:F2} ms / {1e3 * our:F2} ms = {their / our:F2}");
            return their / our;
        }
        finally { set_num_threads(threads); }
    }

    private static double Seconds(Action action)
    {
        using var scope = NewDisposeScope();
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
