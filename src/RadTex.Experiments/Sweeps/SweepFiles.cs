using RadTex.Data;
using RadTex.Files;
using RadTex.Heads;

namespace RadTex.Experiments.Sweeps;

/// <summary>What <c>radtex sweep</c> leaves: results.parquet, a page, and the means as lines of text.</summary>
public static class SweepFiles
{
    /// <summary>
    /// Opens the folder of a sweep: a new one, or that of the same labels on the same dataset, to which encoders, trials and numbers of examples may
    /// be added. Several processes may work in it.
    /// </summary>
    /// <exception cref="UserErrorException">It holds something else, or cannot be written.</exception>
    internal static OutputFolder Claim(string folder, Protocol protocol, PreparedDataset dataset) => OutputFolder.Open(
        folder, FolderKind.Sweep, new Dictionary<string, string>
        {
            ["dataset"] = dataset.Hash,
            ["protocol"] = protocol.Name,
            ["labels"] = string.Join(", ", protocol.Tasks.Select(t => t.Name))
        }, shared: true);

    /// <summary>
    /// Writes results.parquet and the page; returns a line a cell: mean AUC and average precision over labels and trials, with 95% intervals over
    /// trials.
    /// </summary>
    public static IReadOnlyList<string> Write(string folder, SweepResult result, int width = TerminalTable.UsualWidth)
    {
        Directory.CreateDirectory(folder);
        ResultsTable.Write(Path.Combine(folder, SweepLayout.Results), result.Runs);
        string[] header = ["initialisation", "head", "batch", "N", "AUC [95% interval]", "AUC within views", "average precision", "F1", "redraws"];
        var cells = result.Runs.GroupBy(r => (r.Initialisation, r.Control, r.Head, r.Batch, r.Examples)).Select(g => g.ToArray()).ToArray();
        string[][] rows = [.. cells.Select(cell => Row(result, cell))];
        SweepPage.Make(result, header, rows).Save(Path.Combine(folder, SweepLayout.Report));
        string[] written = [.. new[] { SweepLayout.Results, SweepLayout.Report }.Select(name => $"{Path.Combine(folder, name)}: written")];
        return [.. TerminalTable.Lines(header, rows, keys: 4, width), .. WithoutViews(result), .. written];
    }

    private static string[] Row(SweepResult result, SweepRun[] cell)
    {
        var first = cell[0];
        // The view as a label is one task, whatever the protocol has.
        bool isView = first.Control == NegativeControls.ViewAsLabel;
        ScoreSummary Of(Func<TransferScores, double?> figure) =>
            isView ? ScoreSummary.Of([.. cell.Select(r => figure(r.Scores))]) : result.Mean(cell, figure).Summary;
        var auc = isView ? Of(s => s.Auc) : result.Auc(cell).Summary;
        var within = isView ? Of(s => s.AucWithinViews) : result.WithinViews(cell).Summary;
        var n = first.Examples is { } asked ? $"{asked}" : All(cell.Min(r => r.Count), cell.Max(r => r.Count));
        return
        [
            first.Control.Length > 0 ? $"{first.Initialisation}, {first.Control}" : first.Initialisation, first.Head,
            first.Batch == 0 ? "–" : $"{first.Batch}", n,
            auc.Mean is null ? $"n/a: {result.Auc(cell).Reason}" : $"{auc}", $"{within}", $"{Of(s => s.AveragePrecision)}", $"{Of(s => s.F1)}",
            $"{cell.Sum(r => r.Redraws)}",
        ];
    }

    /// <summary>All labelled radiographs, of which each label has its own number.</summary>
    internal static string All(int least, int most) => least == most ? $"all ({least:N0})" : $"all ({least:N0} to {most:N0} by label)";

    /// <summary>For each label why its AUC within views is "n/a", once.</summary>
    internal static IEnumerable<string> WithoutViews(SweepResult result) =>
        result.Runs.Where(r => r.Control.Length == 0 && r.Scores.WithinViewsReason is not null)
            .Select(r => $"AUC within views is n/a for {r.Task}: {r.Scores.WithinViewsReason}.").Distinct();
}
