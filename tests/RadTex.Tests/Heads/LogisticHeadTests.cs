using RadTex.Heads;

namespace RadTex.Tests.Heads;

/// <summary>The head for few labels, held against its own parts: one regression at the strength it says it took, and one a fold.</summary>
public sealed class LogisticHeadTests
{
    private const ulong Seed = 7;

    [Theory]
    [InlineData(30, 6, 2)] // more examples than features, and fewer: then solved in the examples' own basis
    [InlineData(18, 50, 2)]
    [InlineData(30, 6, 3)]
    [InlineData(18, 50, 3)]
    public void Head_is_the_regression_at_the_strength_it_took_per_varying_feature(int count, int width, int classCount)
    {
        var (features, rows, classes) = Examples(count, width, classCount);
        var fitted = LogisticHead.Fit(features, rows, classes, classCount, Seed);

        var scale = Standardisation.Of(features, rows);
        var fit = LogisticRegression.Fit(scale.Apply(features, rows), classes, classCount, fitted.Variance / scale.Width);
        var (weights, biases) = scale.Fold(fit.Weights, fit.Biases);

        scale.Width.ShouldBe(width - 1); // one feature does not vary
        fitted.Note.ShouldBeNull();
        var expected = new LinearHead(classCount, width, weights, biases).Probabilities(features);
        fitted.Head.Probabilities(features).Zip(expected).ShouldAllBe(p => Math.Abs(p.First - p.Second) < 1e-5);
        if (classCount == 2) fitted.Head.Weights.Zip(weights).ShouldAllBe(w => Math.Abs(w.First - w.Second) < 1e-5);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Strength_is_the_one_of_least_loss_on_held_out_patients_and_their_logits_are_kept(int classCount)
    {
        var (features, rows, classes) = Examples(30, 6, classCount);
        var fitted = LogisticHead.Fit(features, rows, classes, classCount, Seed);

        int outputs = classCount == 2 ? 1 : classCount;
        var scale = Standardisation.Of(features, rows);
        var matrix = scale.Apply(features, rows);
        var folds = PatientFolds.Assign([.. rows.Select(r => features.Radiographs[r].PatientId)], classes, new CounterRandom(Seed))!;
        var byVariance = LogisticHead.Variances.Select(variance =>
        {
            var logits = new double[rows.Length * outputs];
            for (int fold = 0; fold <= folds.Max(); fold++)
            {
                int[] train = [.. rows.Where(i => folds[i] != fold)], held = [.. rows.Where(i => folds[i] == fold)];
                var fit = LogisticRegression.Fit(matrix.Select(train), [.. train.Select(i => classes[i])], classCount, variance / scale.Width);
                var own = fit.Logits(matrix.Select(held));
                for (int i = 0; i < held.Length; i++)
                    for (int k = 0; k < outputs; k++) logits[held[i] * outputs + k] = own[i * outputs + k];
            }
            return (Variance: variance, Logits: logits, Loss: LogisticRegression.LogLoss(logits, classes, outputs));
        }).ToArray();
        var best = byVariance.MinBy(v => v.Loss);

        fitted.Variance.ShouldBe(best.Variance);
        byVariance.Select(v => v.Loss).Max().ShouldBeGreaterThan(best.Loss + 0.5); // the choice matters on these examples
        var kept = fitted.HeldOutLogits.ShouldNotBeNull();
        kept.Length.ShouldBe(best.Logits.Length);
        // What is added to all logits of a radiograph changes no probability, and the penalty leaves it free.
        double[] found = Centred(kept, outputs), expected = Centred(best.Logits, outputs);
        for (int i = 0; i < found.Length; i++) found[i].ShouldBe(expected[i], 1e-4);
    }

    [Fact]
    public void Of_grades_with_two_classes_shown_the_odds_between_them_are_those_of_the_two_alone()
    {
        var (features, rows, classes) = Examples(30, 6, 2);
        var two = LogisticHead.Fit(features, rows, classes, 2, Seed).Head.Probabilities(features);
        var grades = LogisticHead.Fit(features, rows, [.. classes.Select(c => c == 0 ? 1 : 3)], 4, Seed).Head;

        grades.Outputs.ShouldBe(4);
        var probabilities = grades.Probabilities(features);
        for (int i = 0; i < 30; i++)
        {
            double[] expected = [0, 1 - two[i], 0, two[i]];
            for (int c = 0; c < 4; c++) probabilities[4 * i + c].ShouldBe(expected[c], 1e-9);
        }
    }

    [Fact]
    public void Of_grades_with_three_classes_shown_they_keep_their_own_probabilities()
    {
        var (features, rows, classes) = Examples(30, 6, 3);
        var three = LogisticHead.Fit(features, rows, classes, 3, Seed).Head.Probabilities(features);
        int[] shown = [0, 2, 4];
        var five = LogisticHead.Fit(features, rows, [.. classes.Select(c => shown[c])], 5, Seed).Head.Probabilities(features);

        for (int i = 0; i < 30; i++)
            for (int c = 0; c < 5; c++) five[5 * i + c].ShouldBe(c % 2 == 0 ? three[3 * i + c / 2] : 0, 1e-12);
    }

    [Fact]
    public void Loss_of_logits_far_from_zero_is_their_distance_and_never_infinite()
    {
        LogisticRegression.LogLoss([800, -800], [1, 0], 1).ShouldBe(0, 1e-12);
        LogisticRegression.LogLoss([800, -800], [0, 1], 1).ShouldBe(1600, 1e-9);
        LogisticRegression.LogLoss([0.5], [1], 1).ShouldBe(Math.Log(1 + Math.Exp(-0.5)), 1e-12);
        LogisticRegression.LogLoss([900, 0, -900], [2], 3).ShouldBe(1800, 1e-9);
    }

    private static double[] Centred(double[] logits, int outputs) =>
        outputs == 1 ? logits : [.. logits.Chunk(outputs).SelectMany(row => row.Select(v => v - row.Average()))];

    /// <summary>Two radiographs a patient; the classes overlap. The last feature does not vary.</summary>
    private static (RadiographFeatures Features, int[] Rows, int[] Classes) Examples(int count, int width, int classCount)
    {
        int[] rows = [.. Enumerable.Range(0, count)], classes = [.. rows.Select(i => i / 2 % classCount)];
        var random = new CounterRandom(11);
        var noise = rows.Select(_ => Enumerable.Range(0, width).Select(_ => random.Uniform()).ToArray()).ToArray();
        var features = MadeFeatures.Of(
            count, width, (i, j) => j == width - 1 ? 3 : 5 + noise[i][j] + (j == classes[i] ? 0.7f : 0), patient: i => $"p{i / 2}");
        return (features, rows, classes);
    }
}
