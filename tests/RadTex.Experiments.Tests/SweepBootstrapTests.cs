using RadTex.Data;
using RadTex.Experiments.Sweeps;
using RadTex.Heads;
using RadTex.Studies;

namespace RadTex.Experiments.Tests;

public sealed class SweepBootstrapTests
{
    private readonly SweepBootstrap bootstrap = new(resamples: 200, seed: 1);

    [Theory, InlineData(2), InlineData(3)]
    public void A_difference_is_that_of_the_scores_in_every_figure(int classes)
    {
        var (first, second) = (Cell("first", 5, classes, 1.5), Cell("second", 5, classes, 0.5));
        foreach (var (figure, of) in new (SweepBootstrap.Figure, Func<TransferScores, double?>)[]
        {
            (SweepBootstrap.Figure.Auc, s => s.Auc), (SweepBootstrap.Figure.AveragePrecision, s => s.AveragePrecision),
            (SweepBootstrap.Figure.AucWithinViews, s => s.AucWithinViews),
        })
        {
            var (comparison, reason) = bootstrap.Compare(first, second, figure, CancellationToken.None);
            comparison.ShouldNotBeNull(reason);
            comparison.Value.Difference.Estimate.ShouldBe(first.Average(r => of(r.Scores)!.Value) - second.Average(r => of(r.Scores)!.Value), 1e-12);
            comparison.Value.Trials.ShouldBe(5);
            comparison.Value.PValue.ShouldBeLessThan(0.01);
        }
    }

    [Fact]
    public void A_score_that_tells_the_view_alone_gains_over_all_radiographs_and_nothing_within_views()
    {
        var view = Cell("view", 5, 2, 0, viewStrength: 3);
        var (over, _) = bootstrap.Mean(view, SweepBootstrap.Figure.Auc, CancellationToken.None);
        var (within, _) = bootstrap.Mean(view, SweepBootstrap.Figure.AucWithinViews, CancellationToken.None);
        over!.Value.Lower.ShouldBeGreaterThan(0.5);
        within!.Value.Lower.ShouldBeLessThan(0.5);
        within.Value.Upper.ShouldBeGreaterThan(0.5);
    }

    [Theory, InlineData(2), InlineData(3)]
    public void The_interval_by_placements_is_the_bootstraps(int classes)
    {
        var cell = Cell("both", 5, classes, 1);
        var result = new SweepResult(new("P", 1, "labels", ["Edema"], "", "", ""), [], cell, []);
        foreach (
            var (summary, figure) in new[] { (result.Auc(cell).Summary, SweepBootstrap.Figure.Auc),
                (result.WithinViews(cell).Summary, SweepBootstrap.Figure.AucWithinViews) })
        {
            var interval = bootstrap.Mean(cell, figure, CancellationToken.None).Interval!.Value;
            summary.Mean!.Value.ShouldBe(interval.Estimate, 1e-12);
            (summary.Upper!.Value - summary.Lower!.Value).ShouldBe(interval.Upper - interval.Lower, 0.25 * (interval.Upper - interval.Lower));
        }
    }

    [Fact]
    public void Two_trials_say_nothing_and_a_class_of_nine_has_no_interval()
    {
        bootstrap.Compare(Cell("first", 2, 2, 1), Cell("second", 2, 2, 0), SweepBootstrap.Figure.Auc, CancellationToken.None)
            .Reason.ShouldBe("2 trials in common, fewer than 3");
        bootstrap.Mean(Cell("first", 2, 2, 1), SweepBootstrap.Figure.Auc, CancellationToken.None).Reason.ShouldBe("2 trials, fewer than 3");
        bootstrap.Mean(Cell("few", 5, 2, 1, positives: 9), SweepBootstrap.Figure.Auc, CancellationToken.None)
            .Reason.ShouldBe("Edema: 9 positive and 191 negative test radiographs, fewer than 10 of one");
    }

    [Fact]
    public void One_trial_each_is_compared_over_patients_alone()
    {
        var (comparison, _) = bootstrap.Compare(Cell("first", 1, 2, 2), Cell("second", 1, 2, 0), SweepBootstrap.Figure.Auc, CancellationToken.None);
        comparison!.Value.Trials.ShouldBe(1);
        comparison.Value.Difference.Lower.ShouldBeGreaterThan(0);
    }

    /// <summary>Trials of one label on 200 test radiographs of 100 patients, half of them AP, where the sicker ones are.</summary>
    private static List<SweepRun> Cell(string name, int trials, int classes, double strength, double viewStrength = 0, int positives = 80)
    {
        int[] truth = [.. Enumerable.Range(0, 200).Select(i => i < positives ? 1 + i % (classes - 1) : 0)];
        var placement = new Random(7);
        PreparedRadiograph[] radiographs = [.. truth.Select((c, i) => Radiograph(i, placement.NextDouble() < (c > 0 ? 0.7 : 0.3) ? "AP" : "PA"))];
        string[] views = [.. radiographs.Select(r => r.View)];
        var test = new SweepTest(radiographs, truth, classes);
        return [.. Enumerable.Range(0, trials).Select(trial =>
        {
            var random = new Random(100 * name.Length + trial);
            double[] scores = [.. truth.Select((c, i) => strength * c + viewStrength * (views[i] == "AP" ? 1 : 0) + 2 * random.NextDouble() - 1)];
            double[] probabilities = classes == 2
                ? [.. scores.Select(s => 1 / (1 + Math.Exp(-s)))]
                : [.. scores.SelectMany(s => Softmax(s, classes))];
            return new SweepRun(
                "P", name, "Edema", 100, 100, trial, "logistic", 0,
                TransferScores.Of(probabilities, truth, classes, views, [.. truth.Select((_, i) => i / 2)]), 0, null, "", "", "", null, "")
            {
                Test = test, Probabilities = probabilities,
            };
        })];
    }

    private static double[] Softmax(double score, int classes)
    {
        double[] powers = [.. Enumerable.Range(0, classes).Select(c => Math.Exp(score * c - c * c / 2.0))];
        return [.. powers.Select(p => p / powers.Sum())];
    }

    private static PreparedRadiograph Radiograph(int index, string view) =>
        new(index, $"image{index}", $"patient{index / 2}", $"study{index}", view, Split.Test, null, [], "", 0, 1, 1);
}
