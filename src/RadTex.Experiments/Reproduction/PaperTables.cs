using RadTex.Experiments.Sweeps;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Transfer;
using RadTex.Metrics.Intervals;
using RadTex.Phantoms;
using RadTex.Studies;

namespace RadTex.Experiments.Reproduction;

/// <summary>The tables of a reproduction, laid out as the paper's with its numbers alongside.</summary>
internal sealed class PaperTables(ReproductionResult result)
{
    /// <summary>
    /// Table 1: a row an initialisation, for each number of labels AUC and AUCPR as the paper trains it, and AUC with our logistic head; under each
    /// the paper's own row.
    /// </summary>
    internal TextTable Table1(SweepResult sweep, ProtocolFigures figures)
    {
        int?[] columns = [.. sweep.Sizes.Reverse()];
        var rows = new List<IReadOnlyList<string>>();
        bool trains = sweep.Protocol.IsGraded;
        foreach (var start in sweep.Initialisations)
        {
            var settings = Row(start.Name);
            if (settings.Role == RowRole.Part) continue;
            var cells = new List<string> { start.Name };
            foreach (int? n in columns)
            {
                var paper = figures.Cell(start.Name, sweep.PaperWay(start.Name, n), n);
                var own = start.FineTunes ? null : figures.Cell(start.Name, HeadKind.Logistic.Name(), n);
                cells.AddRange(
                    [Show(paper, c => c.Auc), Show(paper, c => trains ? c.F1 : c.AveragePrecision), start.FineTunes ? "" : Show(own, c => c.Auc)]);
            }
            rows.Add(cells);
            if (trains || settings.PaperRow is not { } name) continue;
            var published = PaperFigures.Rows[name];
            rows.Add(
                [$"{start.Name}, the paper", .. columns.SelectMany(
                    n => published.FirstOrDefault(p => p.Examples == n) is { } p
                        ? new[] { $"{p.Auc:F3}", $"{p.AveragePrecision:F3}", "" }
                        : ["", "", ""])]);
        }
        string second = trains ? "macro F1" : "AUCPR";
        var paperNote = trains || result.Configuration.Initialisations.All(i => i.PaperRow is null)
            ? ""
            : " The paper's rows are of MIMIC-CXR's Pathology9 and five trials.";
        string origin = sweep.Synthetic ? " Synthetic radiographs."
            : result.Synthetic ? " Real radiographs; encoders pretrained here may have learnt from synthetic ones." : "";
        return new(
            $"{(trains ? "Averages" : "Table 1: average AUC/AUCPR")} for {sweep.Protocol.Name} with varying numbers of "
                + "labelled radiographs [95% interval: of AUC over trials and test patients, of AUCPR over "
                + $"trials].{origin}{paperNote}",
            ["", .. columns.SelectMany(n => new[] { $"{Name(n)}: AUC", second, "AUC, our head" })], rows)
        {
            Groups = [.. columns.Select(n => (n is null ? "100%" : $"{n:N0} examples", (IReadOnlyList<string>)["AUC", second, "AUC, our head"]))],
        };
    }

    /// <summary>The AUC among radiographs of one view, beside Table 1's over all: what the view alone tells is in the second only.</summary>
    internal static TextTable WithinViews(SweepResult sweep, ProtocolFigures figures)
    {
        int?[] columns = [.. sweep.Sizes.Reverse()];
        string Cell(string row, string head, int? n) => figures.WithinViews.FirstOrDefault(w =>
            w.Cell == new TableCell(row, head, n))?.Auc.ToString() ?? "–";
        return new(
            $"AUC within views for {sweep.Protocol.Name}: the mean over labels and views of the AUC among test radiographs "
                + "of one view [95% interval over trials and test patients]. What knows nothing but the view has 0.5 here.",
            ["", .. columns.SelectMany(n => new[] { $"{Name(n)}: AUC", "our head" })],
            [.. sweep.Initialisations.Select(i => (IReadOnlyList<string>)[i.Name, .. columns.SelectMany(n => new[]
            {
                Cell(i.Name, sweep.PaperWay(i.Name, n), n), i.FineTunes ? "" : Cell(i.Name, HeadKind.Logistic.Name(), n),
            })])])
        {
            Groups = [.. columns.Select(n => (n is null ? "100%" : $"{n:N0} examples", (IReadOnlyList<string>)["AUC", "our head"]))],
        };
    }

    /// <summary>What equal updates and equal time came to.</summary>
    internal static TextTable Pretrainings(ProtocolFigures figures) => new(
        "How long each pretraining trained, means over its repeats. Rows of equal time make as many updates as fill the time of the slowest at equal "
            + "updates, by the seconds an update that the configuration states: the planned time. The wall clock tells "
            + "whether they did here; it holds "
            + "validation, checkpoints, and whatever else ran.",
        ["", "updates", "planned time", "wall clock", "seconds an update, planned", "as it was"],
        [.. figures.Pretrainings.Select(p => (IReadOnlyList<string>)[
            p.Initialisation, $"{p.Updates:N0}", $"{p.PlannedSeconds:N0} s", $"{p.Seconds:N0} s", $"{p.PlannedSeconds / p.Updates:F3}",
            $"{p.Seconds / p.Updates:F3}"])]);

