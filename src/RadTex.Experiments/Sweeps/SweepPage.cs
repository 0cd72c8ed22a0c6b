using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Transfer;
using RadTex.Metrics;
using RadTex.Phantoms;
using RadTex.Reporting;
using RadTex.Studies;

namespace RadTex.Experiments.Sweeps;

/// <summary>A sweep as a page: whose mean AUC is the highest at each number of labels, the curves, every cell.</summary>
internal static class SweepPage
{
    /// <param name="result">What the sweep found.</param>
    /// <param name="columns">The heads of <paramref name="cells"/>.</param>
    /// <param name="cells">Every cell as a row of texts.</param>
    internal static HtmlReport Make(SweepResult result, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> cells)
    {
        var (name, tasks) = (result.Protocol.Name, result.Protocol.Tasks.Select(t => t.Name));
        var page = new HtmlReport(
            $"Sweep: {(name == Protocol.OwnLabels ? string.Join(", ", tasks) : name)}",
            "Initialisations compared over numbers of labels and independent draws of them.");
        if (result.Synthetic)
            page.Note(
                "The radiographs are synthetic: drawn, not taken of patients. Figures show that the method works, not how well it does on patients.");
        foreach (var warning in result.Warnings) page.Note(warning);
        var lines = Lines(result).ToList();
        if (Verdict(result, lines) is { } verdict)
            page.Verdict(
                verdict, $"Whose mean AUC {(lines.Any(l => l.Cells.Any(c => c.Within.Mean is not null)) ? "within views " : "")}is the "
                    + "highest? (No test was made: where intervals overlap, the order may be chance.)");
        page.Paragraph(
            "AUC: the chance that a radiograph with the finding is scored above one without; 0.5 is guessing. "
            + "Within views: the AUC among the radiographs of a view, such as AP, averaged over the views that have "
            + $"{ViewAuc.FewestOfAClass} with the finding and {ViewAuc.FewestOfAClass} without: "
            + "sicker patients are radiographed lying, and a score that tells nothing but the view is above 0.5 over all "
            + "radiographs, and 0.5 within views. The order at the top is by the AUC within views where there is one. "
            + "Each cell is a mean over labels and trials; in brackets the 95% interval over trials and test patients. "
            + "\"n/a\" comes with its reason and is never counted as 0.");
        Curves(page, result, lines);
        page.Heading("Every cell").Table(new(columns, cells), "Further batches, controls, average precision and F1.");
        page.Heading("What was run").Paragraph(string.Join('\n', result.Protocol.Lines()));
        page.Paragraph("Test pictures were compared with those that labels are drawn from: equal ones are refused, near copies are told at the top.");
        var missing = result.Initialisations.Where(i => i.Missing is not null).Select(i => $"{i.Name}: not run, {i.Missing}").ToList();
        missing.AddRange(SweepFiles.WithoutViews(result));
        if (missing.Count > 0) page.List(missing);
        return page;
    }

    private static void Curves(HtmlReport page, SweepResult result, IReadOnlyList<Line> lines)
    {
        void Figure(string heading, string what, Func<Cell, ScoreSummary> figure)
        {
            ChartPoint Point(Cell cell) => new(cell.Count, figure(cell).Mean ?? double.NaN, figure(cell).Lower, figure(cell).Upper);
            ChartSeries[] series = [.. lines.Select(l => new ChartSeries(
                l.Initialisation, [.. l.Cells.Where(c => figure(c).Mean is not null).Select(Point)], IsDashed: l.Head == HeadKind.Logistic.Name(),
                Group: Name(l.Head)))];
            page.Heading(heading);
            page.Chart(
                new("labelled radiographs", what, series, IsLogX: true, YMin: 0.4, YMax: 1, Reference: 0.5, IsShare: true),
                "With 95% intervals over trials.");
            IReadOnlyList<string> Row(Line line) =>
                [line.Name, .. result.Sizes.Select(n => line.Cells.FirstOrDefault(c => c.Examples == n) is { } cell ? figure(cell).ToString() : "–")];
            page.Table(
                new(["", .. result.Sizes.Select(n => $"{TransferFiles.Name(n)} labels")], [.. lines.Select(Row)]),
                $"{char.ToUpperInvariant(what[0])}{what[1..]} [95% interval]; – was not run.");
        }
        if (lines.Any(l => l.Cells.Any(c => c.Within.Mean is not null)))
            Figure("By number of labels, within views", "mean AUC within views", c => c.Within);
        Figure("By number of labels, over all radiographs", "mean AUC over all radiographs", c => c.Auc);
    }

    private static IEnumerable<Line> Lines(SweepResult result)
    {
        var runs = result.Runs.Where(r => r.IsMain && r.Control.Length == 0);
        foreach (var (initialisation, head) in runs.Select(r => (r.Initialisation, r.Head)).Distinct())
        {
            var cells = result.Sizes.Select(n => (Examples: n, Runs: result.Cell(initialisation, head, n))).Where(c => c.Runs.Count > 0);
            yield return new(
                initialisation, head,
                [.. cells.Select(
                    c => new Cell(c.Examples, c.Runs.Min(r => r.Count), result.Auc(c.Runs).Summary, result.WithinViews(c.Runs).Summary))]);
        }
    }

    /// <summary>
    /// Which line is highest at which numbers of labels, by AUC within views where there is one, and where its interval is apart from those of all
    /// other initialisations.
    /// </summary>
    private static string? Verdict(SweepResult result, IReadOnlyList<Line> lines)
    {
        var highest = new List<(string Line, string Size, string Figures, bool IsApart)>();
        foreach (int? n in result.Sizes)
        {
            var all = lines.SelectMany(l => l.Cells.Where(c => c.Examples == n).Select(c => (Line: l, Cell: c))).ToList();
            bool within = all.Any(c => c.Cell.Within.Mean is not null);
            ScoreSummary Figure(Cell cell) => within ? cell.Within : cell.Auc;
            var cells = all.Where(c => Figure(c.Cell).Mean is not null).OrderByDescending(c => Figure(c.Cell).Mean).ToList();
            if (cells.Select(c => c.Line.Initialisation).Distinct().Count() < 2) continue;
            var (first, cell) = cells[0];
            bool isApart = cells.Where(c => c.Line.Initialisation != first.Initialisation).All(c => Figure(cell).Lower > Figure(c.Cell).Upper);
            highest.Add(
                (first.Name, TransferFiles.Name(n), within
                    ? $"{cell.Within.Mean:F3} within views, {cell.Auc.Mean:F3} over all"
                    : $"{cell.Auc.Mean:F3} over all radiographs, n/a within views", isApart));
        }
        return highest.Count == 0 ? null : string.Join('\n', highest.GroupBy(h => h.Line).Select(g =>
        {
            string[] apart = [.. g.Where(h => h.IsApart).Select(h => h.Size)];
            return $"{g.Key}: at {string.Join(", ", g.Select(h => $"{h.Size} labels ({h.Figures})"))}; its interval is apart from "
                + "all other initialisations' at "
                + (apart.Length == 0 ? "none of them" : string.Join(", ", apart));
        }));
    }

    private static string Name(string head) => head == HeadKind.FineTuned.Name() ? "fine-tuned" : $"{head} head";

    private sealed record Cell(int? Examples, int Count, ScoreSummary Auc, ScoreSummary Within);

    private sealed record Line(string Initialisation, string Head, IReadOnlyList<Cell> Cells)
    {
        internal string Name => $"{Initialisation}, {SweepPage.Name(Head)}";
    }
}
