using RadTex.Experiments.Sweeps;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Transfer;
using RadTex.Phantoms;
using RadTex.Reporting;
using RadTex.Studies;

namespace RadTex.Experiments.Reproduction;

/// <summary>The page of a reproduction: tables and figures as the paper's, the statistics behind them, a verdict on each claim first.</summary>
internal static class ReproductionPage
{
    internal static HtmlReport Make(ReproductionResult result, PaperTables tables)
    {
        var page = new HtmlReport(
            $"RadTex: {result.Configuration.Name}",
            result.Configuration.Initialisations.Any(i => i.Role is RowRole.Objective or RowRole.Encoder)
                ? "One recipe for all: the same data, updates or time, heads and candidates; what differs is what is compared."
                : "The experiments of Quigley et al., RadTex: Learning Efficient Radiograph Representations from Text Reports, run again.");
        if (result.Synthetic && !result.Sweeps.All(s => s.Synthetic))
            page.Note(
                "Some of the radiographs are synthetic: encoders learnt from drawn pictures and written reports, no patient, "
                    + "and are tested on real radiographs where the table says so.");
        else if (result.Synthetic)
            page.Note(
                "The radiographs are synthetic: drawn pictures, written reports, no patient. The figures show that the method "
                    + "and these statistics work, not how well either does on patients.");
        foreach (var verdict in result.Figures.Verdicts)
            page.Verdict($"{verdict.Verdict}{(result.Sweeps.All(s => s.Synthetic) ? " (on synthetic radiographs)" : "")}", verdict.Claim);
        Losses(page, result);
        page.Paragraph(
            "AUC: the chance that a radiograph with the finding is scored above one without; 0.5 is guessing. Each cell is "
                + "a mean over labels and trials, trial i pairing the i-th pretraining with the i-th draw. In brackets the 95% "
                + "interval over trials. Where the test radiographs' views differ, comparisons are of the AUC among radiographs "
                + "of one view, since a view alone tells something of most findings; the AUC over all views stands beside it. "
                + "\"n/a\" comes with its reason and is never counted as 0.");
        Claims(page, result);
        foreach (var (sweep, figures) in result.Sweeps.Zip(result.Figures.Protocols)) Protocol(page, result, sweep, figures, tables);
        Cost(page, result);
        return page;
    }

