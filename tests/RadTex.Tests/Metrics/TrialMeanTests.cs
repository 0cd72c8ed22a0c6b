using CsCheck;
using RadTex.Metrics.Intervals;

namespace RadTex.Tests.Metrics;

public sealed class TrialMeanTests
{
    [Fact]
    public void Half_width_is_the_one_worked_out_by_hand()
    {
        // t(4) = 2.776445: 2.776445^2 * 0.04^2 / 5 = 0.00246677; 1.959964^2 * 0.015^2 = 0.00086433; root of the sum 0.0577157.
        TrialMean.HalfWidth(0.04, 5, 0.015 * 0.015).ShouldBe(0.0577157, 1e-6);
        TrialMean.HalfWidth(0.04, 5, 0).ShouldBe(2.776445 * 0.04 / Math.Sqrt(5), 1e-6);
        TrialMean.HalfWidth(0, 5, 0.015 * 0.015).ShouldBe(1.959964 * 0.015, 1e-6);
    }

    [Fact]
    public void P_value_and_interval_always_say_the_same() =>
        Gen.Select(Gen.Double[-0.4, 0.4], Gen.Double[0, 0.1], Gen.Int[3, 12], Gen.Double[0, 0.05]).Sample((difference, s, n, error) =>
        {
            if (s + error < 1e-6) return;
            double p = TrialMean.PValue(difference, s, n, error * error), half = TrialMean.HalfWidth(s, n, error * error);
            if (Math.Abs(Math.Abs(difference) - half) < 1e-9) return;
            (p < 0.05).ShouldBe(Math.Abs(difference) > half);
            p.ShouldBeInRange(0, 1);
        }, iter: 300);

    [Fact]
    public void A_true_gap_gets_a_p_value_that_survives_a_family_of_a_hundred()
    {
        // 500 resamples counted on either side of 0 gave 2/501 at best, 0.4 after Holm.
        int[] patients = [.. Enumerable.Range(0, 200)];
        double[] scatter = [0.01, -0.02, 0.015, -0.01, 0.005];
        var found = Bootstrap.PairedOverTrials(
            patients, 5, (t, rows) => 0.3 + scatter[t] + rows.Average() / 10_000, seed: 1, resamples: 500)!.Value;
        (100 * found.PValue).ShouldBeLessThan(0.05);
    }

    [Fact]
    public void No_difference_has_p_value_1_and_no_scatter_at_all_is_sure()
    {
        TrialMean.PValue(0, 0.02, 5, 0.0001).ShouldBe(1);
        TrialMean.PValue(0.1, 0, 5, 0).ShouldBeLessThan(1e-8);
        TrialMean.PValue(0, 0, 5, 0).ShouldBe(1);
    }

    [Fact]
    public void Power_is_the_share_of_simulated_trials_that_are_declared_and_the_smallest_gap_has_the_power_asked_for()
    {
        const double S = 0.04, V = 0.0002, Level = 1 - 0.05 / 6;
        double gap = TrialMean.SmallestGap(0.8, S, 5, V, Level)!.Value;
        TrialMean.Power(gap, S, 5, V, Level).ShouldBe(0.8, 1e-3);
        var random = new Random(1);
        int declared = 0;
        const int Runs = 4_000;
        for (int r = 0; r < Runs; r++)
        {
            double shared = gap + Math.Sqrt(V) * Normal(random);
            double[] trials = [.. Enumerable.Range(0, 5).Select(_ => shared + S * Normal(random))];
            var interval = TrialMean.Compare(trials, V, Level).Difference;
            if (interval.Lower > 0 || interval.Upper < 0) declared++;
        }
        ((double)declared / Runs).ShouldBe(0.8, 0.025);
        TrialMean.SmallestGap(0.8, 2, 3, 0, 0.999).ShouldBeNull();
        TrialMean.Power(0, S, 5, V, Level).ShouldBeInRange(0, 0.02);
    }

    [Fact]
    public void Interval_of_a_mean_stays_inside_0_and_1_and_needs_three_trials_that_scatter()
    {
        var interval = TrialMean.Of([0.95, 0.99, 0.999], 0.001)!.Value;
        interval.Upper.ShouldBeLessThan(1);
        interval.Lower.ShouldBeGreaterThan(0);
        TrialMean.Of([0.7, 0.8], 0.001).ShouldBeNull();
        TrialMean.Of([1, 1, 1, 1, 1], 0.001).ShouldBeNull();
        TrialMean.Of([0.8, 0.8, 0.8], 0).ShouldBeNull();
        TrialMean.Of([0.8, 0.8, 0.8], 0.001)!.Value.Lower.ShouldBeLessThan(0.8);
        Should.Throw<ArgumentException>(() => TrialMean.Of([0.7, double.NaN, 0.8], 0));
        Should.Throw<ArgumentOutOfRangeException>(() => TrialMean.Compare([0.1, 0.2], 0));
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
