using RadTex.Heads;

namespace RadTex.Tests.Heads;

public sealed class LabelledRadiographsTests
{
    private static readonly double?[][] Labels = [[1, 0], [0, 1], [null, 1], [-1, 0], [0, 0], [3, null], [1, 1]];

    [Fact]
    public void Blanks_and_uncertain_ones_are_left_out_and_counted()
    {
        var found = Of("edema", null);
        found.Rows.ShouldBe([0, 1, 4, 5, 6]);
        found.Classes.ShouldBe([1, 0, 0, 3, 1]);
        (found.Blank, found.Uncertain, found.ClassCount).ShouldBe((1, 1, 4));
        found.Views.ShouldAllBe(v => v == "PA");
        found.Patients.ShouldBe([0, 0, 3, 3, 6]); // the place of the patient's first radiograph
    }

    [Fact]
    public void One_label_against_another_takes_those_that_have_one_of_the_two()
    {
        var found = Of("Edema", "Pneumonia");
        found.Rows.ShouldBe([0, 1, 2, 6]);
        found.Classes.ShouldBe([1, 0, 0, 1]);
        (found.Blank, found.Uncertain, found.ClassCount).ShouldBe((2, 1, 2));
    }

    [Fact]
    public void Unknown_labels_and_values_that_are_no_class_are_refused()
    {
        Should.Throw<UserErrorException>(() => Of("Effusion", null)).Message
            .ShouldBe("The dataset has no label 'Effusion'. Its labels: Edema, Pneumonia.");
        foreach (double value in (double[])[0.5, 100])
            Should.Throw<UserErrorException>(() => LabelledRadiographs.Of(Pool([[value, 0]]), "Edema", null)).Message
                .ShouldBe($"Label 'Edema' of image image0 is {value}. Expected 0 or 1, or whole grades below 100.");
        LabelledRadiographs.Of(Pool([[99, 0]]), "Edema", null).ClassCount.ShouldBe(100);
        LabelledRadiographs.Of(Pool([[null, 0]]), "Edema", null).ClassCount.ShouldBe(2);
    }

    [Fact]
    public void Draws_are_nested_and_drawn_again_while_they_show_one_class()
    {
        int[] classes = [.. Enumerable.Range(0, 40).Select(i => i < 2 ? 1 : 0)];
        var (order, redraws) = LabelDraw.Order(classes, 4, new CounterRandom(3)).ShouldNotBeNull();
        order.Order().ShouldBe(Enumerable.Range(0, 40));
        order.Take(4).Select(i => classes[i]).Distinct().Count().ShouldBe(2);
        redraws.ShouldBeGreaterThan(0);
        LabelDraw.Order([0, 0, 0], 2, new CounterRandom(3)).ShouldBeNull();
    }

    private static LabelledRadiographs Of(string label, string? against) => LabelledRadiographs.Of(Pool(Labels), label, against);

    private static LabelledPool Pool(double?[][] labels) =>
        MadeFeatures.Of(labels.Length, 1, (_, _) => 0, ["Edema", "Pneumonia"], i => labels[i], i => $"p{i / 3 * 3}").Pool;
}
