using CsCheck;
using RadTex.Data;
using RadTex.Heads;
using RadTex.Learning.Transfer;

namespace RadTex.Tests.Transfer;

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

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Paper_head_agrees_with_a_plain_loop(int classCount)
    {
        const int N = 11, Width = 4;
        var features = MadeFeatures.Of(N, Width, (i, j) => (float)Math.Sin(i * 2 + j));
        int[] rows = [.. Enumerable.Range(0, N)], classes = [.. rows.Select(i => i * i % classCount)];
        var recipe = new PaperRecipe(0.5, 3, BatchSize: 4);

        var start = PaperHead.Fit([features], rows, classes, classCount, recipe with { LearningRate = 1e-30 }, 9);
        var head = PaperHead.Fit([features], rows, classes, classCount, recipe, 9);

        int outputs = head.Outputs;
        double[] w = [.. start.Weights], b = new double[outputs], vw = new double[w.Length], vb = new double[outputs];
        var sampler = new EpochSampler(rows, 4, 9, dropLast: false);
        for (int step = 0; step < 9; step++) // three epochs of 4 + 4 + 3; warm-up round(0.45) = 0 updates
        {
            double[] gw = new double[w.Length], gb = new double[outputs];
            var batch = sampler.Batch(step);
            foreach (int i in batch)
            {
                var z = Enumerable.Range(0, outputs).Select(
                    k => b[k] + Enumerable.Range(0, Width).Sum(j => w[k * Width + j] * features.Row(i)[j])).ToArray();
                double total = z.Sum(Math.Exp);
                for (int k = 0; k < outputs; k++)
                {
                    double error = outputs == 1 ? 1 / (1 + Math.Exp(-z[0])) - classes[i] : Math.Exp(z[k]) / total - (classes[i] == k ? 1 : 0);
                    gb[k] += error / batch.Count;
                    for (int j = 0; j < Width; j++) gw[k * Width + j] += error * features.Row(i)[j] / batch.Count;
                }
            }
            double rate = 0.5 * Math.Pow(Math.Cos(Math.PI / 2 * step / 9), 2);
            for (int i = 0; i < w.Length; i++) w[i] -= rate * (vw[i] = 0.9 * vw[i] + gw[i]);
            for (int k = 0; k < outputs; k++) b[k] -= rate * (vb[k] = 0.9 * vb[k] + gb[k]);
        }
        for (int i = 0; i < w.Length; i++) head.Weights[i].ShouldBe(w[i], 1e-5);
        for (int k = 0; k < outputs; k++) head.Biases[k].ShouldBe(b[k], 1e-5);
        start.Weights.ShouldAllBe(v => Math.Abs(v) < 0.05);
    }

    [Fact]
    public void Paper_head_with_one_batch_makes_no_move_at_its_first_update_unless_asked()
    {
        var features = MadeFeatures.Of(6, 3, (i, j) => i + j);
        int[] rows = [0, 1, 2, 3, 4, 5], classes = [0, 0, 0, 1, 1, 1];
        var recipe = new PaperRecipe(0.1, 1, WarmupFraction: 1);

        PaperHead.Fit([features], rows, classes, 2, recipe, 1).Biases.ShouldBe([0.0]);
        PaperHead.Fit([features], rows, classes, 2, recipe with { FirstUpdateMoves = true }, 1).Biases[0].ShouldNotBe(0);
        PaperRecipe.Frozen.Updates(100).ShouldBe(20);
        PaperRecipe.Frozen.Updates(129).ShouldBe(40);
    }

    [Fact]
    public void Augmented_views_are_taken_in_turn()
    {
        var zero = MadeFeatures.Of(4, 2, (_, _) => 0);
        var one = MadeFeatures.Of(4, 2, (i, _) => i < 2 ? 1 : -1);
        int[] rows = [0, 1, 2, 3], classes = [1, 1, 0, 0];
        LinearHead Head(int epochs, params RadiographFeatures[] views) =>
            PaperHead.Fit(views, rows, classes, 2, new PaperRecipe(0.1, epochs, Momentum: 0, WarmupFraction: 0), 1);
        var start = Head(1, zero);

        Head(1, zero, one).Weights.ShouldBe(start.Weights); // epoch 0 sees the first view alone
        Head(2, zero, one).Weights.ShouldNotBe(start.Weights);
    }
}
