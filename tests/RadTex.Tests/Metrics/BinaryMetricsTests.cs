using CsCheck;
using RadTex.Metrics;

namespace RadTex.Tests.Metrics;

public sealed class BinaryMetricsTests
{
    /// <summary>Scores with many ties beside random labels, both classes present or not.</summary>
    private static readonly Gen<(double[] Scores, bool[] Labels)> Examples =
        Gen.Select(Gen.Int[0, 12].Select(i => i / 4.0), Gen.Bool).Array[1, 40]
            .Select(a => (a.Select(e => e.Item1).ToArray(), a.Select(e => e.Item2).ToArray()));

    [Fact]
    public void Ranking_metrics_agree_with_scikit_learn()
    {
        foreach (var c in GoldenMetrics.Cases("binary"))
        {
            var (scores, labels, name) = (c.Numbers("scores"), c.Flags("labels"), c.GetProperty("name").GetString()!);
            Roc.Auc(scores, labels).ShouldBeNear(c.Number("auc"), name);
            PrecisionRecall.AveragePrecision(scores, labels).ShouldBeNear(c.Number("average_precision"), name);
            PrecisionRecall.TrapezoidArea(scores, labels).ShouldBeNear(c.Number("aucpr_trapezoid"), name);
            var curve = Roc.Curve(scores, labels);
            var expected = c.GetProperty("roc").EnumerateArray().Select(a => a.EnumerateArray().Select(e => e.GetDouble()).ToArray()).ToArray();
            curve.Select(p => p.FalsePositiveRate).ShouldBe(expected[0], 1e-12, name);
            curve.Select(p => p.TruePositiveRate).ShouldBe(expected[1], 1e-12, name);
        }
    }

    [Fact]
    public void Threshold_metrics_agree_with_scikit_learn()
    {
        foreach (var c in GoldenMetrics.Cases("binary"))
        {
            var counts = ConfusionCounts.At(0.5, c.Numbers("scores"), c.Flags("labels"));
            var name = c.GetProperty("name").GetString();
            counts.F1.ShouldBe(c.Number("f1"), 1e-12, name);
            counts.Accuracy.ShouldBe(c.Number("accuracy"), 1e-12, name);
            counts.Precision.ShouldBe(c.Number("precision"), 1e-12, name);
            counts.Recall.ShouldBe(c.Number("recall"), 1e-12, name);
            counts.BalancedAccuracy.ShouldBeNear(c.Number("balanced_accuracy"), name);
        }
    }

    [Fact]
    public void Calibration_agrees_with_scikit_learn()
    {
        foreach (var c in GoldenMetrics.Cases("binary"))
        {
            double[] probabilities = [.. c.Numbers("scores").Select(s => Math.Clamp(s, 0, 1))];
            Calibration.Brier(probabilities, c.Flags("labels")).ShouldBeNear(c.Number("brier"));
            Calibration.ExpectedError(probabilities, c.Flags("labels"), bins: 10).ShouldBeNear(c.Number("ece10"), c.GetProperty("name").GetString());
        }
    }

    [Fact]
    public void Metrics_of_four_examples_are_those_worked_out_by_hand()
    {
        double[] scores = [0.1, 0.4, 0.35, 0.8];
        bool[] labels = [false, false, true, true];
        Roc.Auc(scores, labels).ShouldBe(0.75); // of four pairs, only 0.35 against 0.4 is lost
        PrecisionRecall.AveragePrecision(scores, labels).ShouldBeNear(0.5 * 1 + 0.5 * 2 / 3);
        PrecisionRecall.TrapezoidArea(scores, labels).ShouldBeNear(0.5 * 1 + 0.5 * (0.5 + 2 / 3.0) / 2);
        ConfusionCounts.At(0.4, scores, labels).ShouldBe(new ConfusionCounts(1, 1, 1, 1)); // the threshold itself counts as positive
        Calibration.Brier(scores, labels).ShouldBeNear((0.01 + 0.16 + 0.4225 + 0.04) / 4);
        // Two bins: {0.1, 0.4, 0.35} with one positive, {0.8} with one.
        Calibration.ExpectedError(scores, labels, bins: 2).ShouldBeNear((Math.Abs(0.85 - 1) + Math.Abs(0.8 - 1)) / 4);
    }

    [Fact]
    public void Undefined_metrics_are_null_and_not_a_number()
    {
        bool[] positive = [true, true], negative = [false, false];
        double[] scores = [0.2, 0.7];
        (Roc.Auc(scores, positive), Roc.Auc(scores, negative), Roc.Auc([], [])).ShouldBe((null, null, null));
        Roc.Curve(scores, positive).ShouldBeEmpty();
        PrecisionRecall.AveragePrecision(scores, negative).ShouldBeNull();
        PrecisionRecall.AveragePrecision(scores, positive).ShouldBe(1);
        ConfusionCounts.At(0.5, scores, positive).BalancedAccuracy.ShouldBeNull();
        ConfusionCounts.At(0.5, scores, negative).F1.ShouldBe(0);
        (Calibration.Brier([], []), Calibration.ExpectedError([], [])).ShouldBe((null, null));
    }

