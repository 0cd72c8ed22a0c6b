using RadTex.Metrics;
using RadTex.Metrics.Intervals;

namespace RadTex.Tests.Metrics;

public sealed class CurveForecastTests
{
    private static readonly int[] Sizes = [10, 30, 100, 300];

    [Fact]
    public void A_power_law_that_scatters_little_is_found_again()
    {
        var law = new PowerLaw(0.9, 0.8, 0.5);
        var (fit, expected) = CurveForecast.Of(Curve(law, 0.002), [1_000, 10_000], 1)!.Value;
        fit.Limit.ShouldBe(0.9, 0.01);
        expected[0].Estimate.ShouldBe(law.At(1_000), 0.01);
        expected[1].Estimate.ShouldBe(law.At(10_000), 0.015);
    }

    [Fact]
    public void Intervals_widen_with_the_distance_and_the_scatter_and_stay_inside_0_and_1()
    {
        var law = new PowerLaw(0.95, 0.9, 0.3);
        var quiet = CurveForecast.Of(Curve(law, 0.002), [600, 30_000], 1)!.Value.Expected;
        var loud = CurveForecast.Of(Curve(law, 0.03), [600, 30_000], 1)!.Value.Expected;
        Width(quiet[1]).ShouldBeGreaterThan(Width(quiet[0]));
        Width(loud[0]).ShouldBeGreaterThan(Width(quiet[0]));
        foreach (var interval in quiet.Concat(loud))
        {
            interval.Lower.ShouldBeInRange(0, interval.Estimate);
            interval.Upper.ShouldBeInRange(interval.Estimate, 1);
        }
    }

    [Fact]
    public void A_curve_that_falls_is_forecast_flat_rather_than_not_at_all()
    {
        var falling = Sizes.Select((n, i) => (n, new[] { 0.45 - 0.03 * i, 0.46 - 0.03 * i, 0.44 - 0.03 * i })).ToList();
        CurveForecast.Of(falling, [1_000], 1)!.Value.Expected[0].Estimate.ShouldBeInRange(0.3, 0.55);
    }

    [Fact]
    public void Fewer_than_three_sizes_or_trials_have_no_forecast()
    {
        var law = new PowerLaw(0.9, 0.8, 0.5);
        CurveForecast.Of([.. Curve(law, 0.01).Take(2)], [1_000], 1).ShouldBeNull();
        CurveForecast.Of([.. Curve(law, 0.01).Select(c => (c.Examples, c.Trials[..2]))], [1_000], 1).ShouldBeNull();
        CurveForecast.Of([], [1_000], 1).ShouldBeNull();
    }

    [Fact]
    public void The_same_seed_gives_the_same_forecast()
    {
        var curve = Curve(new PowerLaw(0.9, 0.8, 0.5), 0.01);
        CurveForecast.Of(curve, [1_000], 3)!.Value.Expected.ShouldBe(CurveForecast.Of(curve, [1_000], 3)!.Value.Expected);
    }

    private static double Width(Interval interval) => interval.Upper - interval.Lower;

    private static List<(int Examples, double[] Trials)> Curve(PowerLaw law, double scatter) =>
        [.. Sizes.Select(n => (n, new[] { -1.2, -0.4, 0.1, 0.5, 1.0 }.Select(d => law.At(n) + scatter * d).ToArray()))];
}
