using RadTex.Reporting;
using RadTex.Transfer;

namespace RadTex.Experiments;

/// <summary>A sweep as a page: which initialisation came out on top at each number of labels, the curves, every cell.</summary>
internal static class SweepPage
{
    internal static HtmlReport Make(SweepResult result, IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> cells)
    {
        var page = new HtmlReport($"Sweep: {result.Protocol.Name}", "Initialisations compared over numbers of labels and independent draws of them.");
        if (result.Synthetic) page.Note("The radiographs are synthetic: drawn, not taken of patients. The figures show that the method works, not how well it does on patients.");
        var lines = Lines(result).ToList();
        if (Verdict(result, lines) is { } verdict) page.Verdict(verdict, "Whose mean AUC is the highest? (No test was made: where intervals overlap, the order may be chance.)");
        page.Paragraph("AUC: the chance that a radiograph with the finding is scored above one without; 0.5 is guessing. Each cell is a mean over labels and trials; in brackets the 95% interval over trials (Student's t). \"n/a\" comes with its reason and is never counted as 0.");
        page.Heading("By number of labels");
        ChartSeries[] series = [.. lines.Select(l => new ChartSeries(
            l.Initialisation, [.. l.Cells.Where(c => c.Auc.Mean is not null).Select(c => new ChartPoint(c.Count, c.Auc.Mean!.Value, c.Auc.Lower, c.Auc.Upper))], l.Head == HeadKind.Logistic.Name(), Group: Name(l.Head)))];
        page.Chart(new("labelled radiographs", "mean AUC", series, IsLogX: true, YMin: 0.4, YMax: 1, Reference: 0.5, IsShare: true), "With 95% intervals over trials.");
        page.Table(
            new(["", .. result.Sizes.Select(n => $"{TransferFiles.Name(n)} labels")],
                [.. lines.Select(l => (IReadOnlyList<string>)[$"{l.Initialisation}, {Name(l.Head)}", .. result.Sizes.Select(n => l.Cells.FirstOrDefault(c => c.Examples == n).Auc?.ToString() ?? "–")])]),
            "Mean AUC [95% interval]; – was not run.");
        page.Heading("Every cell").Table(new(header, cells), "Further batches, controls, average precision and F1.");
        page.Heading("What was run").Paragraph(string.Join('\n', result.Protocol.Lines()));
        var missing = result.Initialisations.Where(i => i.Missing is not null).Select(i => $"{i.Name}: not run, {i.Missing}").ToList();
        if (missing.Count > 0) page.List(missing);
        return page;
    }

    private static IEnumerable<(string Initialisation, string Head, IReadOnlyList<(int? Examples, int Count, ScoreSummary Auc)> Cells)> Lines(SweepResult result)
    {
        foreach (var (initialisation, head) in result.Runs.Where(r => r.IsMain && r.Control.Length == 0).Select(r => (r.Initialisation, r.Head)).Distinct())
        {
            var cells = result.Sizes.Select(n => (n, Runs: result.Cell(initialisation, head, n))).Where(c => c.Runs.Count > 0);
            yield return (initialisation, head, [.. cells.Select(c => (c.n, c.Runs.Min(r => r.Count), result.Mean(c.Runs, s => s.Auc).Summary))]);
        }
    }

    /// <summary>Which line is highest at which numbers of labels, and where its interval is apart from those of all other initialisations.</summary>
    private static string? Verdict(SweepResult result, IReadOnlyList<(string Initialisation, string Head, IReadOnlyList<(int? Examples, int Count, ScoreSummary Auc)> Cells)> lines)
    {
        var highest = new List<(string Line, string Size, bool IsApart)>();
        foreach (int? n in result.Sizes)
        {
            var cells = lines.SelectMany(l => l.Cells.Where(c => c.Examples == n && c.Auc.Mean is not null).Select(c => (l.Initialisation, l.Head, c.Auc))).OrderByDescending(c => c.Auc.Mean).ToList();
            if (cells.Select(c => c.Initialisation).Distinct().Count() < 2) continue;
            var first = cells[0];
            highest.Add(($"{first.Initialisation} ({Name(first.Head)})", TransferFiles.Name(n), cells.Where(c => c.Initialisation != first.Initialisation).All(c => first.Auc.Lower > c.Auc.Upper)));
        }
        return highest.Count == 0 ? null : string.Join('\n', highest.GroupBy(h => h.Line).Select(g =>
        {
            string[] apart = [.. g.Where(h => h.IsApart).Select(h => h.Size)];
            return $"{g.Key}: at {string.Join(", ", g.Select(h => h.Size))} labels; its interval is apart from all other initialisations' at {(apart.Length == 0 ? "none of them" : string.Join(", ", apart))}";
        }));
    }

    private static string Name(string head) => head == HeadKind.FineTuned.Name() ? "fine-tuned" : $"{head} head";
}