    /// <summary>Figure 3 as a table.</summary>
    internal static TextTable Figure3(SweepResult sweep, ProtocolFigures figures) => new(
        $"Figure 3: average {sweep.Protocol.Name} AUC by size of the pretraining set [95% interval over trials and test "
            + "patients]; the drop against the whole set is paired by draw, of the AUC within views where views differ [95% "
            + "interval over trials and patients]. Equal epochs: a smaller part makes fewer updates; equal updates: as many " + "as the whole.",
        ["series", "part of the patients", "radiographs", "updates", "head", "labels", "AUC", "against the whole"],
        [.. figures.Parts.OrderBy(p => p.Series, StringComparer.Ordinal).ThenBy(p => p.Head, StringComparer.Ordinal).ThenByDescending(p =>
            p.Examples).ThenBy(p => p.Part).Select(p => (IReadOnlyList<string>)[
            p.Part == 1 ? "both" : p.Series, $"{100 * p.Part:0.##}%", $"{p.Radiographs:N0}", $"{p.Updates:N0}", p.Head, $"{p.Examples:N0}",
                $"{p.Auc}",
            p.Drop is { } d
                ? $"{d.Difference.Estimate:+0.000;-0.000;0.000} [{d.Difference.Lower:+0.000;-0.000;0.000}, {d.Difference.Upper:+0.000;-0.000;0.000}]"
                : "–"])]);

    /// <summary>Every cell, in long form.</summary>
    internal static TextTable Cells(ProtocolFigures figures) => new(
        $"Every cell of {figures.Protocol}: means over tasks and trials [95% interval: of AUCs over trials and test "
            + "patients, of the others over trials].",
        ["initialisation", "head", "batch", "control", "labels", "trials", "redraws", "AUC", "AUC within views",
        .. figures.IsGraded ? ["AUC, one against the rest"] : Array.Empty<string>(), "AUCPR", "F1", "n/a because"],
        [.. figures.Cells.Select(c => (IReadOnlyList<string>)[
            c.Initialisation, c.Head, c.Batch == 0
                ? "–"
                : $"{c.Batch}", c.Control, TransferFiles.Name(c.Examples), $"{c.Trials}", $"{c.Redraws}", $"{c.Auc}",
            $"{c.AucWithinViews}", .. figures.IsGraded ? [$"{c.OneVsRest}"] : Array.Empty<string>(), $"{c.AveragePrecision}", $"{c.F1}",
            c.Reason ?? ""])]);

    /// <summary>The comparisons that verdicts rest on, each corrected within its own claim.</summary>
    internal static TextTable Claims(string protocol, IEnumerable<ClaimVerdict> verdicts) => new(
        $"What the verdicts under {protocol} rest on: the first's figure less the second's [95% interval over trials "
            + "and patients], what it is held against, p-value, and after Holm's correction within the claim (claim D: two "
            + "one-sided tests, uncorrected, since all pairs must pass).",
        ["claim", "first", "second", "figure", "difference", "held against", "p", "p, Holm", "over all views"],
        [.. verdicts.SelectMany(v => v.Comparisons.Select(c => (IReadOnlyList<string>)[
            v.Claim.Split(':')[0], $"{c.First}", c.Second is null ? "the best at all labels" : $"{c.Second}", ClaimComparison.Name(c.Figure),
            c.Comparison is { } x ? ClaimComparison.Signed(x.Difference) : $"n/a: {c.Reason}", $"{c.Against:+0.000;-0.000;0}",
            c.PValue is { } p ? MultipleComparisons.Text(p) : c.Comparison is null ? "n/a" : $"n/a: {c.Reason}",
            c.HolmPValue is { } h ? MultipleComparisons.Text(h) : "n/a",
            c.Pooled is { } o ? ClaimComparison.Signed(o.Difference) : "–"]))]);

    /// <summary>All other paired comparisons.</summary>
    internal static TextTable Comparisons(ProtocolFigures figures) => new(
        $"Paired comparisons under {figures.Protocol}, described, not tested: "
            + $"{ClaimComparison.Name(figures.Comparisons.Select(c => c.Figure).FirstOrDefault())} of the first less the "
            + "second's [95% interval over trials and patients, of each by itself: of many intervals some leave out 0 by "
            + "chance]. What claims rest on is tested in the table of claims.",
        ["first", "second", "labels", "difference", .. figures.Comparisons.Any(c => c.Pooled is not null) ? ["over all views"]
            : Array.Empty<string>()],
        [.. figures.Comparisons.Select(c => (IReadOnlyList<string>)[
            c.First, c.Second, TransferFiles.Name(c.Examples), c.Comparison is { } x ? ClaimComparison.Signed(x.Difference) : $"n/a: {c.Reason}",
            .. figures.Comparisons.Any(o => o.Pooled is not null) ? [c.Pooled is { } p ? ClaimComparison.Signed(p.Difference) : "–"]
                : Array.Empty<string>()])]);

