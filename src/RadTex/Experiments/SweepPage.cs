using RadTex.Reporting;
using RadTex.Transfer;

namespace RadTex.Experiments;

/// <summary>A sweep as a page: whose mean AUC is the highest at each number of labels, the curves, every cell.</summary>
internal static class SweepPage
{
    /// <param name="result">What the sweep found.</param>
    /// <param name="columns">The heads of <paramref name="cells"/>.</param>
    /// <param name="cells">Every cell as a row of texts.</param>
    internal static HtmlReport Make(SweepResult result, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> cells)
    {
        var page = new HtmlReport($"Sweep: {result.Protocol.Name}", "Initialisations compared over numbers of labels and independent draws of them.");
        if (result.Synthetic)
            page.Note("The radiographs are synthetic: drawn, not taken of patients. Figures show that the method works, not how well it does on patients.");
        var lines = Lines(result).ToList();
        if (Verdict(result, lines) is { } verdict)
            page.Verdict(verdict, "Whose mean AUC is the highest? (No test was made: where intervals overlap, the order may be chance.)");
        page.Paragraph(
            "AUC: the chance that a radiograph with the finding is scored above one without; 0.5 is guessing. "
            + "Each cell is a mean over labels and trials; in brackets the 95% interval over trials (Student's t). \"n/a\" comes with its reason and is never counted as 0.");
        Curves(page, result, lines);
        page.Heading("Every cell").Table(new(columns, cells), "Further batches, controls, average precision and F1.");
        page.Heading("What was run").Paragraph(string.Join('\n', result.Protocol.Lines()));
        var missing = result.Initialisations.Where(i => i.Missing is not null).Select(i => $"{i.Name}: not run, {i.Missing}").ToList();
        if (missing.Count > 0) page.List(missing);
        return page;
    }

    private static void Curves(HtmlReport page, SweepResult result, IReadOnlyList<Line> lines)
    {
        static ChartPoint Point(Cell cell) => new(cell.Count, cell.Auc.Mean ?? double.NaN, cell.Auc.Lower, cell.Auc.Upper);
        ChartSeries[] series = [.. lines.Select(l => new ChartSeries(
            l.Initialisation, [.. l.Cells.Where(c => c.Auc.Mean is not null).Select(Point)], IsDashed: l.Head == HeadKind.Logistic.Name(),
            Group: Name(l.Head)))];
        page.Heading("By number of labels");
        page.Chart(
            new("labelled radiographs", "mean AUC", series, IsLogX: true, YMin: 0.4, YMax: 1, Reference: 0.5, IsShare: true),
            "With 95% intervals over trials.");
        IReadOnlyList<string> Row(Line line) =>
            [line.Name, .. result.Sizes.Select(n => line.Cells.FirstOrDefault(c => c.Examples == n)?.Auc.ToString() ?? "–")];
        page.Table(
            new(["", .. result.Sizes.Select(n => $"{TransferFiles.Name(n)} labels")], [.. lines.Select(Row)]),
            "Mean AUC [95% interval]; – was not run.");
    }

    private static IEnumerable<Line> Lines(SweepResult result)
    {
        var runs = result.Runs.Where(r => r.IsMain && r.Control.Length == 0);
        foreach (var (initialisation, head) in runs.Select(r => (r.Initialisation, r.Head)).Distinct())
        {
            var cells = result.Sizes.Select(n => (Examples: n, Runs: result.Cell(initialisation, head, n))).Where(c => c.Runs.Count > 0);
            yield return new(
                initialisation, head,
                [.. cells.Select(c => new Cell(c.Examples, c.Runs.Min(r => r.Count), result.Mean(c.Runs, s => s.Auc).Summary))]);
        }
    }

    /// <summary>Which line is highest at which numbers of labels, and where its interval is apart from those of all other initialisations.</summary>
    private static string? Verdict(SweepResult result, IReadOnlyList<Line> lines)
    {
        var highest = new List<(string Line, string Size, bool IsApart)>();
        foreach (int? n in result.Sizes)
        {
            var cells = lines.SelectMany(l => l.Cells.Where(c => c.Examples == n && c.Auc.Mean is not null).Select(c => (Line: l, c.Auc)))
                .OrderByDescending(c => c.Auc.Mean).ToList();
            if (cells.Select(c => c.Line.Initialisation).Distinct().Count() < 2) continue;
            var (first, auc) = cells[0];
            bool isApart = cells.Where(c => c.Line.Initialisation != first.Initialisation).All(c => auc.Lower > c.Auc.Upper);
            highest.Add((first.Name, TransferFiles.Name(n), isApart));
        }
        return highest.Count == 0 ? null : string.Join('\n', highest.GroupBy(h => h.Line).Select(g =>
        {
            string[] apart = [.. g.Where(h => h.IsApart).Select(h => h.Size)];
            return $"{g.Key}: at {string.Join(", ", g.Select(h => h.Size))} labels; its interval is apart from all other initialisations' at "
                + (apart.Length == 0 ? "none of them" : string.Join(", ", apart));
        }));
    }

    private static string Name(string head) => head == HeadKind.FineTuned.Name() ? "fine-tuned" : $"{head} head";

    private sealed record Cell(int? Examples, int Count, ScoreSummary Auc);

    private sealed record Line(string Initialisation, string Head, IReadOnlyList<Cell> Cells)
    {
        internal string Name => $"{Initialisation}, {SweepPage.Name(Head)}";
    }
}
