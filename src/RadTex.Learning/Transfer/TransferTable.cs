using System.Globalization;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Studies;

namespace RadTex.Learning.Transfer;

/// <summary>A sweep's figures as lines of text.</summary>
public static class TransferTable
{
    /// <summary>In place of a head's name, where the view stands for the features.</summary>
    internal const string ViewOnly = "view only";

    /// <summary>What each task found, the table of figures with 95% intervals over trials, then the notes.</summary>
    /// <param name="result">The sweep.</param>
    /// <param name="width">The widest line of the table.</param>
    public static IEnumerable<string> Lines(TransferResult result, int width = TerminalTable.UsualWidth)
    {
        foreach (var t in result.Tasks)
            yield return $"{t.Task}: training {Counts(t.Train)} ({t.TrainUncertain:N0} uncertain and {t.TrainBlank:N0} blank left out), "
                + $"test {Counts(t.Test)} ({t.TestUncertain:N0}, {t.TestBlank:N0})";
        string[] header = ["label", "N", "head", "AUC [95% interval]", "AUC within views", "average precision", "F1", "accuracy"];
        string[] Row(TransferCell c, string head) =>
            [c.Task, N(c), head, c.Auc.ToString(), c.AucWithinViews.ToString(), c.AveragePrecision.ToString(), c.F1.ToString(),
                c.Accuracy.ToString()];
        string[][] rows = [.. result.Cells().Select(c => Row(c, c.Head.Name())), .. (result.ViewOnly ?? []).Select(c => Row(c, ViewOnly))];
        foreach (var line in TerminalTable.Lines(header, rows, keys: 3, width)) yield return line;
        if (result.ViewOnly is { Count: > 0 })
            yield return $"{ViewOnly}: the same draws, logistic heads on the radiographs' view in place of features. A figure that is no "
                + "higher shows nothing but the view.";
        foreach (var reason in result.Cells().Select(c => c.WithinViewsReason).OfType<string>().Distinct())
            yield return $"AUC within views is n/a for {reason}.";
        foreach (var c in result.Choices ?? [])
            yield return $"{c.Task}, N {TransferFiles.Name(c.Examples)}: {c.Candidates[c.Chosen].Recipe.Name} was chosen; AUC on "
                + $"{c.Validation:N0} validation radiographs: "
                + $"{string.Join(", ", c.Candidates.Select(s => $"{s.Recipe.Name} {(s.Auc is { } auc ? auc.ToString("F3") : "diverged")}"))}";
        foreach (var moved in result.Moved().GroupBy(m => m.Examples))
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Fine-tuned, N {TransferFiles.Name(moved.Key)}: at least {100 * moved.Min(m => m.LeastShare):F1}% of the "
                    + $"encoder's weights moved, on average by {100 * moved.Average(m => m.MeanDistance):F2}% of their length.");
        int redraws = result.Cells().Where(c => c.Task != TransferResult.MeanOverTasks).GroupBy(c => c.Task).Sum(g => g.First().Redraws);
        if (redraws > 0) yield return $"{redraws} draws showed one class only and were drawn again.";
        foreach (var trials in result.Trials.Where(t => t.Note is not null).GroupBy(t => t.Note))
            yield return $"{trials.Count()} {(trials.Count() == 1 ? "trial" : "trials")}: {trials.Key}.";
        foreach (var note in result.Notes) yield return note;
    }

    private static string N(TransferCell cell) => cell.Examples is null ? $"all ({cell.Count:N0})" : $"{cell.Examples}";

    private static string Counts(IReadOnlyList<int> counts) =>
        counts.Count == 2 ? $"{counts[1]:N0} positive / {counts[0]:N0} negative" : string
            .Join(" / ", counts.Select((n, c) => $"{n:N0} of grade {c}"));
}
