using RadTex.Transfer;

namespace RadTex.Experiments;

/// <summary>The quickstart's figures as lines of text.</summary>
public static class QuickstartSummary
{
    /// <summary>The mean AUC of each initialisation and number of labels with its interval, then the comparisons.</summary>
    public static IEnumerable<string> Lines(QuickstartResult result)
    {
        yield return $"Mean AUC over {QuickstartSettings.Findings.Count} findings of synthetic radiographs [95% interval over {result.Settings.Trials} draws of labels]:";
        int width = result.Initialisations.Max(i => i.Name.Length);
        foreach (var initialisation in result.Initialisations)
            yield return $"  {initialisation.Name.PadRight(width)}  {string.Join("  ", initialisation.Cells.Where(c => c.Task == TransferResult.MeanOverTasks).Select(c => $"{TransferFiles.Name(c.Examples)}: {c.Auc}"))}";
        foreach (var c in result.Comparisons)
            yield return $"{c.First} against {c.Second} at {c.Examples} labels: {(c.Difference is { } d ? d.ToString("+0.000;-0.000;0.000") : "n/a")}, 95% intervals {(c.IntervalsDisjoint ? "disjoint" : "overlapping")}";
    }
}
