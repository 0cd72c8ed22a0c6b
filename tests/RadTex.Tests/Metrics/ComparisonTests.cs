using CsCheck;
using RadTex.Metrics;
using RadTex.Metrics.Intervals;

namespace RadTex.Tests.Metrics;

public sealed class ComparisonTests
{
    [Fact]
    public void Holm_gives_the_textbook_correction()
    {
        // Holm's steps on 0.01, 0.04, 0.03, 0.005: 4 x 0.005, 3 x 0.01, 2 x 0.03, then 0.04 raised to the step before.
        MultipleComparisons.Holm([0.01, 0.04, 0.03, 0.005]).Select(p => p!.Value).ShouldBe([0.03, 0.06, 0.06, 0.02], 1e-12);
        MultipleComparisons.Holm([0.01, null, 0.5]).ShouldBe([0.02, null, 0.5]);
        MultipleComparisons.Holm([0.9, 0.8])[0].ShouldBe(1);
        MultipleComparisons.Holm([]).ShouldBeEmpty();
        Should.Throw<ArgumentException>(() => MultipleComparisons.Holm([1.1])).Message.ShouldStartWith("1.1 is no p-value: expected 0 to 1");
        foreach (double p in (double[])[-0.1, double.NaN]) Should.Throw<ArgumentException>(() => MultipleComparisons.Holm([p]));
        MultipleComparisons.Holm([0, 1]).ShouldBe([0, 1]);
    }

    [Fact]
    public void No_p_value_is_shown_as_zero() =>
        ((double[])[0, 0.00009, 0.0001, 0.04999, 1]).Select(MultipleComparisons.Text).ShouldBe(["<0.0001", "<0.0001", "0.0001", "0.0500", "1.0000"]);

    [Fact]
    public void Holm_lies_between_the_plain_and_bonferronis_p_and_keeps_their_order() =>
        Gen.Double[0, 1].Array[1, 12].Sample(p =>
        {
            var corrected = MultipleComparisons.Holm([.. p.Select(v => (double?)v)]);
            for (int i = 0; i < p.Length; i++)
            {
                corrected[i]!.Value.ShouldBeInRange(p[i], Math.Min(1, p.Length * p[i]));
                for (int j = 0; j < p.Length; j++)
                    if (p[i] < p[j]) corrected[i]!.Value.ShouldBeLessThanOrEqualTo(corrected[j]!.Value);
            }
        });

    [Fact]
    public void Operating_point_is_the_highest_threshold_that_reaches_the_sensitivity()
    {
        double[] scores = [.. Enumerable.Range(0, 100).Select(i => i / 100.0)];
        bool[] labels = [.. Enumerable.Range(0, 100).Select(i => i % 2 == 1 || i >= 80)]; // 60 positives: 20 on top, then every other
        var (point, refusal) = OperatingPoint.ForSensitivity(0.9, scores, labels);
        refusal.ShouldBeNull();
        point!.Counts.TruePositives.ShouldBe(54); // 0.9 x 60, not one more
        OperatingPoint.At(point.Threshold + 0.01, scores, labels).Counts.TruePositives.ShouldBeLessThan(54);
        point.Sensitivity.ShouldBe(Proportion.Exact(54, 60));
        point.Specificity!.Value.Estimate.ShouldBe(point.Counts.Specificity);
        OperatingPoint.ForSensitivity(1, scores, labels).Point!.Threshold.ShouldBe(0.01);
    }

    [Fact]
    public void Operating_point_is_refused_below_the_stated_number_of_positives()
    {
        double[] scores = [.. Enumerable.Range(0, 50).Select(i => i / 50.0)];
        bool[] labels = [.. Enumerable.Range(0, 50).Select(i => i >= 40)];
        var (point, refusal) = OperatingPoint.ForSensitivity(0.9, scores, labels);
        point.ShouldBeNull();
        refusal!.ShouldContain("10 positives, fewer than 30");
        OperatingPoint.ForSensitivity(0.9, scores, labels, fewestPositives: 10).Point!.Counts.TruePositives.ShouldBe(9);
        OperatingPoint.At(0.5, scores, new bool[50]).Sensitivity.ShouldBeNull();
        Should.Throw<ArgumentOutOfRangeException>(() => OperatingPoint.ForSensitivity(0, scores, labels));
    }

