using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Transfer;
using RadTex.Metrics.Intervals;
using RadTex.Phantoms;
using RadTex.Studies;

namespace RadTex.Experiments.Tests;

public sealed class QuickstartTests
{
    [Fact]
    public void A_comparison_is_paired_by_draw()
    {
        // The draws scatter by far more than the gap; the difference within a draw hardly does.
        double?[] draws = [0.60, 0.70, 0.65, 0.75, 0.68];
        var ahead = Compare([.. draws.Select((d, i) => d + 0.02 + 0.001 * i)], draws);
        (ahead.IsAhead, ahead.IsBehind).ShouldBe((true, false));
        ahead.Difference!.Value.ShouldBe(0.022, 1e-9);
        // t(4) = 2.776, s = 0.001 sqrt(2.5)
        ahead.Lower!.Value.ShouldBe(0.022 - 2.7764 * 0.001 * Math.Sqrt(2.5 / 5), 1e-6);
        Compare(draws, [.. draws.Select((d, i) => d + 0.02 + 0.001 * i)]).IsBehind.ShouldBeTrue();
        var undecided = Compare([0.60, 0.70, 0.65, 0.75, 0.68], [0.66, 0.61, 0.70, 0.64, 0.72]);
        (undecided.IsAhead, undecided.IsBehind).ShouldBe((false, false));
    }

    [Fact]
    public void Nothing_is_claimed_from_few_draws_or_from_draws_that_do_not_scatter_or_of_an_undefined_figure()
    {
        var four = Compare([0.8, 0.81, 0.82, 0.83], [0.5, 0.51, 0.525, 0.53]);
        four.Lower!.Value.ShouldBeGreaterThan(0);
        four.IsAhead.ShouldBeFalse();
        var equal = Compare([0.75, 0.75, 0.75, 0.75, 0.75], [0.5, 0.5, 0.5, 0.5, 0.5]); // a power of two apart: no rounding scatters
        (equal.Difference, equal.Lower, equal.IsAhead).ShouldBe((0.25, (double?)null, false));
        var undefined = Compare([0.8, 0.8, null, 0.8, 0.8], [0.5, 0.5, 0.5, 0.5, 0.5]);
        (undefined.Difference, undefined.IsAhead, undefined.IsBehind).ShouldBe(((double?)null, false, false));
    }

    [Fact]
    public void Losses_are_told_first_and_every_sentence_has_its_interval()
    {
        InitialisationComparison Against(string other, int labels, double difference) =>
            new("reports", other, labels, difference, difference - 0.02, difference + 0.02, 5, true);
        var sentences = QuickstartSentences.Of(
        [
            Against("random", 10, 0.01), Against("random", 100, 0.2), Against("labels", 10, 0.1), Against("labels", 100, -0.05),
            Against("labels", 300, -0.06),
            Against("whole", 100, 0.1) with { WithinViews = false },
        ]);
        sentences.ShouldBe(
        [
            "labels is ahead of reports: 0.050 [0.030, 0.070] at 100 labels, 0.060 [0.040, 0.080] at 300 labels.",
            "reports and random cannot be told apart: +0.010 [-0.010, +0.030] at 10 labels.",
            "reports is ahead of random: 0.200 [0.180, 0.220] at 100 labels.",
            "reports is ahead of labels: 0.100 [0.080, 0.120] at 10 labels.",
            "reports is ahead of whole: 0.100 [0.080, 0.120] at 100 labels (over all radiographs).",
        ]);
    }

    [Fact]
    public void Supervised_pretraining_is_told_what_the_reports_say() =>
        QuickstartSettings.SupervisedLabels.ShouldBe(Enum.GetValues<PhantomFinding>().Select(f => f.Name()), ignoreOrder: true);

    [Fact]
    public void Comparisons_are_within_views_where_both_have_that_figure()
    {
        double?[] pooled = [0.9, 0.91, 0.92, 0.93, 0.95], chance = [0.5, 0.5, 0.5, 0.5, 0.5], within = [0.51, 0.49, 0.5, 0.52, 0.48];
        var both = InitialisationComparison.Of(Result("first", pooled, within), Result("second", chance, chance), 100)!;
        (both.WithinViews, both.IsAhead).ShouldBe((true, false));
        var one = InitialisationComparison.Of(Result("first", pooled, within), Result("second", chance, null), 100)!;
        (one.WithinViews, one.IsAhead).ShouldBe((false, true));
        InitialisationComparison.Of(Result("first", pooled, within), Result("second", chance, null), 30).ShouldBeNull();
    }

    private static InitialisationComparison Compare(double?[] first, double?[] second) =>
        InitialisationComparison.Of(Result("first", first, null), Result("second", second, null), 100)!;

    private static InitialisationResult Result(string name, double?[] draws, double?[]? within)
    {
        var nothing = ScoreSummary.Of([]);
        return new(name, "",
        [
            new(TransferResult.MeanOverTasks, 100, 100, HeadKind.Logistic, 0, Summary(draws), nothing, nothing, nothing,
                Summary(within ?? [])),
        ]);
    }

    /// <summary>Tested on patients of whom none moves the figure: the draws' scatter is all the error there is.</summary>
    private static ScoreSummary Summary(double?[] draws)
    {
        var none = PatientInfluence.OfAuc(new double[20], [.. Enumerable.Range(0, 20).Select(i => i < 10)], [.. Enumerable.Range(0, 20)]);
        return ScoreSummary.Of(draws, [.. draws.Select(_ => none)]);
    }
}