    internal static TextTable Singles(ProtocolFigures figures) => new(
        $"Single classifiers under {figures.Protocol}, first trial, label by label: AUC of the first less the second's "
            + "[95% interval, DeLong: test radiographs taken as independent], and after Holm's correction over this table "
            + "alone. One draw of labels: nothing is said of ways of training.",
        ["first", "second", "label", "labels", "difference", "p", "p, Holm"],
        [.. figures.Singles.Select(c => (IReadOnlyList<string>)[
            c.First, c.Second, c.Task, TransferFiles.Name(c.Examples),
                $"{c.Comparison.Difference.Estimate:+0.000;-0.000;0.000} [{c.Comparison.Difference.Lower:+0.000;-0.000;0.000}, "
                + $"{c.Comparison.Difference.Upper:+0.000;-0.000;0.000}]",
            MultipleComparisons.Text(c.Comparison.PValue), c.HolmPValue is { } p ? MultipleComparisons.Text(p) : "n/a"])]);

    internal static TextTable Calibration(ProtocolFigures figures) => new(
        "Calibration and operating point, first trial, our head: fitted on half of the test patients, stated on the "
            + "others. ECE: expected calibration error over 15 bins.",
        ["label", "labels", "ECE", "after temperature", "after Platt", "Brier", "sensitivity", "specificity"],
        [.. figures.Calibration.Select(c => (IReadOnlyList<string>)[
            c.Task, TransferFiles.Name(c.Examples), Three(c.ErrorBefore), Three(c.ErrorTemperature), Three(c.ErrorPlatt), Three(c.Brier),
            c.Point is null ? $"n/a: {c.Refusal}" : $"{c.Point.Sensitivity}", c.Point is null ? "n/a" : $"{c.Point.Specificity}"])]);

    internal static TextTable Subgroups(ProtocolFigures figures) => new(
        "Subgroups, first trial, our head: AUC [95% bootstrap interval over patients], its difference from all others, "
            + "and the p-value after Holm's correction over this table.",
        ["label", "labels", "group", "radiographs", "positives", "AUC", "difference", "p, Holm"],
        [.. figures.Subgroups.Select(s => (IReadOnlyList<string>)[
            s.Task, TransferFiles.Name(s.Examples), s.Row.Group == Metrics.Subgroups.All ? "all" : $"{s.Kind}: {s.Row.Group}", $"{s.Row.Examples:N0}",
            $"{s.Row.Positives:N0}",
            s.Row.Auc is { } auc ? $"{auc}" : $"n/a: {s.Row.Reason ?? "one class only"}",
            s.Row.Difference is { } d ? $"{d.Difference.Estimate:+0.000;-0.000;0.000}" : "–",
            s.HolmPValue is { } p ? MultipleComparisons.Text(p) : "–"])]);

    internal static TextTable Forecast(ProtocolFigures figures) => new(
        "Label-budget forecast: AUC(N) = a - b N^-c through each curve; expected AUC at more labels [95% interval: "
            + "trials drawn anew, and the curve's misfit].",
        ["initialisation", "head", "a", "b", "c",
        .. figures.Forecasts.Count == 0 ? [] : figures.Forecasts[0].Expected.Select((_, i) => $"forecast {i + 1}")],
        [.. figures.Forecasts.Select(f => (IReadOnlyList<string>)[
            f.Initialisation, f.Head, $"{f.Law.Limit:F3}", $"{f.Law.Gain:F3}", $"{f.Law.Exponent:F2}",
            .. f.Expected.Select(e => $"{e.Examples:N0} labels: {e.Expected}")])]);

    internal static TextTable ForecastCheck(ProtocolFigures figures) => new(
        "The forecast tried out: the largest sizes left out, predicted from the smaller ones.",
        ["initialisation", "head", "known up to", "labels", "expected", "came to", "inside"],
        [.. figures.Forecasts.SelectMany(f => f.LeftOut.Select(l => (IReadOnlyList<string>)[
            f.Initialisation, f.Head, $"{l.From:N0}", $"{l.Examples:N0}", $"{l.Expected}", $"{l.Observed:F3}",
            l.Observed >= l.Expected.Lower && l.Observed <= l.Expected.Upper ? "yes" : "no"]))]);

    private static string Three(double? value) => value is { } v ? $"{v:F3}" : "n/a";

    private static string Name(int? n) => n is null ? "100%" : $"{n:N0} Ex.";

    private static string Show(CellFigure? cell, Func<CellFigure, ScoreSummary> figure) =>
        cell is null ? "–" : figure(cell).Mean is not null ? $"{figure(cell)}" : $"n/a: {cell.Reason ?? "undefined"}";

    private InitialisationSettings Row(string name) => InitialisationSettings.Named(result.Configuration.Initialisations, name);
}