    [Fact]
    public void Paired_bootstrap_over_trials_has_the_error_of_both_trials_and_patients()
    {
        var random = new Random(3);
        double[] ofTrial = [.. Enumerable.Range(0, 12).Select(_ => random.NextDouble())],
            ofPatient = [.. Enumerable.Range(0, 300).Select(_ => 4 * random.NextDouble())];
        int[] patients = [.. Enumerable.Range(0, 300)];
        var compared = Bootstrap.PairedOverTrials(
            patients, 12, (trial, rows) => ofTrial[trial] + rows.Average(r => ofPatient[r]) - 2, seed: 1, resamples: 2_000)!.Value;
        // t of 11 degrees of freedom for the trials, z for the patients.
        double half = Math.Sqrt(2.200985 * 2.200985 * Variance(ofTrial) / 12 + 1.959964 * 1.959964 * Variance(ofPatient) / 300);
        compared.Difference.Estimate.ShouldBe(ofTrial.Average() + ofPatient.Average() - 2, 1e-12);
        ((compared.Difference.Upper - compared.Difference.Lower) / 2).ShouldBe(half, 0.05 * half);
        compared.Trials.ShouldBe(12);
        compared.TrialDeviation!.Value.ShouldBe(Math.Sqrt(Variance(ofTrial)), 1e-9);
        compared.PatientDeviation!.Value.ShouldBe(Math.Sqrt(Variance(ofPatient) / 300), 0.05);

        static double Variance(double[] values) => values.Sum(v => Math.Pow(v - values.Average(), 2)) / (values.Length - 1);
    }

    [Fact]
    public void Trials_are_paired_and_what_is_undefined_in_one_is_undefined()
    {
        int[] patients = [0, 1, 2, 3, 4, 5];
        double[] hard = [0.1, 0.5, 0.9, 0.3]; // draws differ far more than the two ways do
        var gain = Bootstrap.PairedOverTrials(
            patients, 4, (t, rows) => hard[t] + rows.Average() + 0.01 - (hard[t] + rows.Average()), seed: 2)!.Value;
        gain.Difference.Lower.ShouldBe(0.01, 1e-9);
        gain.PValue.ShouldBeLessThan(1e-8);
        Bootstrap.PairedOverTrials(patients, 4, (t, _) => t == 2 ? null : 1, seed: 2).ShouldBeNull();
        Should.Throw<ArgumentOutOfRangeException>(() => Bootstrap.PairedOverTrials(patients, 2, (_, _) => 1, seed: 2));
    }

    [Fact]
    public void Subgroup_table_has_each_groups_auc_and_says_why_one_is_missing()
    {
        var random = new Random(8);
        const int N = 300;
        string?[] groups = [.. Enumerable.Range(0, N).Select(i => i < 12 ? null : i % 2 == 0 ? "female" : "male")];
        bool[] labels = [.. Enumerable.Range(0, N).Select(_ => random.Next(2) == 1)];
        double[] scores = [.. Enumerable.Range(0, N).Select(i => random.NextDouble() + (labels[i] && groups[i] != "male" ? 0.8 : 0))];
        int[] patients = [.. Enumerable.Range(0, N).Select(i => i / 3)];
        var table = Subgroups.Auc(groups, scores, labels, patients, seed: 1, resamples: 200);

        table.Select(r => r.Group).ShouldBe(["all", "female", "male", "unknown"]);
        table[0].Patients.ShouldBe(100);
        table.Skip(1).Sum(r => r.Examples).ShouldBe(N);
        table[0].Auc!.Value.Estimate.ShouldBe(Roc.Auc(scores, labels)!.Value);
        table[0].Difference.ShouldBeNull();
        int[] female = [.. Enumerable.Range(0, N).Where(i => groups[i] == "female")];
        table[1].Auc!.Value.Estimate.ShouldBe(Roc.Auc([.. female.Select(i => scores[i])], [.. female.Select(i => labels[i])])!.Value);
        table[1].Difference!.Value.Difference.Lower.ShouldBeGreaterThan(0);
        table[2].Difference!.Value.PValue.ShouldBeLessThan(0.02);
        table[3].Auc.ShouldBeNull();
        table[3].Reason!.ShouldContain("fewer than 10 of each");
    }
}
