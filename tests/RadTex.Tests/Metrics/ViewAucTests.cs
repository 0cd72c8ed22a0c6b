using CsCheck;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Metrics;
using RadTex.Studies;

namespace RadTex.Tests.Metrics;

public sealed class ViewAucTests
{
    [Fact]
    public void A_score_that_tells_the_view_alone_is_above_chance_over_all_and_at_chance_within_views()
    {
        // AP: 30 of 40 positive; PA: 10 of 40.
        string[] views = [.. Enumerable.Range(0, 80).Select(i => i < 40 ? "AP" : "PA")];
        bool[] labels = [.. Enumerable.Range(0, 80).Select(i => i % 40 < (i < 40 ? 30 : 10))];
        double[] scores = [.. views.Select(v => v == "AP" ? 1.0 : 0.0)];
        Roc.Auc(scores, labels)!.Value.ShouldBe(0.75);
        var within = ViewAuc.Of(scores, labels, views);
        within.Mean.ShouldBe(0.5);
        within.Reason.ShouldBeNull();
        within.Views.Select(v => (v.View, v.Positives, v.Negatives)).ShouldBe([("AP", 30, 10), ("PA", 10, 30)]);
    }

    [Fact]
    public void The_mean_is_over_the_views_that_have_ten_of_each_and_every_view_has_the_auc_of_its_own_examples() =>
        Gen.Select(Gen.Int[20, 150], Gen.ULong).Sample((count, seed) =>
        {
            var random = new CounterRandom(seed);
            string[] names = ["AP", "ap", "PA", "", "AP SUPINE"],
                views = [.. Enumerable.Range(0, count).Select(_ => names[random.Below(names.Length)])];
            bool[] labels = [.. views.Select(_ => random.Below(3) == 0)];
            double[] scores = [.. views.Select(_ => random.Below(20) / 20.0)];
            var within = ViewAuc.Of(scores, labels, views);
            double?[] expected = [.. views.Select(ViewAuc.Name).Distinct().Order(StringComparer.Ordinal).Select(view =>
            {
                int[] rows = [.. Enumerable.Range(0, count).Where(i => ViewAuc.Name(views[i]) == view)];
                bool[] own = [.. rows.Select(r => labels[r])];
                return own.Count(l => l) >= 10 && own.Count(l => !l) >= 10 ? Roc.Auc([.. rows.Select(r => scores[r])], own) : null;
            })];
            within.Views.Select(v => v.Auc).ShouldBe(expected);
            within.Mean.ShouldBe(expected.Average());
            (within.Reason is null).ShouldBe(within.Mean is not null);
            ViewAuc.Counted([.. labels.Select(l => l ? 1 : 0)], 2, views).Count.ShouldBe(expected.Count(e => e is not null));
        });

    [Fact]
    public void Too_few_of_each_leave_it_undefined_with_the_counts_of_each_view()
    {
        var within = ViewAuc.Of([0.1, 0.2, 0.3], [true, false, true], ["ap", "", "AP"]);
        within.Mean.ShouldBeNull();
        within.Reason!.ShouldContain("AP: 2 and 0, unknown: 0 and 1");
        ViewAuc.Of([], [], []).Mean.ShouldBeNull();
    }

    [Fact]
    public void Grades_have_the_mean_of_the_cuts_within_views_where_every_cut_has_ten_on_each_side()
    {
        var random = new CounterRandom(3);
        const int Count = 200;
        string[] views = [.. Enumerable.Range(0, Count).Select(i => i < 150 ? "AP" : "PA")];
        // Among PA only grades 0 and 1: its upper cuts are undefined.
        int[] truth = [.. Enumerable.Range(0, Count).Select(i => random.Below(i < 150 ? 3 : 2))];
        double[] probabilities = [.. Enumerable.Range(0, Count).SelectMany(_ =>
        {
            double a = 1 + random.Below(9), b = 1 + random.Below(9), c = 1 + random.Below(9);
            return new[] { a / (a + b + c), b / (a + b + c), c / (a + b + c) };
        })];
        var within = ViewAuc.Ordinal(probabilities, truth, 3, views);
        within.Views.Select(v => v.Auc is not null).ShouldBe([true, false]);
        within.Mean!.Value.ShouldBe(MultiClass.Ordinal(probabilities.AsSpan(0, 450), truth.AsSpan(0, 150), 3).Mean!.Value);
    }
}
