using RadTex.Heads;
using RadTex.Learning.Transfer;

namespace RadTex.Experiments;

/// <summary>The quickstart's figures as lines of text.</summary>
public static class QuickstartSummary
{
    /// <summary>The mean AUC of each initialisation and number of labels with its interval, then the comparisons, losses first.</summary>
    public static IEnumerable<string> Lines(QuickstartResult result, int width = TerminalTable.UsualWidth)
    {
        foreach (var line in Table(result, "Mean AUC", c => c.Auc, width)) yield return line;
        if (QuickstartPage.HasViews(result))
        {
            const string Within = "Within views (AP and PA; the view alone has 0.5), mean AUC";
            foreach (var line in Table(result, Within, c => c.AucWithinViews, width)) yield return line;
        }
        yield return QuickstartPage.OfDifferences(result);
        foreach (var sentence in QuickstartSentences.Of(result.Comparisons)) yield return sentence;
    }

    // Rows are numbers of labels: the initialisations are few, and stand beside each other.
    private static IEnumerable<string> Table(QuickstartResult result, string what, Func<TransferCell, ScoreSummary> figure, int width)
    {
        yield return $"{what} over {QuickstartSettings.Findings.Count} findings of synthetic radiographs "
            + $"[95% interval over {result.Settings.Trials} draws of labels]:";
        var shown = result.Initialisations;
        string At(InitialisationResult initialisation, int? n) => initialisation.Mean(n) is { } cell ? figure(cell).ToString() : "";
        string[][] rows = [.. QuickstartSettings.FrozenExamples.Select(n => (string[])[TransferFiles.Name(n), .. shown.Select(i => At(i, n))])];
        foreach (var line in TerminalTable.Lines(["labels", .. shown.Select(i => i.Name)], rows, width: width)) yield return line;
    }
}