    private static void Protocol(HtmlReport page, ReproductionResult result, SweepResult sweep, ProtocolFigures figures, PaperTables tables)
    {
        page.Heading(sweep.Protocol.Name);
        page.Paragraph(string.Join('\n', sweep.Protocol.Lines()));
        foreach (var warning in sweep.Warnings) page.Note(warning);
        page.Subheading("By number of labels");
        Table(page, tables.Table1(sweep, figures));
        if (figures.ViewsNote is { } note) page.Note(note);
        if (figures.WithinViews.Count > 0) Table(page, PaperTables.WithinViews(sweep, figures));
        if (figures.Pretrainings.Count > 0) Table(page, PaperTables.Pretrainings(figures));
        var charts = ReproductionFiles.Charts(sweep, figures).ToLookup(c => c.Name.StartsWith("figure3", StringComparison.Ordinal), c => c.Chart);
        foreach (var chart in charts[false])
            page.Chart(
                chart,
                "Figure 2: the curves over labels, with 95% intervals over trials. Intervals may go on beyond the axis; Table 1 has them whole.");
        if (figures.Parts.Count > 0)
        {
            page.Subheading("By size of the pretraining set");
            foreach (var chart in charts[true]) page.Chart(chart, "Figure 3: AUC by size of the pretraining set, with 95% intervals over trials.");
            Table(page, PaperTables.Figure3(sweep, figures));
        }
        if (ReproductionFiles.VerdictsOf(result, figures.Protocol).Any(v => v.Comparisons.Count > 0))
        {
            page.Subheading("What the verdicts rest on");
            Table(page, PaperTables.Claims(figures.Protocol, ReproductionFiles.VerdictsOf(result, figures.Protocol)));
        }
        if (figures.Comparisons.Count > 0)
        {
            page.Subheading("Comparisons");
            Table(page, PaperTables.Comparisons(figures));
        }
        Batches(page, figures);
        Controls(page, figures);
        if (figures.Forecasts.Count > 0)
        {
            page.Subheading("Forecast");
            Table(page, PaperTables.Forecast(figures));
            if (figures.Forecasts.Any(f => f.LeftOut.Count > 0)) Table(page, PaperTables.ForecastCheck(figures));
        }
        if (figures.Calibration.Count > 0)
        {
            page.Subheading("Calibration");
            Table(page, PaperTables.Calibration(figures));
            var shown = figures.Calibration.GroupBy(c => c.Task).Select(g => g.Last()).ToList();
            page.Chart(new(
                "mean probability", "part that is positive",
                [new("perfect", [new(0, 0), new(1, 1)], IsDashed: true, HasMarkers: false), .. shown
                    .Select(c =>
                        new ChartSeries(
                            c.Task,
                            [
                                .. c.Reliability.Select(
                                    b => new ChartPoint(b.MeanProbability, b.PositiveRate.Estimate, b.PositiveRate.Lower, b.PositiveRate.Upper))]))],
                YMin: 0, YMax: 1, IsShare: true),
                $"Reliability before calibration, {TransferFiles.Name(shown[0].Examples)} labels; with Wilson's 95% intervals.");
        }
        if (figures.Subgroups.Count > 0)
        {
            page.Subheading("Subgroups");
            Table(page, PaperTables.Subgroups(figures));
        }
        page.Subheading("Every cell");
        Table(page, PaperTables.Cells(figures));
    }

    private static void Batches(HtmlReport page, ProtocolFigures figures)
    {
        // The paper does not state the downstream batch: what it does to the paper's head is shown.
        bool isFirst = true;
        foreach (
            var row in figures.Cells.Where(c => c.Head == HeadKind.Paper.Name() && c.Control.Length == 0).GroupBy(c => c.Initialisation)
                .Where(g => g.Select(c => c.Batch).Distinct().Count() > 1))
        {
            if (isFirst) page.Subheading("Batches");
            isFirst = false;
            Table(page, new(
                $"{row.Key}: the paper's head by batch, which the paper does not state for downstream training. Mean AUC [95% "
                    + "interval over trials and test patients].",
                ["batch", .. row.Select(c => c.Examples).Distinct().Select(n => $"{TransferFiles.Name(n)} labels")],
                [.. row.GroupBy(c => c.Batch).OrderBy(g => g.Key)
                    .Select(
                        g => (IReadOnlyList<string>)[$"{g.Key}",
                        .. row.Select(c => c.Examples).Distinct().Select(n => g.FirstOrDefault(c => c.Examples == n)?.Auc.ToString() ?? "–")])]));
        }
    }

    private static void Controls(HtmlReport page, ProtocolFigures figures)
    {
        var controls = figures.Cells.Where(c => c.Control.Length > 0).ToList();
        if (controls.Count == 0) return;
        page.Subheading("Controls");
        Table(page, new(
            "Negative controls, our head. Shuffled labels must give about 0.5; the view as a label shows what else the "
                + "features tell, and a finding that goes with the view may be read from it.",
            ["initialisation", "control", "labels", "AUC [95% interval over trials and test patients]"],
            [.. controls.Select(c => (IReadOnlyList<string>)[c.Initialisation, c.Control, TransferFiles.Name(c.Examples), $"{c.Auc}"])]));
    }

