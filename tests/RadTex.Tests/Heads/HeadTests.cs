using CsCheck;
using RadTex.Heads;

namespace RadTex.Tests.Heads;

public sealed class HeadTests
{
    [Fact]
    public void Folded_weights_give_the_standardised_logits_and_constant_features_get_none()
    {
        var features = MadeFeatures.Of(12, 5, (i, j) => j == 3 ? 7.1f : 100 + (float)Math.Sin(i * (j + 2)));
        int[] rows = [.. Enumerable.Range(0, 8)], all = [.. Enumerable.Range(0, 12)];
        var scale = Standardisation.Of(features, rows);
        double[] weights = [0.5, -1, 2, 0.25];
        var standardised = scale.Apply(features, all);

        var (raw, bias) = scale.Fold(weights, [0.3]);

        scale.Width.ShouldBe(4);
        raw[3].ShouldBe(0);
        var head = new LinearHead(2, 5, raw, bias).Probabilities(features);
        for (int i = 0; i < 12; i++) head[i].ShouldBe(1 / (1 + Math.Exp(-0.3 - RowMatrix.Dot(standardised[i], weights))), 1e-9);
        Enumerable.Range(0, 8).Average(i => standardised[i][1]).ShouldBe(0, 1e-9);
        Enumerable.Range(0, 8).Average(i => standardised[i][1] * standardised[i][1]).ShouldBe(1, 1e-9);
    }

    [Fact]
    public void Folds_keep_patients_together_and_show_every_class_in_every_fold()
    {
        Gen.Select(Gen.Int[2, 60], Gen.Int[1, 4], Gen.Int[2, 4], Gen.ULong).Sample((patients, each, classCount, seed) =>
        {
            var random = new CounterRandom(seed);
            string[] ids = [.. Enumerable.Range(0, patients * each).Select(i => $"p{i / each}")];
            int[] classes = [.. ids.Select(_ => random.Below(classCount))];
            if (classes.Distinct().Count() < 2) return;
            var folds = PatientFolds.Assign(ids, classes, random);
            if (folds is null) return;
            int count = folds.Max() + 1;
            count.ShouldBeInRange(2, PatientFolds.MostFolds);
            ids.Zip(folds).Distinct().GroupBy(p => p.First).ShouldAllBe(g => g.Count() == 1);
            foreach (int c in classes.Distinct())
                for (int f = 0; f < count; f++)
                    Enumerable.Range(0, folds.Length).Count(i => folds[i] == f && classes[i] == c).ShouldBeGreaterThan(0);
        });
    }

    [Fact]
    public void Class_with_a_single_patient_cannot_be_cross_validated_and_is_said_so()
    {
        PatientFolds.Assign(["a", "a", "b", "c", "d"], [1, 1, 0, 0, 0], new CounterRandom(1)).ShouldBeNull();
        PatientFolds.Assign(["a", "e", "b", "c", "d"], [1, 1, 0, 0, 0], new CounterRandom(1))!.Max().ShouldBe(1);

        var features = MadeFeatures.Of(6, 3, (i, j) => (float)Math.Sin(i + j * i));
        var (_, variance, note, _) = LogisticHead.Fit(features, [0, 1, 2, 3], [1, 0, 0, 0], 2, new CounterRandom(1));
        variance.ShouldBe(LogisticHead.DefaultVariance);
        note!.ShouldContain("fewer than two patients");
    }

    [Fact]
    public void Strength_is_weak_where_the_signal_is_clear_and_strong_where_there_is_none()
    {
        var random = new Random(5);
        int[] classes = [.. Enumerable.Range(0, 80).Select(i => i % 2)], rows = [.. Enumerable.Range(0, 80)];
        var clear = MadeFeatures.Of(80, 10, (i, j) => (float)random.NextDouble() + (j == 0 ? 10 * classes[i] : 0));
        var noise = MadeFeatures.Of(80, 10, (_, _) => (float)random.NextDouble());

        var (_, weak, _, _) = LogisticHead.Fit(clear, rows, classes, 2, new CounterRandom(2));
        var (_, strong, _, _) = LogisticHead.Fit(noise, rows, classes, 2, new CounterRandom(2));

        weak.ShouldBeGreaterThan(10);
        strong.ShouldBeLessThan(0.1);
    }

    [Fact]
    public void Labels_of_one_class_make_no_head()
    {
        // They made one of two outputs, whose probabilities are twice as many as radiographs.
        var features = MadeFeatures.Of(6, 3, (i, j) => i + j);
        Should.Throw<ArgumentException>(() => LogisticHead.Fit(features, [0, 1, 2, 3], [0, 0, 0, 0], 2, new CounterRandom(1)))
            .Message.ShouldContain("all 4 examples are of class 0");
    }

    [Fact]
    public void Grade_that_no_example_shows_gets_probability_zero()
    {
        var features = MadeFeatures.Of(20, 4, (i, j) => i % 3 + (float)Math.Sin(i + j));
        int[] rows = [.. Enumerable.Range(0, 20)];

        foreach (int[] present in new[] { new[] { 0, 2 }, [0, 1, 3] })
        {
            int[] classes = [.. rows.Select(i => present[i % present.Length])];
            var probabilities = LogisticHead.Fit(features, rows, classes, 4, new CounterRandom(1)).Head.Probabilities(features);
            for (int i = 0; i < 20; i++)
            {
                probabilities.Skip(4 * i).Take(4).Sum().ShouldBe(1, 1e-12);
                for (int c = 0; c < 4; c++) (probabilities[4 * i + c] > 0).ShouldBe(present.Contains(c));
            }
        }
    }
}