    [Fact]
    public void Bad_input_is_an_error_that_names_the_place()
    {
        bool[] labels = [true, false];
        Should.Throw<ArgumentException>(() => Roc.Auc([0.1, double.NaN], labels)).Message.ShouldContain("score 1 of 2");
        Should.Throw<ArgumentException>(() => Roc.Auc([0.1], labels)).Message.ShouldContain("1 scores for 2 labels");
        Should.Throw<ArgumentException>(() => PrecisionRecall.AveragePrecision([double.NaN, 1], labels));
        Should.Throw<ArgumentException>(() => ConfusionCounts.At(double.NaN, [0.1, 0.2], labels));
        Should.Throw<ArgumentException>(() => Calibration.Brier([0.1, 1.1], labels)).Message.ShouldContain("1.1");
        Should.Throw<ArgumentException>(() => Calibration.ExpectedError([0.1, double.NaN], labels));
    }

    [Fact]
    public void Infinite_scores_rank_first_and_last() =>
        Roc.Auc([double.NegativeInfinity, 0, double.PositiveInfinity], [false, false, true]).ShouldBe(1);

    [Fact]
    public void Auc_is_the_chance_that_a_positive_wins_counted_pair_by_pair() =>
        Examples.Sample(e =>
        {
            double won = 0, pairs = 0;
            for (int i = 0; i < e.Labels.Length; i++)
                for (int j = 0; j < e.Labels.Length; j++)
                {
                    if (!e.Labels[i] || e.Labels[j]) continue;
                    pairs++;
                    won += e.Scores[i] > e.Scores[j] ? 1 : e.Scores[i] == e.Scores[j] ? 0.5 : 0;
                }
            if (pairs == 0) Roc.Auc(e.Scores, e.Labels).ShouldBeNull();
            else Roc.Auc(e.Scores, e.Labels).ShouldBeNear(won / pairs);
        });

    [Fact]
    public void Auc_and_average_precision_depend_on_the_order_alone() =>
        Examples.Sample(e =>
        {
            double[] stretched = [.. e.Scores.Select(s => Math.Exp(3 * s) - 7)];
            Roc.Auc(stretched, e.Labels).ShouldBe(Roc.Auc(e.Scores, e.Labels));
            PrecisionRecall.AveragePrecision(stretched, e.Labels).ShouldBe(PrecisionRecall.AveragePrecision(e.Scores, e.Labels));
        });

    [Fact]
    public void Auc_of_negated_scores_is_the_complement() =>
        Examples.Sample(e =>
        {
            if (Roc.Auc(e.Scores, e.Labels) is { } auc) Roc.Auc([.. e.Scores.Select(s => -s)], e.Labels).ShouldBeNear(1 - auc);
        });

    [Fact]
    public void Auc_is_the_trapezoid_area_under_its_curve() =>
        Examples.Sample(e =>
        {
            var curve = Roc.Curve(e.Scores, e.Labels);
            if (Roc.Auc(e.Scores, e.Labels) is not { } auc) return;
            double area = curve.Zip(
                curve.Skip(1), (a, b) => (b.FalsePositiveRate - a.FalsePositiveRate) * (a.TruePositiveRate + b.TruePositiveRate) / 2).Sum();
            area.ShouldBe(auc, 1e-12);
            (curve[^1].FalsePositiveRate, curve[^1].TruePositiveRate).ShouldBe((1.0, 1.0));
        });

    [Fact]
    public void Average_precision_lies_between_the_worst_ranking_and_one_and_is_one_for_a_perfect_ranking() =>
        Examples.Sample(e =>
        {
            if (PrecisionRecall.AveragePrecision(e.Scores, e.Labels) is not { } ap) return;
            double[] perfect = [.. e.Labels.Select(l => l ? 1.0 : 0)], worst = [.. e.Labels.Select((l, i) => (l ? -1000.0 : 0) - i)];
            PrecisionRecall.AveragePrecision(perfect, e.Labels).ShouldBeNear(1);
            ap.ShouldBeInRange(PrecisionRecall.AveragePrecision(worst, e.Labels)!.Value - 1e-12, 1 + 1e-12);
            double baseRate = e.Labels.Count(l => l) / (double)e.Labels.Length;
            PrecisionRecall.AveragePrecision(new double[e.Labels.Length], e.Labels).ShouldBeNear(baseRate); // all tied: chance
        });

    [Fact]
    public void Confusion_counts_add_up_and_their_rates_stay_in_range() =>
        Examples.Sample(e =>
        {
            var counts = ConfusionCounts.At(1.5, e.Scores, e.Labels);
            counts.Total.ShouldBe(e.Labels.Length);
            (counts.TruePositives + counts.FalseNegatives).ShouldBe(e.Labels.Count(l => l));
            foreach (double rate in new[] { counts.Accuracy, counts.Precision, counts.Recall, counts.Specificity, counts.F1 })
                rate.ShouldBeInRange(0, 1);
            if (counts.Precision + counts.Recall > 0)
                counts.F1.ShouldBe(2 * counts.Precision * counts.Recall / (counts.Precision + counts.Recall), 1e-12);
        });
}
