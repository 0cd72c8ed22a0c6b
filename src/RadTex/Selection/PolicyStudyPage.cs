using System.Globalization;
using RadTex.Metrics.Intervals;
using RadTex.Reporting;

namespace RadTex.Selection;

/// <summary>A comparison of policies as a page: what to use, what each gains over random and where it loses, the curves.</summary>
public static class PolicyStudyPage
{
    /// <summary>The page of a comparison of policies.</summary>
    /// <param name="finished">All replays.</param>
    /// <param name="cases">What they were of.</param>
    /// <param name="encoder">In words.</param>
    /// <param name="synthetic">Whether the radiographs are drawn.</param>
    public static HtmlReport Make(IReadOnlyList<PolicyStudy.Finished> finished, IReadOnlyList<PolicyCase> cases, string encoder, bool synthetic)
    {
        var rows = PolicyStudy.Rows(finished);
        int seeds = finished.Select(f => f.Result.Seed).Distinct().Count();
        int[] sizes = [.. finished[0].Result.Points.Select(p => p.Labels)];
        var page = new HtmlReport("Which radiographs to label next", $"Policies replayed with labels that are known, on the features of {encoder}.");
        if (synthetic) page.Note("The radiographs are synthetic: drawn, not taken of patients. What gains here need not gain on patients.");
        page.Verdict(Verdict(rows, cases.Count), "Which policy is worth using in place of random order?");
        page.Paragraph(
            $"Area: the mean AUC on test radiographs from {sizes[0]} to {sizes[^1]} labels. One pick in five comes from the "
                + "reserve, a random sample of patients, whatever the policy. "
            + $"Gain: the difference from random order, replay by replay with the same reserve, over {seeds} replays of each "
            + "finding; in brackets the 95% interval. "
            + "Declared: p < 0.05 after Holm's correction over the policies of the same line.");
        foreach (var of in rows.Select(r => r.Case).Distinct().OrderBy(c => c != PolicyStudy.AllCases))
        {
            page.Heading(of == PolicyStudy.AllCases ? "Over all findings" : $"{of}{Prevalence(cases, of)}");
            if (of != PolicyStudy.AllCases) page.Chart(Chart(finished, of), "Mean AUC over replays, with 95% intervals over them.");
            // Losses first.
            page.Table(new(["policy", "area", "gain over random [95%]", "corrected p", "declared"],
                [.. rows.Where(r => r.Case == of).OrderBy(r => r.Gain?.Difference.Estimate ?? 0).Select(Cells)]));
        }
        page.Heading("The policies").Table(
            new(
                ["policy", "source"],
                [.. SelectionPolicies.All.Where(p => rows.Any(r => r.Policy == p.Name)).Select(p => (string[])[p.Name, p.Source])], IsText: true));
        page.Paragraph(
            "A finding's interval is over replays: it speaks of this pool and these test radiographs. The one over all "
                + "findings is over findings, each counting once.");
        return page;
    }

    /// <summary>The answer in a sentence.</summary>
    public static string Verdict(IReadOnlyList<PolicyRow> rows, int cases)
    {
        var chosen = PolicyStudy.Default(rows);
        if (chosen != PolicyStudy.Random)
        {
            var gain = rows.First(r => r.Policy == chosen && r.Case == PolicyStudy.AllCases).Gain!.Value.Difference;
            return $"{chosen}: {Signed(gain.Estimate)} [{Signed(gain.Lower)}, {Signed(gain.Upper)}] mean AUC over {cases} "
                + "findings, with no declared loss on any";
        }
        return cases < 2
            ? "None is shown by one finding: random order with the reserve"
            : "None is shown to be better: random order with the reserve";
    }

    /// <summary>A row of the table.</summary>
    public static IReadOnlyList<string> Cells(PolicyRow row) =>
    [
        row.Policy, row.Area.ToString("F3", CultureInfo.InvariantCulture),
        row.Gain is { Difference: var d }
            ? $"{Signed(d.Estimate)} [{Signed(d.Lower)}, {Signed(d.Upper)}]"
            : row.Policy == PolicyStudy.Random
            ? "–"
            : "n/a: fewer than 3 pairs",
        row.CorrectedP is { } p ? p.ToString(p < 0.001 ? "0.0e+0" : "F3", CultureInfo.InvariantCulture) : "",
        row.Gain is not { Difference.Estimate: var estimate } ? "" : !row.IsDeclared ? "no" : estimate > 0 ? "better" : "worse",
    ];

    // Two frames, random order in both: policies that ask the head, and those that look at pictures alone.
    private static LineChart Chart(IReadOnlyList<PolicyStudy.Finished> finished, string of)
    {
        var curves = finished.Where(f => f.Case == of).GroupBy(f => f.Result.Policy).ToArray();
        return new(
            "labelled radiographs", "mean AUC",
            [.. new[] { false, true }.SelectMany(usesHead => curves
                .Where(c => c.Key == PolicyStudy.Random || SelectionPolicies.Of(c.Key).UsesHead == usesHead).Select(c => Series(c, usesHead)))],
            YMin: 0.5, Reference: 0.5, IsShare: true);
    }

    private static ChartSeries Series(IGrouping<string, PolicyStudy.Finished> curve, bool usesHead) => new(
        curve.Key,
        [.. curve.SelectMany(f => f.Result.Points).GroupBy(p => p.Labels).OrderBy(p => p.Key).Select(p =>
        {
            double[] aucs = [.. p.Select(point => point.Auc)];
            var interval = TrialMean.Of(aucs, 0);
            return new ChartPoint(p.Key, aucs.Average(), interval?.Lower, interval?.Upper);
        })],
        IsDashed: curve.Key == PolicyStudy.Random, Group: usesHead ? "asking the head" : "looking at pictures alone");

    private static string Prevalence(IReadOnlyList<PolicyCase> cases, string of) =>
        cases.FirstOrDefault(c => c.Name == of) is { } found ? $", {found.Prevalence.ToString("0%", CultureInfo.InvariantCulture)} of the pool" : "";

    private static string Signed(double value) => value.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);
}
