using CsCheck;
using RadTex.Metrics;

namespace RadTex.Tests.Metrics;

public sealed class ResamplingTests
{
    [Fact]
    public void Ranked_scores_give_the_figures_of_the_resampled_examples()
    {
        var example = Gen.Select(Gen.Int[0, 6], Gen.Bool, Gen.Int[0, 3]);
        example.Array[1, 40].Sample(examples =>
        {
            var ranked = new RankedScores([.. examples.Select(e => e.Item1 / 7.0)], [.. examples.Select(e => e.Item2)]);
            var drawn = examples.SelectMany(e => Enumerable.Repeat(e, e.Item3)).ToArray();
            double[] scores = [.. drawn.Select(e => e.Item1 / 7.0)];
            bool[] labels = [.. drawn.Select(e => e.Item2)];
            int[] times = [.. examples.Select(e => e.Item3)];
            Same(ranked.Auc(times), Roc.Auc(scores, labels));
            Same(ranked.AveragePrecision(times), PrecisionRecall.AveragePrecision(scores, labels));
        });

        static void Same(double? one, double? other)
        {
            (one is null).ShouldBe(other is null);
            (one ?? 0).ShouldBe(other ?? 0, 1e-12);
        }
    }

    [Fact]
    public void Power_law_is_found_again_in_its_own_points()
    {
        var law = new PowerLaw(0.85, 0.6, 0.4);
        double[] sizes = [10, 30, 100, 300, 1000, 3000];
        var found = PowerLaw.Fit(sizes, [.. sizes.Select(law.At)]).ShouldNotBeNull();
        found.At(100_000).ShouldBe(law.At(100_000), 0.003);
        PowerLaw.Fit([10, 30], [0.5, 0.6]).ShouldBeNull();
    }

    [Fact]
    public void Power_law_rises_to_one_at_most_and_never_falls()
    {
        Gen.Double[0.3, 1].Array[4].Sample(figures =>
        {
            var law = PowerLaw.Fit([10, 30, 100, 1000], figures)!.Value;
            law.Limit.ShouldBeLessThanOrEqualTo(1 + 1e-12);
            law.At(10_000).ShouldBeGreaterThanOrEqualTo(law.At(1_000) - 1e-12);
        });
    }
}
