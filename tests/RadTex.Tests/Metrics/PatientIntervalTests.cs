using RadTex.Metrics;
using RadTex.Metrics.Intervals;

namespace RadTex.Tests.Metrics;

/// <summary>Intervals over patients, predictive values and calibration, against closed forms, hand counts and simulation.</summary>
public sealed class PatientIntervalTests
{
    [Fact]
    public void Auc_variance_of_one_example_a_patient_is_DeLongs()
    {
        var (scores, labels, _) = Draw(new Random(1), 60, 1, 0);
        ClusteredAuc.Variance(scores, labels, [.. Enumerable.Range(0, scores.Length)])!.Value.ShouldBe(DeLong.Variance(scores, labels)!.Value, 1e-12);
    }

    [Fact]
    public void Variance_that_trials_share_is_the_whole_where_they_are_alike_and_next_to_none_where_their_patients_differ()
    {
        var (scores, labels, patients) = Draw(new Random(11), 80, 2, 1);
        double one = ClusteredAuc.Variance(scores, labels, patients)!.Value;
        ClusteredAuc.SharedVariance([[(scores, labels, patients)]])!.Value.ShouldBe(one, 0.02 * one);
        ClusteredAuc.SharedVariance([[(scores, labels, patients), (scores, labels, patients)]])!.Value.ShouldBe(one, 0.02 * one);
        ClusteredAuc.SharedVariance([[(scores, labels, patients)], [(scores, labels, patients)]])!.Value.ShouldBe(one, 0.02 * one);
        int[] others = [.. patients.Select(p => p + 1_000)];
        ClusteredAuc.SharedVariance([[(scores, labels, patients), (scores, labels, others)]])!.Value.ShouldBe(one / 2, 0.02 * one);
        ClusteredAuc.SharedVariance([[(scores, labels, patients)], [(scores, labels, others)]])!.Value.ShouldBe(0, 0.02 * one);
        ClusteredAuc.SharedVariance([]).ShouldBeNull();
        ClusteredAuc.SharedVariance([[(scores, new bool[scores.Length], patients)]]).ShouldBeNull();
    }

    [Fact]
    public void Auc_interval_stays_inside_0_and_1_and_says_why_there_is_none()
    {
        var (scores, labels, patients) = Draw(new Random(2), 40, 2, 3);
        var interval = ClusteredAuc.Of(scores, labels, patients).Interval!.Value;
        interval.Estimate.ShouldBe(Roc.Auc(scores, labels)!.Value);
        interval.Lower.ShouldBeInRange(0, interval.Estimate);
        interval.Upper.ShouldBeInRange(interval.Estimate, 1);
        ClusteredAuc.Of(scores.AsSpan(0, 12), labels.AsSpan(0, 12), patients.AsSpan(0, 12)).Reason!.ShouldContain("fewer than 10");
        double[] parted = [.. labels.Select(l => l ? 1.0 : 0)];
        ClusteredAuc.Of(parted, labels, patients).Reason!.ShouldContain("every pair is ranked right");
    }

    [Fact]
    public void Auc_interval_covers_where_patients_have_several_examples_alike()
    {
        // Truth from a large draw; independent-example intervals would cover far less than 95% here.
        var (all, truth, _) = Draw(new Random(3), 40_000, 1, 1);
        double expected = Roc.Auc(all, truth)!.Value;
        var random = new Random(4);
        int covered = 0, coveredAlone = 0;
        const int Trials = 300;
        for (int t = 0; t < Trials; t++)
        {
            var (scores, labels, patients) = Draw(random, 40, 4, 1);
            if (ClusteredAuc.Of(scores, labels, patients).Interval is { } i && i.Lower <= expected && expected <= i.Upper) covered++;
            int[] alone = [.. Enumerable.Range(0, scores.Length)];
            if (ClusteredAuc.Of(scores, labels, alone).Interval is { } d && d.Lower <= expected && expected <= d.Upper) coveredAlone++;
        }
        ((double)covered / Trials).ShouldBeInRange(0.90, 0.99);
        ((double)coveredAlone / Trials).ShouldBeLessThan(0.85);
    }

    [Fact]
    public void Proportion_of_one_example_a_patient_is_Wilsons_and_copies_add_nothing()
    {
        bool[] counts = [.. Enumerable.Range(0, 40).Select(i => i % 4 != 0)];
        int[] own = [.. Enumerable.Range(0, 40)];
        var wilson = Proportion.Wilson(30, 40)!.Value;
        var alone = PatientProportion.Of(counts, own)!.Value;
        // The variance over patients has n - 1 in it, Wilson's n.
        alone.Lower.ShouldBe(wilson.Lower, 0.003);
        var copied = PatientProportion.Of([.. counts, .. counts, .. counts], [.. own, .. own, .. own])!.Value;
        copied.Lower.ShouldBe(alone.Lower, 1e-12);
        copied.Upper.ShouldBe(alone.Upper, 1e-12);
        PatientProportion.Of([true, true, true, true], [0, 0, 1, 1])!.Value.ShouldBe(Proportion.Wilson(2, 2)!.Value);
        PatientProportion.Of([], []).ShouldBeNull();
    }

