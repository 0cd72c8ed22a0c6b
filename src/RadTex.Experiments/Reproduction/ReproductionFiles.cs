using System.Text.Json;
using System.Text.Json.Serialization;
using RadTex.Experiments.Sweeps;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Phantoms;
using RadTex.Reporting;
using RadTex.Studies;

namespace RadTex.Experiments.Reproduction;

/// <summary>What a reproduction leaves: results.parquet, results.json, tables (Markdown, LaTeX, CSV), figures (SVG, PNG) and report.html.</summary>
public static class ReproductionFiles
{
    private static readonly JsonSerializerOptions Format = new()
    {
        AllowDuplicateProperties = false,
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IncludeFields = true,
    };

    internal static void Write(ReproductionLayout layout, ReproductionResult result)
    {
        var folder = layout.Folder;
        ResultsTable.Write(layout.Results, [.. result.Sweeps.SelectMany(s => s.Runs)]);
        var tables = new PaperTables(result);
        var notes = new List<string>();
        foreach (var (sweep, figures) in result.Sweeps.Zip(result.Figures.Protocols))
        {
            var slug = SweepLayout.Slug(sweep.Protocol.Name);
            var main = tables.Table1(sweep, figures);
            main.Save(
                folder, sweep.Protocol.IsGraded ? $"{slug}" : result.Sweeps.Count(s => !s.Protocol.IsGraded) == 1 ? "table1" : $"table1-{slug}");
            if (figures.WithinViews.Count > 0) PaperTables.WithinViews(sweep, figures).Save(folder, $"within-views-{slug}");
            PaperTables.Cells(figures).Save(folder, $"cells-{slug}");
            PaperTables.Comparisons(figures).Save(folder, $"comparisons-{slug}");
            PaperTables.Claims(sweep.Protocol.Name, VerdictsOf(result, sweep.Protocol.Name)).Save(folder, $"claims-{slug}");
            if (figures.Pretrainings.Count > 0) PaperTables.Pretrainings(figures).Save(folder, $"pretrainings-{slug}");
            if (figures.Singles.Count > 0) PaperTables.Singles(figures).Save(folder, $"singles-{slug}");
            if (figures.Parts.Count > 0) PaperTables.Figure3(sweep, figures).Save(folder, $"figure3-{slug}");
            foreach (var (name, chart) in Charts(sweep, figures))
                if (ChartFile.Save(chart, Path.Combine(folder, $"{name}-{slug}")) is { } reason) notes.Add(reason);
        }
        AtomicFile.WriteAllText(layout.Figures, JsonSerializer.Serialize(
            new
            {
                result.Configuration.Name,
                result.Synthetic,
                result.Figures,
                Passes = result.Sweeps.SelectMany(s => s.Passes),
                result.Times,
                result.Environment,
                Notes = notes.Distinct()
            }, Format) + "\n");
        ReproductionPage.Make(result, tables).Save(layout.Report);
    }

    /// <summary>The verdicts under a protocol.</summary>
    internal static IEnumerable<ClaimVerdict> VerdictsOf(ReproductionResult result, string protocol) =>
        result.Figures.Verdicts.Where(v => v.Protocol == protocol);

    /// <summary>The figures of a protocol by file name.</summary>
    internal static IEnumerable<(string Name, LineChart Chart)> Charts(SweepResult sweep, ProtocolFigures figures)
    {
        var lines = Lines(sweep, figures, c => c.Auc).ToArray();
        if (lines.Length > 0)
            yield return ("figure2", new("labelled radiographs", "mean AUC", lines, IsLogX: true, YMin: 0.4, YMax: 1, Reference: 0.5, IsShare: true));
        if (sweep.Protocol.IsGraded)
        {
            var f1 = Lines(sweep, figures, c => c.F1).ToArray();
            if (f1.Length > 0) yield return ("figure2-f1", new("labelled radiographs", "macro F1", f1, IsLogX: true, IsShare: true));
        }
        // The whole set's point ends both series.
        var series = figures.Parts.Where(p => p.Part < 1).Select(p => p.Series).Distinct().ToList();
        var parts = series.SelectMany(s => figures.Parts.Where(p => p.Part == 1 || p.Series == s).GroupBy(p => (p.Head, p.Examples))
            .OrderBy(g => g.Key.Head, StringComparer.Ordinal).ThenByDescending(g => g.Key.Examples)
            .Select(g => new ChartSeries(
                $"{g.Key.Examples:N0} labels", [.. g.OrderBy(p => p.Radiographs).Select(p => Point(p.Radiographs, p.Auc))],
                    g.Key.Head != HeadKind.Paper.Name(), Group: $"{g.Key.Head} head, {s}"))).ToArray();
        if (parts.Length > 0)
            yield return (
                "figure3", new("radiographs pretrained on", "mean AUC", parts, IsLogX: true, YMin: 0.4, YMax: 1, Reference: 0.5, IsShare: true));
    }

    private static IEnumerable<ChartSeries> Lines(SweepResult sweep, ProtocolFigures figures, Func<CellFigure, ScoreSummary> figure)
    {
        foreach (var initialisation in sweep.Initialisations.Where(i => i.Part is null or 1))
            foreach (var head in initialisation.FineTunes ? [HeadKind.FineTuned.Name()] : new[] { HeadKind.Paper.Name(), HeadKind.Logistic.Name() })
            {
                ChartPoint[] points = [.. sweep.Sizes.Select(n => figures.Cell(initialisation.Name, head, n)).OfType<CellFigure>()
                    .Where(c => figure(c).Mean is not null).Select(c => Point(c.Count, figure(c)))];
                if (points.Length > 0)
                    yield return new(
                        initialisation.Name, points, head == HeadKind.Logistic.Name(),
                        Group: initialisation.FineTunes ? "fine-tuned" : head == HeadKind.Paper.Name() ? "paper's head" : "our head");
            }
    }

    private static ChartPoint Point(double x, ScoreSummary y) => new(x, y.Mean ?? double.NaN, y.Lower, y.Upper);
}
