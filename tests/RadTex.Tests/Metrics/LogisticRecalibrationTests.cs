using RadTex.Metrics;

namespace RadTex.Tests.Metrics;

public sealed class LogisticRecalibrationTests
{
    [Fact]
    public void Shift_and_stretch_of_a_heads_logits_are_recovered_from_local_labels()
    {
        var random = new Random(1);
        double[] logits = [.. Enumerable.Range(0, 8000).Select(_ => 6 * (random.NextDouble() - 0.5))];
        bool[] labels = [.. logits.Select(z => random.NextDouble() < 1 / (1 + Math.Exp(-(0.6 * z - 1.5))))];
        var fit = LogisticRecalibration.Fit([.. logits.Select(z => 1 / (1 + Math.Exp(-z)))], labels);
        fit.Intercept.ShouldBe(-1.5, 0.1);
        fit.Slope.ShouldBe(0.6, 0.05);
        fit.Rule.ShouldBe("intercept and slope");
        fit.Threshold.ShouldNotBeNull();
        // The largest Youden index lies where the odds are those of the prevalence.
        fit.Threshold!.Value.ShouldBe(labels.Count(l => l) / 8000.0, 0.08);
        LogisticRecalibration.Apply(fit.Intercept, fit.Slope, 0.5).ShouldBe(1 / (1 + Math.Exp(-fit.Intercept)), 1e-12);
    }

    [Fact]
    public void Few_labels_fix_the_intercept_alone_and_very_few_nothing()
    {
        double[] probabilities = [.. Enumerable.Range(0, 40).Select(i => 0.2 + 0.6 * (i % 10) / 10)];
        bool[] labels = [.. Enumerable.Range(0, 40).Select(i => i % 4 == 3)];
        var fit = LogisticRecalibration.Fit(probabilities, labels);
        (fit.Slope, fit.Threshold).ShouldBe((1.0, null));
        probabilities.Average(p => LogisticRecalibration.Apply(fit.Intercept, 1, p)).ShouldBe(0.25, 1e-7);
        Should.Throw<UserErrorException>(() =>
            LogisticRecalibration.Fit(probabilities[..12], labels[..12])).Message.ShouldContain("at least 5 of each");
    }

    [Fact]
    public void A_model_that_ranks_the_wrong_way_round_is_refused()
    {
        bool[] labels = [.. Enumerable.Range(0, 100).Select(i => i % 2 == 1)];
        double[] probabilities = [.. labels.Select((l, i) => (l ? 0.3 : 0.6) + 0.003 * i)];
        Should.Throw<UserErrorException>(() => LogisticRecalibration.Fit(probabilities, labels)).Message.ShouldContain("wrong way round");
    }
}
