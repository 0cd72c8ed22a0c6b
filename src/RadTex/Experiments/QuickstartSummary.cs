using RadTex.Transfer;

namespace RadTex.Experiments;

/// <summary>The quickstart's figures as lines of text.</summary>
public static class QuickstartSummary
{
    /// <summary>The mean AUC of each initialisation and number of labels with its interval, then the comparisons.</summary>
    public static IEnumerable<string> Lines(QuickstartResult result, int width = TerminalTable.UsualWidth)
    {
        yield return $"Mean AUC over {QuickstartSettings.Findings.Count} findings of synthetic radiographs [95% interval over {result.Settings.Trials} draws of labels]:";
        // Rows are numbers of labels: the initialisations are few, and stand beside each other.
        var cells = result.Initialisations.Select(i => i.Cells.Where(c => c.Task == TransferResult.MeanOverTasks).ToDictionary(c => TransferFiles.Name(c.Examples), c => $"{c.Auc}")).ToArray();
        string[][] rows = [.. cells.SelectMany(c => c.Keys).Distinct().Select(n => (string[])[n, .. cells.Select(c => c.GetValueOrDefault(n, ""))])];
        foreach (var line in TerminalTable.Lines(["labels", .. result.Initialisations.Select(i => i.Name)], rows, width: width)) yield return line;
        foreach (var c in result.Comparisons)
            yield return $"{c.First} against {c.Second} at {c.Examples} labels: {(c.Difference is { } d ? d.ToString("+0.000;-0.000;0.000") : "n/a")}, 95% intervals {(c.IntervalsDisjoint ? "disjoint" : "overlapping")}";
    }
}
