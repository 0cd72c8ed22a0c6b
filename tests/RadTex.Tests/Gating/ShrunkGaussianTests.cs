using RadTex.Gating;

namespace RadTex.Tests.Gating;

public sealed class ShrunkGaussianTests
{
    [Fact]
    public void Distances_are_those_of_the_covariance_that_scikit_learn_shrinks()
    {
        // ledoit_wolf of the standardised rows, then numpy.linalg.inv, the square over d.
        double[][] rows = [.. Enumerable.Range(0, 40).Select(i => (double[])[.. Enumerable.Range(0, 6).Select(f => Value(i, f))])];

        var gaussian = ShrunkGaussian.Of(rows);

        gaussian.Distance([1, 0.5, 3, -2, 4, 9]).ShouldBe(2.9263035903832075, 1e-5);
        gaussian.Distance([0.2, 0.2, 0.2, 0.2, 0.2, 0.2]).ShouldBe(1.116323592057005, 1e-5);

        static double Value(int i, int f) =>
            (i * 7919 + f * 104729 + i * i * 31 + f * f * 17 + i * f * 13) % 1000 / 1000.0 * (f + 1) + i % 5 * f * 0.3;
    }

    [Fact]
    public void More_dimensions_than_directions_keep_what_matters_and_the_same_distance_for_all_threads()
    {
        // 300 dimensions, 200 rows: five directions of large variance, noise elsewhere.
        var random = new CounterRandom(4);
        double[] Noise(double scale) => [.. Enumerable.Range(0, 300).Select(_ => scale * random.Normal())];
        double[][] directions = [.. Enumerable.Range(0, 5).Select(_ => Noise(1))];
        double[] Row(double scale) // along the directions, and a little beside them
        {
            var row = Noise(0.3);
            foreach (var direction in directions)
            {
                double along = scale * random.Normal();
                for (int f = 0; f < row.Length; f++) row[f] += along * direction[f];
            }
            return row;
        }
        double[][] rows = [.. Enumerable.Range(0, 200).Select(_ => Row(1))];

        var gaussian = ShrunkGaussian.Of(rows);

        gaussian.Variances.Length.ShouldBe(128);
        gaussian.IsSound().ShouldBeTrue();
        gaussian.Variances[4].ShouldBeGreaterThan(10 * gaussian.Variances[5]);
        double usual = Enumerable.Range(0, 50).Average(_ => gaussian.Distance(Row(1)));
        gaussian.Distance(Noise(1.5)).ShouldBeGreaterThan(1.5 * usual);
        ShrunkGaussian.Of(rows).Basis.ShouldBe(gaussian.Basis);
    }

    [Fact]
    public void Constant_dimension_and_equal_rows_give_finite_distances()
    {
        double[][] rows = [.. Enumerable.Range(0, 120).Select(i => (double[])[i % 7, 3, i % 2 == 0 ? 1 : 0])];

        var gaussian = ShrunkGaussian.Of(rows);

        gaussian.IsSound().ShouldBeTrue();
        double.IsFinite(gaussian.Distance([3, 3, 0.5])).ShouldBeTrue();
        gaussian.Distance([3, 4, 0.5]).ShouldBeGreaterThan(5); // what never varied does
        ShrunkGaussian.Of([[1, 2], [1, 2], [1, 2]]).IsSound().ShouldBeTrue();
    }
}