    private static void Cost(HtmlReport page, ReproductionResult result)
    {
        page.Heading("What it cost");
        page.Table(
            new(["stage", "seconds"], [.. result.Times.Select(t => (IReadOnlyList<string>)[t.Stage, $"{t.Seconds:N1}"])]),
            "Wall clock of this call; what an earlier call had finished takes next to nothing.");
        var passes = result.Sweeps.SelectMany(s => s.Passes).ToList();
        if (passes.Count > 0)
            page.Table(
                new(
                    ["frozen encoder", "distinct labelled radiographs", "views", "bound", "through the encoder now", "one by one"],
                    [.. passes.Select(p => (IReadOnlyList<string>)[
                    $"{p.Initialisation}", $"{p.Distinct:N0}", $"{p.Views}", $"{p.Bound:N0}", p.Passed == 0 ? "0 (on the disk)" : $"{p.Passed:N0}",
                    $"{p.OneByOne:N0}"])]),
                "An encoder passes once over every radiograph that any label, size or trial needs. Bound: distinct drawn "
                    + "radiographs times views, tested ones once; one by one: what the cells would take each on its own.");
        page.Paragraph(
            $"{result.Environment.Software}, {result.Environment.Torch}, {result.Environment.Processor}, "
                + $"{result.Environment.Processors} processors, seed {result.Configuration.Seed}. Every run with the hash of all "
                + $"its figures follow from: {ReproductionLayout.ResultsName}.");
    }

    private static void Claims(HtmlReport page, ReproductionResult result)
    {
        var shown = result.Figures.Verdicts.Where(v => v.Figures.Count > 0).ToList();
        if (shown.Count == 0) return;
        page.Heading("The figures behind the verdicts");
        foreach (var verdict in shown) page.Subheading(verdict.Claim.Split(':')[0]).Paragraph(verdict.Claim).List(verdict.Figures);
    }

    /// <summary>
    /// Where RadTex is behind, before anything else: what was declared, and what lies wholly below 0 among what is described. A smaller part of the
    /// pretraining set that is behind the whole is no loss of RadTex's: claim C tells it.
    /// </summary>
    private static void Losses(HtmlReport page, ReproductionResult result)
    {
        bool IsPart(ClaimComparison c) =>
            InitialisationSettings.Named(result.Configuration.Initialisations, c.First.Initialisation).Role == RowRole.Part;
        // Of what a claim tested: whether it was declared. What was declared is told once.
        var tested = result.Figures.Verdicts.SelectMany(v => v.Comparisons.Select(c => (Key: (v.Protocol, $"{c.First}", $"{c.Second}"), c.IsBelow)))
            .ToLookup(c => c.Key, c => c.IsBelow);
        var declared = result.Figures.Verdicts.SelectMany(v => v.Comparisons.Where(c => c.IsBelow && !IsPart(c)).Select(c =>
            $"{v.Claim.Split(':')[0]}: {c.Line()}")).ToList();
        var described = result.Figures.Protocols.SelectMany(p => p.Comparisons
            .Where(c => c.Comparison is { Difference.Upper: < 0 })
            .Select(c => (Comparison: c, Declared: tested[(p.Protocol, $"{c.First}, {Labels(c)}", $"{c.Second}, {Labels(c)}")]))
            .Where(c => !c.Declared.Contains(true))
            .Select(c =>
                $"{p.Protocol}: {c.Comparison.First} against {c.Comparison.Second}, {Labels(c.Comparison)}: "
                    + $"{ClaimComparison.Signed(c.Comparison.Comparison!.Value.Difference)} {ClaimComparison.Name(c.Comparison.Figure)} "
                    + (c.Declared.Any() ? "(tested for its claim, not declared after correction)" : "(described, not tested)"))).ToList();
        if (declared.Count + described.Count == 0) return;
        page.Heading("Where RadTex is behind").List([.. declared, .. described]);
        static string Labels(ComparisonFigure c) => $"{TransferFiles.Name(c.Examples)} labels";
    }

    private static void Table(HtmlReport page, TextTable table) => page.Table(table.ToHtml(), table.Caption);
}