    [Fact]
    public void Predictive_values_follow_from_Bayes_at_the_prevalence_given()
    {
        var se = Proportion.Wilson(80, 100);
        var sp = Proportion.Wilson(90, 100);
        var rare = PredictiveValues.At(se, sp, 0.1);
        // Of 1,000: 100 positive, 80 called; 900 negative, 90 called.
        rare.Positive!.Value.Estimate.ShouldBe(80 / 170.0, 1e-12);
        rare.Negative!.Value.Estimate.ShouldBe(810 / 830.0, 1e-12);
        rare.Positive.Value.Lower.ShouldBeLessThan(80 / 170.0);
        rare.Positive.Value.Upper.ShouldBeInRange(80 / 170.0, 1);
        rare.Negative.Value.Lower.ShouldBeLessThan(810 / 830.0);
        PredictiveValues.At(se, sp, 0.5).Positive!.Value.Estimate.ShouldBe(8 / 9.0, 1e-12);
    }

    [Fact]
    public void Predictive_values_have_intervals_where_no_negative_is_called()
    {
        var values = PredictiveValues.At(Proportion.Wilson(18, 20), Proportion.Wilson(50, 50), 0.2);
        values.Positive!.Value.Estimate.ShouldBe(1);
        values.Positive.Value.Upper.ShouldBe(1);
        values.Positive.Value.Lower.ShouldBeInRange(0.5, 0.99);
        PredictiveValues.At(Proportion.Wilson(0, 20), Proportion.Wilson(50, 50), 0.2).Positive.ShouldBeNull(); // nobody is called
        PredictiveValues.At(null, Proportion.Wilson(50, 50), 0.2).Negative.ShouldBeNull();
    }

    [Fact]
    public void Calibration_of_shifted_and_stretched_logits_is_found_again()
    {
        var random = new Random(5);
        double[] logits = [.. Enumerable.Range(0, 20_000).Select(_ => 4 * (random.NextDouble() - 0.5))];
        bool[] labels = [.. logits.Select(z => random.NextDouble() < 1 / (1 + Math.Exp(-(z * 0.5 - 1))))];
        var fit = CalibrationFit.Of(logits, labels)!.Value;
        fit.Slope!.Value.ShouldBe(0.5, 0.05);
        fit.JointIntercept!.Value.ShouldBe(-1, 0.05);
        // in the large: the mean of what is said is then right
        double mean = logits.Average(z => 1 / (1 + Math.Exp(-(z + fit.Intercept))));
        mean.ShouldBe(labels.Count(l => l) / 20_000.0, 1e-7);
        int[] twice = [.. Enumerable.Repeat(2, logits.Length)];
        CalibrationFit.Of(logits, labels, twice)!.Value.Slope!.Value.ShouldBe(fit.Slope.Value, 1e-9);
    }

    [Fact]
    public void Calibration_has_no_slope_where_classes_are_parted_and_nothing_of_one_class()
    {
        CalibrationFit.Of([-2, -1, 1, 2], [false, false, true, true])!.Value.Slope.ShouldBeNull();
        CalibrationFit.Of([0.5, 0.5, 0.5], [false, true, true])!.Value.Slope.ShouldBeNull();
        CalibrationFit.Of([1, 2], [true, true]).ShouldBeNull();
        CalibrationFit.Logit(1).ShouldBe(-CalibrationFit.Logit(0), 1e-6);
    }

    [Fact]
    public void Youden_threshold_lies_between_the_scores_it_parts()
    {
        OperatingPoint.Youden([0.1, 0.2, 0.6, 0.8, 0.9], [false, false, true, true, true]).ShouldBe(0.4);
        OperatingPoint.Youden([0.1, 0.4, 0.2, 0.9], [false, true, false, false]).ShouldBe((0.4 + 0.2) / 2);
        OperatingPoint.Youden([0.9, 0.1], [false, true]).ShouldBeNull();
        OperatingPoint.Youden([0.9, 0.1], [true, true]).ShouldBeNull();
    }

    // A patient's examples share a label and most of their score.
    private static (double[] Scores, bool[] Labels, int[] Patients) Draw(Random random, int patients, int examples, double alike)
    {
        var (scores, labels, ids) = (new List<double>(), new List<bool>(), new List<int>());
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        for (int p = 0; p < patients; p++)
        {
            bool positive = random.Next(2) == 1;
            double own = alike * Normal();
            for (int e = 0; e < examples; e++)
            {
                scores.Add((positive ? 1.2 : 0) + own + Normal());
                labels.Add(positive);
                ids.Add(p);
            }
        }
        return ([.. scores], [.. labels], [.. ids]);
    }
}
