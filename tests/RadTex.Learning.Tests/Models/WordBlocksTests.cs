using RadTex.Learning.Models;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Models;

public sealed class WordBlocksTests
{
    private const int Words = 5_000, Width = 32, Tokens = TokenCrossEntropy.ChunkRows + 300;

    [Fact]
    public void Gradients_of_dead_words_are_left_out_and_the_rest_stays_within_the_bound()
    {
        using var scope = NewDisposeScope();
        var (hidden, weight, bias, targets) = Trained();
        var whole = Gradients(hidden, weight, bias, targets, null);
        var blocks = WordBlocks.ByFrequency(Counts());
        var some = Gradients(hidden, weight, bias, targets, blocks);

        some.Losses.allclose(whole.Losses, 1e-6, 1e-6).ShouldBeTrue();
        (some.Bias - whole.Bias).abs().max().item<float>().ShouldBeLessThan(1e-5f);
        var (share, probability) = blocks.TakeSkipped();
        share.ShouldBeInRange(0.5, 0.9);
        probability.ShouldBeInRange(0, WordBlocks.MostSkipped);

        // |dh| of a loss of factor 1: what is skipped, and what bfloat16 rounds.
        double bound = WordBlocks.MostSkipped * blocks.LargestNorm, rounding = whole.Hidden.norm(1).max().item<float>() / 64;
        (some.Hidden - whole.Hidden).norm(1).max().item<float>().ShouldBeLessThan((float)(bound + rounding));
        blocks.LargestNorm.ShouldBe(weight.norm(1).max().item<float>(), 1e-4);
        var difference = (some.Weight - whole.Weight).norm();
        difference.item<float>().ShouldBeLessThan((float)(WordBlocks.MostSkipped * hidden.norm(1).sum().item<float>()
            + whole.Weight.norm().item<float>() / 64));
        some.Weight.norm(1).eq(0).sum().item<long>().ShouldBeGreaterThan(Words / 2); // the dead words' rows
    }

    [Fact]
    public void Words_that_are_all_alive_give_the_whole_gradient()
    {
        using var scope = NewDisposeScope();
        var (hidden, weight, _, targets) = Trained();
        var bias = nn.Parameter(zeros(Words));
        var whole = Gradients(hidden, weight, bias, targets, null);
        var blocks = WordBlocks.ByFrequency(Counts());
        var same = Gradients(hidden, weight, bias, targets, blocks);
        blocks.TakeSkipped().ShouldBe((0, 0));
        (same.Hidden - whole.Hidden).abs().max().item<float>().ShouldBeLessThan(whole.Hidden.abs().max().item<float>() / 64);
        (same.Weight - whole.Weight).abs().max().item<float>().ShouldBeLessThan(whole.Weight.abs().max().item<float>() / 64);
    }

    [Fact]
    public void Where_nothing_computes_in_bfloat16_blocks_change_nothing()
    {
        using var scope = NewDisposeScope();
        var (hidden, weight, bias, targets) = Trained();
        var whole = Gradients(hidden, weight, bias, targets, null, ScalarType.Float32);
        var blocks = WordBlocks.ByFrequency(Counts());
        var same = Gradients(hidden, weight, bias, targets, blocks, ScalarType.Float32);
        same.Weight.eq(whole.Weight).all().item<bool>().ShouldBeTrue();
        same.Hidden.eq(whole.Hidden).all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void Tokens_that_reach_far_keep_all_words_and_the_others_skip_no_more_than_the_bound()
    {
        const int blocks = 160;
        var masses = new float[3 * blocks];
        for (int b = 0; b < blocks; b++)
            (masses[b], masses[blocks + b], masses[2 * blocks + b]) = b < 100 ? (1e-8f, 1e-8f, 1e-3f) : (1f / 60, 1f / 60, 1f / 60);
        long[] targets = [90 * WordBlocks.Width, 130 * WordBlocks.Width, 130 * WordBlocks.Width];
        var live = WordBlocks.ByFrequency(new long[blocks * WordBlocks.Width]).Choose(masses, targets);
        live.Whole.ShouldBe([0, 2]); // the first token's target is among the blocks that are least probable, the third is unsure
        live.Some.ShouldBe([1]);
        live.Columns.Sum(c => c.Count).ShouldBe(64 * WordBlocks.Width); // 60 blocks, and 4 to fill a multiple of 1,024 words
    }

    [Fact]
    public void No_tokens_skipped_words_have_more_than_the_bound_together()
    {
        const int blocks = 160;
        var masses = new float[blocks];
        for (int b = 0; b < blocks; b++) masses[b] = b < 100 ? WordBlocks.MostSkipped / 40 : 1f / 60;
        var counts = WordBlocks.ByFrequency(new long[blocks * WordBlocks.Width]);
        var live = counts.Choose(masses, [159 * WordBlocks.Width]);
        live.Columns.Sum(c => c.Count).ShouldBe(128 * WordBlocks.Width); // 40 blocks would fit, and 32 leave a multiple of 1,024 words
        counts.TakeSkipped().Probability.ShouldBe(WordBlocks.MostSkipped * 32 / 40, 1e-7);
    }

    // Words from a fifth on have a bias that makes them improbable.
    private static (Tensor Hidden, TorchSharp.Modules.Parameter Weight, TorchSharp.Modules.Parameter Bias, Tensor Targets) Trained()
    {
        var bias = zeros(Words);
        bias[TensorIndex.Slice(Words / 5)] = -14;
        return (
            Draw.Normal([Tokens, Width]), nn.Parameter(Draw.Normal([Words, Width]).mul(0.1f)), nn.Parameter(bias),
            Draw.Integers(Words / 5, [Tokens]));
    }

    // As a corpus would count them, in an order that is not the words' own.
    private static long[] Counts() => [.. Enumerable.Range(0, Words).Select(i => i < Words / 5 ? 1 + (long)i * 7919 % 1000 : 0L)];

    private static (Tensor Losses, Tensor Hidden, Tensor Weight, Tensor Bias) Gradients(
        Tensor hidden, TorchSharp.Modules.Parameter weight, TorchSharp.Modules.Parameter bias, Tensor targets, WordBlocks? blocks,
        ScalarType compute = ScalarType.BFloat16)
    {
        var own = hidden.detach().clone().requires_grad_();
        (weight.grad, bias.grad) = (null, null);
        var (sum, losses) = TokenCrossEntropy.Sum(own, weight, bias, targets, compute, 1, blocks);
        sum.backward();
        return (losses, own.grad!.clone(), weight.grad!.clone(), bias.grad!.clone());
    }
}
