using RadTex.Experiments.Sweeps;
using RadTex.Learning.Transfer;

namespace RadTex.Experiments.Tests;

public sealed class SweepEffortTests
{
    private static readonly PaperRecipe Recipe = PaperRecipe.FineTuning;
    private static readonly PaperRecipe[] Three = [Recipe, Recipe with { LearningRate = 0.02 }, Recipe with { LearningRate = 0.2 }];

    [Fact]
    public void As_many_candidates_on_every_side_need_no_warning()
    {
        SweepEffort.Warning([new("a", true, ["x"], Recipe, Candidates: Three), new("b", true, ["y"], Recipe, Candidates: Three)]).ShouldBeNull();
        SweepEffort.Warning([new("a", true, ["x"], Recipe), new("b", true, ["y"], Recipe)]).ShouldBeNull();
        SweepEffort.Warning([new("a", false, ["x"], Recipe), new("b", false, ["y"], Recipe), SweepInitialisation.ViewOnly([10], 2)]).ShouldBeNull();
        // What is not compared, or cannot be run, need not be tried as often.
        SweepEffort.Warning(
            [new("a", true, ["x"], Recipe, Candidates: Three), new("b", true, ["y"], Recipe) { IsCompared = false },
                new("c", true, [], Recipe, Missing: "no weights given")]).ShouldBeNull();
    }

    [Fact]
    public void Unequal_numbers_are_told_with_their_counts()
    {
        var warning = SweepEffort.Warning([new("RadTex", true, ["x"], Recipe, Candidates: Three), new("Random", true, ["y"], Recipe)])!;
        warning.ShouldContain("RadTex: 3 recipes, chosen on validation data; Random: 1 recipe.");
        SweepEffort.Warning([new("RadTex", false, ["x"], Recipe), new("Random", true, ["y"], Recipe)])!
            .ShouldContain("RadTex: 1 recipe of the paper's head and 11 strengths of our head, chosen inside its labels; Random: 1 recipe");
    }
}
