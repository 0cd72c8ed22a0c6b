using RadTex.Data;
using RadTex.Heads;

namespace RadTex.Learning.Transfer;

/// <summary>What a reader of a sweep's figures must know.</summary>
internal static class TransferNotes
{
    internal static IReadOnlyList<string> Of(TransferPlan plan, IReadOnlyList<TaskData> tasks, PracticalRecipe? practical = null)
    {
        var notes = new List<string>();
        var recipe = plan.Recipe;
        bool small = tasks.Any(t => plan.Examples.Any(n => (n ?? t.Train.Rows.Length) <= recipe.BatchSize));
        var updates = $"With {recipe.BatchSize} examples or fewer the recipe takes just {recipe.Updates(2)} updates (one batch an "
            + $"epoch{(recipe.FirstUpdateMoves ? "" : ", the first at rate 0")})";
        if (small && plan.Heads.Contains(HeadKind.Paper))
            notes.Add($"{updates}: the paper's head hardly leaves its start. The logistic head is solved to convergence.");
        if (small && plan.Heads.Contains(HeadKind.FineTuned) && practical is null) notes.Add($"{updates}.");
        foreach (var task in tasks.Where(t => t.Counts.Test.Count(c => c > 0) < 2))
            notes.Add($"The test radiographs of '{task.Task.Name}' show one class only: AUC is undefined (n/a).");
        return notes;
    }

    /// <summary>Says where radiographs are tested on that were read otherwise than those learnt from.</summary>
    internal static IEnumerable<string> Preparations(PreparedDataset train, PreparedDataset test)
    {
        if (train.Preparation.DifferenceFrom(test) is { } other) yield return $"{other}: the figures are not those the heads reach on files.";
    }

    /// <summary>What the heads' thresholds rest on.</summary>
    internal static IEnumerable<string> Thresholds(IReadOnlyList<TrialResult> trials)
    {
        TrialResult[] heads = [.. trials.Where(t => t is { Head: HeadKind.Logistic, ClassCounts.Count: 2 })];
        HeadThreshold[] chosen = [.. heads.Select(t => t.Threshold).OfType<HeadThreshold>()];
        if (heads.Length == 0) yield break;
        if (chosen.Length < heads.Length)
            yield return $"{heads.Length - chosen.Length:N0} of {heads.Length:N0} logistic heads have no threshold: their labels fix none.";
        int few = chosen.Count(t => Math.Min(t.Positives, t.Negatives) < HeadThreshold.FewLabels);
        if (few > 0)
            yield return $"Thresholds that rest on fewer than {HeadThreshold.FewLabels} positive or negative labels, and move by much "
                + $"from draw to draw: {few:N0}.";
    }
}
