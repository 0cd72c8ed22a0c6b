using CsCheck;
using RadTex.Metrics;
using RadTex.Metrics.Intervals;

namespace RadTex.Tests.Metrics;

public sealed class IntervalTests
{
    [Fact]
    public void Student_quantiles_agree_with_scipy()
    {
        foreach (var c in GoldenMetrics.Cases("student"))
        {
            int n = (int)c.Number("n");
            double quantile = TrialMean.HalfWidth(1, n, 0, c.Number("level")) * Math.Sqrt(n);
            quantile.ShouldBe(c.Number("quantile"), 1e-6 * c.Number("quantile"));
        }
    }

    [Fact]
    public void Intervals_are_disjoint_only_where_no_value_is_in_both()
    {
        var interval = new Interval(0.5, 0.4, 0.6, 0.95);
        interval.IsDisjointFrom(new Interval(0.7, 0.61, 0.8, 0.95)).ShouldBeTrue();
        new Interval(0.7, 0.61, 0.8, 0.95).IsDisjointFrom(interval).ShouldBeTrue();
        interval.IsDisjointFrom(new Interval(0.7, 0.6, 0.8, 0.95)).ShouldBeFalse();
    }

    [Fact]
    public void DeLong_variance_agrees_with_its_definition_over_all_pairs()
    {
        foreach (var c in GoldenMetrics.Cases("binary"))
        {
            var variance = DeLong.Variance(c.Numbers("scores"), c.Flags("labels"));
            variance.ShouldBeNear(c.Number("delong_variance"), c.GetProperty("name").GetString());
        }
    }

    [Fact]
    public void DeLong_test_agrees_with_its_definition_over_all_pairs()
    {
        foreach (var c in GoldenMetrics.Cases("paired"))
        {
            var compared = DeLong.Compare(c.Numbers("first"), c.Numbers("second"), c.Flags("labels"))!.Value;
            compared.Difference.Estimate.ShouldBe(c.Number("difference"), 1e-12);
            compared.Difference.Lower.ShouldBe(c.Number("lower"), 1e-9);
            compared.Difference.Upper.ShouldBe(c.Number("upper"), 1e-9);
            compared.PValue.ShouldBe(c.Number("p"), 1e-9);
        }
    }

    [Fact]
    public void DeLong_finds_no_difference_between_a_model_and_itself_on_another_scale()
    {
        double[] scores = [0.1, 0.4, 0.35, 0.8, 0.5];
        bool[] labels = [false, false, true, true, false];
        var compared = DeLong.Compare(scores, [.. scores.Select(s => 10 * s - 3)], labels)!.Value;
        compared.Difference.Estimate.ShouldBe(0, 1e-12);
        compared.PValue.ShouldBe(1, 1e-6);
        DeLong.Compare(scores, scores, [true, false, false, false, false]).ShouldBeNull(); // one positive has no variance
    }

    [Fact]
    public void Hanley_mcneil_error_is_that_of_their_formula()
    {
        // A = 0.75, 10 and 20 examples: Q1 = 0.6, Q2 = 1.125 / 1.75 = 0.6428571.
        double variance = (0.1875 + 9 * (0.6 - 0.5625) + 19 * (1.125 / 1.75 - 0.5625)) / 200;
        HanleyMcNeil.StandardError(0.75, 10, 20).ShouldBe(Math.Sqrt(variance), 1e-12);
        HanleyMcNeil.StandardError(1, 10, 20).ShouldBe(0);
        Should.Throw<ArgumentOutOfRangeException>(() => HanleyMcNeil.StandardError(0.75, 0, 20));
    }

    [Fact]
    public void Bootstrap_of_a_mean_has_the_textbook_error()
    {
        var random = new Random(5);
        double[] values = [.. Enumerable.Range(0, 400).Select(_ => random.NextDouble())];
        int[] patients = [.. Enumerable.Range(0, 400)];
        var result = Bootstrap.Patients(patients, rows => rows.Average(r => values[r]), seed: 1, resamples: 2_000)!.Value;
        double error = Math.Sqrt(values.Sum(v => Math.Pow(v - values.Average(), 2)) / 399 / 400);
        result.Interval.Estimate.ShouldBe(values.Average(), 1e-12);
        result.Interval.Lower.ShouldBe(values.Average() - 1.96 * error, 0.15 * error);
        result.Interval.Upper.ShouldBe(values.Average() + 1.96 * error, 0.15 * error);
        (result.Resamples, result.Undefined).ShouldBe((2_000, 0));
    }

