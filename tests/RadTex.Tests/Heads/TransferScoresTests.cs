using RadTex.Heads;
using RadTex.Metrics;

namespace RadTex.Tests.Heads;

public sealed class TransferScoresTests
{
    // Twelve of either kind; scores of a head that ranks all but two pairs the right way round.
    private static readonly int[] Truth = [.. Enumerable.Range(0, 24).Select(i => i % 2)];
    private static readonly double[] Probabilities =
        [.. Enumerable.Range(0, 24).Select(i => (i % 2 == 1 ? 0.55 : 0.25) + 0.01 * (i / 2) + (i is 0 ? 0.31 : 0))];
    private static readonly string[] Views = [.. Enumerable.Range(0, 24).Select(i => i < 12 ? "AP" : "PA")];

    [Fact]
    public void Two_classes_have_the_figures_of_their_metrics()
    {
        bool[] positive = Array.ConvertAll(Truth, t => t == 1);
        var scores = TransferScores.Of(Probabilities, Truth, 2, Views);
        scores.Auc.ShouldBe(Roc.Auc(Probabilities, positive));
        scores.Auc!.Value.ShouldBeInRange(0.95, 0.99);
        scores.AveragePrecision.ShouldBe(PrecisionRecall.AveragePrecision(Probabilities, positive));
        scores.Accuracy!.Value.ShouldBe(23 / 24.0, 1e-12);
        scores.F1!.Value.ShouldBe(2 * 12 / 25.0, 1e-12);
        scores.AucWithinViews.ShouldBe(ViewAuc.Of(Probabilities, positive, Views).Mean);
        scores.OneVsRestAuc.ShouldBeNull();
        scores.AucInfluence.ShouldBeNull(); // no patients were given
    }

    [Fact]
    public void Without_radiographs_and_with_one_class_what_is_undefined_is_null()
    {
        TransferScores.Of([], [], 2, []).ShouldBe(new(null, null, null, null));
        var one = TransferScores.Of([0.2, 0.7], [0, 0], 2, ["AP", "AP"]);
        (one.Auc, one.F1, one.Accuracy).ShouldBe((null, null, 0.5));
        one.WithinViewsReason.ShouldNotBeNull();
    }

    [Fact]
    public void Patients_give_the_influence_of_each_where_there_are_enough_of_either_kind()
    {
        int[] patients = [.. Enumerable.Range(0, 24).Select(i => i / 2)];
        TransferScores.Of(Probabilities, Truth, 2, Views, patients).AucInfluence.ShouldNotBeNull();
        TransferScores.Of(Probabilities, Truth, 2, Views, patients).WithinViewsInfluence.ShouldBeNull(); // six of a kind in a view
        TransferScores.Of(Probabilities.AsSpan(0, 18), Truth.AsSpan(0, 18), 2, Views.AsSpan(0, 18), patients.AsSpan(0, 18)).AucInfluence
            .ShouldBeNull();
    }

    [Fact]
    public void Grades_have_the_mean_over_cuts_and_over_classes()
    {
        int[] grades = [.. Enumerable.Range(0, 36).Select(i => i % 3)];
        double[] probabilities =
            [.. grades.SelectMany((g, i) => Enumerable.Range(0, 3).Select(c => c == g ? 0.6 - 0.005 * i : (0.4 + 0.005 * i) / 2))];
        string[] views = [.. grades.Select(_ => "AP")];
        var scores = TransferScores.Of(probabilities, grades, 3, views, [.. Enumerable.Range(0, 36)]);
        scores.Auc.ShouldBe(MultiClass.Ordinal(probabilities, grades, 3).Mean);
        scores.OneVsRestAuc.ShouldBe(MultiClass.OneVsRest(probabilities, grades, 3).Mean);
        scores.Accuracy.ShouldBe(1);
        scores.F1.ShouldBe(1);
        scores.AveragePrecision!.Value.ShouldBe(1, 1e-12);
        scores.AucWithinViews.ShouldBe(ViewAuc.Ordinal(probabilities, grades, 3, views).Mean);
        scores.AucInfluence.ShouldNotBeNull();
        scores.WithinViewsInfluence.ShouldNotBeNull();
    }

    [Fact]
    public void Mean_over_trials_is_undefined_where_one_of_them_is_and_has_an_interval_from_three_on()
    {
        ScoreSummary.Of([]).Mean.ShouldBeNull();
        ScoreSummary.Of([0.8, null, 0.7]).ToString().ShouldBe("n/a");
        var two = ScoreSummary.Of([0.8, 0.7]);
        (two.Mean!.Value, two.Lower).ShouldBe((0.75, null));
        two.ToString().ShouldBe("0.750");
        var three = ScoreSummary.Of([0.8, 0.7, 0.75]);
        three.Mean!.Value.ShouldBe(0.75, 1e-12);
        three.Lower!.Value.ShouldBeLessThan(0.7);
        three.Upper!.Value.ShouldBeGreaterThan(0.8);
        three.ToString().ShouldBe($"0.750 [{three.Lower:F3}, {three.Upper:F3}]");
    }
}
