using RadTex.Metrics;

namespace RadTex.Tests.Metrics;

public sealed class MultiClassTests
{
    [Fact]
    public void Multi_class_metrics_agree_with_scikit_learn()
    {
        foreach (var c in GoldenMetrics.Cases("multi"))
        {
            var (probabilities, truth, classes) = (c.Numbers("probabilities"), c.Integers("truth"), (int)c.Number("classes"));
            var predicted = MultiClass.ArgMax(probabilities, classes);
            var name = c.GetProperty("name").GetString()!;
            MultiClass.Accuracy(predicted, truth).ShouldBeNear(c.Number("accuracy"), name);
            MultiClass.MacroF1(predicted, truth, classes)!.Value.ShouldBe(c.Number("macro_f1"), 1e-12, name);
            ShouldAgree(MultiClass.OneVsRest(probabilities, truth, classes), c.Optional("ovr"), name);
            ShouldAgree(MultiClass.Ordinal(probabilities, truth, classes), c.Optional("ordinal"), name);
        }

        static void ShouldAgree(ClassAucs actual, double?[] expected, string name)
        {
            actual.Each.Count.ShouldBe(expected.Length, name);
            for (int i = 0; i < expected.Length; i++)
            {
                if (expected[i] is { } value) actual.Each[i].ShouldBeNear(value, $"{name} {i}");
                else actual.Each[i].ShouldBeNull($"{name} {i}");
            }
            actual.Mean.ShouldBeNear(expected.OfType<double>().Average());
            actual.IsComplete.ShouldBe(expected.All(e => e is not null));
        }
    }

    [Fact]
    public void Macro_f1_leaves_out_a_class_that_is_neither_predicted_nor_true()
    {
        // Class 0: precision 2/3, recall 1, F1 0.8. Class 1: precision 1, recall 1/2, F1 2/3. Classes 2 and 3 do not occur:
        // scikit-learn's f1_score([0, 0, 1, 1], [0, 0, 0, 1], average="macro") is 0.7333...
        MultiClass.MacroF1([0, 0, 0, 1], [0, 0, 1, 1], 4)!.Value.ShouldBe((0.8 + 2 / 3.0) / 2, 1e-12);
        // Predicted and never true: 0, and counted.
        MultiClass.MacroF1([0, 2], [0, 1], 4)!.Value.ShouldBe(1 / 3.0, 1e-12);
        MultiClass.MacroF1([], [], 4).ShouldBeNull();
    }

    [Fact]
    public void Ordinal_aucs_of_three_edema_grades_are_those_worked_out_by_hand()
    {
        // P(above 0): 0.3, 0.2, 0.9. P(above 1): 0.1, 0.1, 0.6. Truth 0, 1, 2.
        double[] probabilities = [0.7, 0.2, 0.1, 0.8, 0.1, 0.1, 0.1, 0.3, 0.6];
        MultiClass.Ordinal(probabilities, [0, 1, 2], 3).Each.ShouldBe([0.5, 1.0]);
    }

    [Fact]
    public void Argmax_takes_the_lowest_class_among_equals() => MultiClass.ArgMax([0.5, 0.5, 0.1, 0.9], 2).ShouldBe([0, 1]);

    [Fact]
    public void Bad_input_is_an_error()
    {
        Should.Throw<ArgumentException>(() => MultiClass.MacroF1([0, 4], [0, 1], 4)).Message.ShouldContain("class 4");
        Should.Throw<ArgumentException>(() => MultiClass.OneVsRest([0.1, 0.9, 0.2], [0], 2)).Message.ShouldContain("whole rows");
        Should.Throw<ArgumentException>(() => MultiClass.OneVsRest([0.1, double.NaN], [0], 2));
        Should.Throw<ArgumentException>(() => MultiClass.Accuracy([0], [0, 1]));
        MultiClass.Accuracy([], []).ShouldBeNull();
    }
}