    [Fact]
    public void Bootstrap_draws_whole_patients()
    {
        int[] patients = [7, 7, 7, 3, 3, 9];
        Bootstrap.Patients(patients, rows =>
        {
            rows.Count(r => r < 3).ShouldBe(3 * rows.Count(r => r == 0)); // patient 7's three radiographs come together
            rows.Count(r => r == 3).ShouldBe(rows.Count(r => r == 4));
            return rows.Length;
        }, seed: 2, resamples: 200).ShouldNotBeNull().Interval.Upper.ShouldBeGreaterThan(6);
        // Twenty patients with ten equal radiographs each are twenty examples, not two hundred.
        int[] clustered = [.. Enumerable.Range(0, 200).Select(i => i / 10)];
        int[] single = [.. Enumerable.Range(0, 200)];
        Width(clustered).ShouldBeGreaterThan(2 * Width(single));

        static double Width(int[] patients)
        {
            var interval = Bootstrap.Patients(patients, rows => rows.Average(r => (double)(r / 10 % 2)), seed: 3, resamples: 500)!.Value.Interval;
            return interval.Upper - interval.Lower;
        }
    }

    [Fact]
    public void Bootstrap_counts_undefined_resamples_and_gives_up_where_they_prevail()
    {
        int[] patients = [0, 1, 2, 3, 4];
        bool[] labels = [true, false, false, false, false];
        double[] scores = [0.9, 0.1, 0.2, 0.3, 0.4];
        var result = Bootstrap.Patients(patients, Auc, seed: 4)!.Value;
        result.Undefined.ShouldBeInRange(500, 800); // no positive is drawn with chance 0.8^5 = 0.33, five times it with 0.0003
        (result.Resamples + result.Undefined).ShouldBe(Bootstrap.DefaultResamples);
        Bootstrap.Patients(patients, rows => rows.Distinct().Count() == 5 ? 1 : null, seed: 4).ShouldBeNull();
        Bootstrap.Patients([], rows => 1, seed: 4).ShouldBeNull();
        Should.Throw<ArgumentException>(() => Bootstrap.Patients(patients, rows => double.NaN, seed: 4));

        double? Auc(int[] rows) => Roc.Auc([.. rows.Select(r => scores[r])], [.. rows.Select(r => labels[r])]);
    }

    [Fact]
    public void Bootstrap_is_fixed_by_its_seed()
    {
        int[] patients = [.. Enumerable.Range(0, 50)];
        Interval Run(int seed) => Bootstrap.Patients(patients, rows => rows.Average(), seed, resamples: 300)!.Value.Interval;
        Run(1).ShouldBe(Run(1));
        Run(1).ShouldNotBe(Run(2));
    }

    [Fact]
    public void Paired_bootstrap_sees_a_constant_gain_that_unpaired_intervals_hide()
    {
        var random = new Random(6);
        double[] noise = [.. Enumerable.Range(0, 100).Select(_ => random.NextDouble())];
        int[] patients = [.. Enumerable.Range(0, 100)];
        var gain = Bootstrap.PairedDifference(
            patients, rows => rows.Average(r => noise[r]) + 0.01, rows => rows.Average(r => noise[r]), seed: 1)!.Value;
        gain.Difference.Lower.ShouldBe(0.01, 1e-9);
        gain.PValue.ShouldBeLessThan(1e-12);
        var none = Bootstrap.PairedDifference(patients, rows => rows.Average(), rows => rows.Average(), seed: 1)!.Value;
        none.PValue.ShouldBe(1);
        none.Difference.Estimate.ShouldBe(0);
    }

    [Fact]
    public void Percentiles_interpolate_between_neighbours_and_stay_in_range() =>
        Gen.Double[-5, 5].Array[1, 20].Sample(values =>
        {
            Array.Sort(values);
            Bootstrap.Percentile(values, 0).ShouldBe(values[0]);
            Bootstrap.Percentile(values, 1).ShouldBe(values[^1]);
            if (values.Length == 2) Bootstrap.Percentile(values, 0.25).ShouldBe(0.75 * values[0] + 0.25 * values[1], 1e-12);
        });
}
