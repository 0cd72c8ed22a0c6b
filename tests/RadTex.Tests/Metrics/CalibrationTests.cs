using CsCheck;
using RadTex.Metrics;
using RadTex.Metrics.Intervals;

namespace RadTex.Tests.Metrics;

public sealed class CalibrationTests
{
    [Fact]
    public void Platt_scaling_agrees_with_scikit_learn_and_with_its_optimum()
    {
        foreach (var c in GoldenMetrics.Cases("platt"))
        {
            var fit = PlattScaling.Fit(c.Numbers("scores"), c.Flags("labels"))!.Value;
            var (sklearn, best) = (c.Numbers("sklearn"), c.Numbers("best"));
            var name = c.GetProperty("name").GetString();
            fit.Slope.ShouldBe(best[0], 1e-6 * (1 + Math.Abs(best[0])), name);
            fit.Intercept.ShouldBe(best[1], 1e-6 * (1 + Math.Abs(best[1])), name);
            fit.Slope.ShouldBe(sklearn[0], 1e-4 * (1 + Math.Abs(sklearn[0])), name);
        }
        PlattScaling.Fit([1, 2], [true, true]).ShouldBeNull();
        Should.Throw<ArgumentException>(() => PlattScaling.Fit([double.PositiveInfinity, 2], [true, false]));
    }

    [Fact]
    public void Temperature_agrees_with_scipys_minimum_for_classes_and_for_one_logit()
    {
        foreach (var c in GoldenMetrics.Cases("temperature"))
        {
            int classes = (int)c.Number("classes");
            var (logits, truth) = (c.Numbers("logits"), c.Integers("truth"));
            double expected = c.Number("temperature");
            TemperatureScaling.Fit(logits, truth, classes)!.Value.Temperature.ShouldBe(expected, 1e-5 * expected);
            if (classes != 2) continue;
            var single = TemperatureScaling.Fit([.. logits.Where((_, i) => i % 2 == 1)], [.. truth.Select(t => t == 1)])!.Value;
            single.Temperature.ShouldBe(expected, 1e-5 * expected);
            single.Apply(0).ShouldBe(0.5);
        }
    }

    [Fact]
    public void Temperature_recovers_what_logits_were_multiplied_by()
    {
        // 3 of 4 right at logit ±ln 3 is calibrated: T = 1. Multiplied by 5 it takes T = 5.
        double sure = Math.Log(3);
        double[] logits = [sure, sure, sure, sure, -sure, -sure, -sure, -sure];
        bool[] labels = [true, true, true, false, false, false, false, true];
        TemperatureScaling.Fit(logits, labels)!.Value.Temperature.ShouldBe(1, 1e-9);
        TemperatureScaling.Fit([.. logits.Select(z => 5 * z)], labels)!.Value.Temperature.ShouldBe(5, 1e-9);
        TemperatureScaling.Fit([1, -1], [true, false]).ShouldBeNull(); // always right: ever sharper is better
        TemperatureScaling.Fit([1, -1], [false, true]).ShouldBeNull(); // always wrong: ever softer is
        TemperatureScaling.Fit([], [], 3).ShouldBeNull();
    }

    [Fact]
    public void Reliability_points_agree_with_scikit_learn_and_carry_their_counts()
    {
        foreach (var c in GoldenMetrics.Cases("reliability"))
        {
            var labels = c.Flags("labels");
            var points = Calibration.Reliability(c.Numbers("scores"), labels, (int)c.Number("bins"));
            points.Select(p => p.MeanProbability).ShouldBe(c.Numbers("means"), 1e-12);
            points.Select(p => p.PositiveRate.Estimate).ShouldBe(c.Numbers("rates"), 1e-12);
            points.Sum(p => p.Count).ShouldBe(labels.Length);
            points.ShouldAllBe(
                p => p.MeanProbability >= p.Lower && p.MeanProbability <= p.Upper && p.PositiveRate.Lower <= p.PositiveRate.Estimate
                    && p.PositiveRate.Upper >= p.PositiveRate.Estimate);
        }
        Calibration.Reliability([], []).ShouldBeEmpty();
    }

    [Fact]
    public void Proportions_have_scipys_exact_and_wilson_intervals()
    {
        foreach (var c in GoldenMetrics.Cases("proportion"))
        {
            int hits = (int)c.Number("hits"), total = (int)c.Number("total");
            foreach (
                var (name, interval) in new[] { ("exact", Proportion.Exact(hits, total, c.Number("level"))),
                    ("wilson", Proportion.Wilson(hits, total, c.Number("level"))) })
            {
                interval!.Value.Lower.ShouldBe(c.Numbers(name)[0], 1e-7, $"{name} {hits}/{total}");
                interval.Value.Upper.ShouldBe(c.Numbers(name)[1], 1e-7, $"{name} {hits}/{total}");
            }
        }
        Proportion.Exact(0, 0).ShouldBeNull();
        Should.Throw<ArgumentOutOfRangeException>(() => Proportion.Wilson(3, 2));
    }

    /// <summary>At equal probabilities the derivative of these is 0, and -1.7e-16 as doubles are summed.</summary>
    [Fact]
    public void Logits_no_better_than_equal_probabilities_have_no_temperature() =>
        TemperatureScaling.Fit([0.6, -1.2, 0.3, 3, 0.9], [false, true, false, true, false]).ShouldBeNull();

    [Fact]
    public void Calibrated_probabilities_keep_the_order_of_the_scores() =>
        Gen.Select(Gen.Int[-50, 50].Array[4, 30], Gen.Int[0, 100]).Sample((tenths, seed) =>
        {
            double[] scores = [.. tenths.Select(t => t / 10.0)];
            var random = new Random(seed);
            bool[] labels = [.. scores.Select(s => random.NextDouble() < 1 / (1 + Math.Exp(-s)))];
            if (PlattScaling.Fit(scores, labels) is { Slope: > 1e-3 } platt)
                Roc.Auc([.. scores.Select(platt.Apply)], labels)!.Value.ShouldBe(Roc.Auc(scores, labels)!.Value, 1e-12);
            if (TemperatureScaling.Fit(scores, labels) is { } temperature)
                (temperature.Apply(1) > temperature.Apply(0)).ShouldBeTrue();
        });
}
