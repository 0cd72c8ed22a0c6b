using System.Globalization;
using RadTex.Metrics.Intervals;
using RadTex.Reporting;

namespace RadTex.Learning.ZeroShot;

/// <summary>What was told without labels, as a page, as tables and as the content of a JSON document.</summary>
internal static class ZeroShotPage
{
    /// <summary>The tables, each with a title.</summary>
    public static IReadOnlyList<(string Title, HtmlTable Table)> Tables(ZeroShotResult result)
    {
        var tables = new List<(string, HtmlTable)>
        {
            ("AUC without labels", new(
                ["finding", "AUC", "95% interval", "positive", "negative"],
                [.. result.Findings.Select(f => (IReadOnlyList<string>)[
                    f.Finding, Figure(f.Auc), f.Interval is { } i ? Ends(i) : "n/a", Count(f.Positives), Count(f.Negatives)])])),
        };
        if (result.Retrieval.Count > 0)
            tables.Add(("Retrieval", new(
                ["what is sought", "among the nearest", "recall", "95% interval", "chance"],
                [.. result.Retrieval.Select(r => (IReadOnlyList<string>)[
                    r.Direction, Count(r.Nearest), Figure(r.Recall.Estimate), Ends(r.Recall), Figure(r.Chance)])])));
        return tables;
    }

    /// <summary>What the figures come to, losses first.</summary>
    public static string Verdict(ZeroShotResult result)
    {
        string Named(string what, Func<Interval, bool> which)
        {
            var names = string.Join(", ", result.Findings.Where(f => f.Interval is { } i && which(i)).Select(f => f.Finding));
            return names.Length == 0 ? "" : $"{what}: {names}";
        }
        string[] parts =
        [
            Named("told the wrong way round", i => i.Upper < 0.5), Named("not told apart from chance", i => i is { Lower: <= 0.5, Upper: >= 0.5 }),
            Named("told better than chance", i => i.Lower > 0.5),
        ];
        var text = string.Join("; ", parts.Where(p => p.Length > 0));
        return text.Length == 0 ? "It cannot be said: no AUC has an interval." : $"Without any label, {text} (95% intervals over patients).";
    }

    internal static HtmlReport Build(ZeroShotResult result)
    {
        var page = new HtmlReport(
            "Findings told without labels",
            $"{Count(result.Radiographs.Measured)} {(result.Synthetic ? "synthetic " : "")}radiographs, by {result.Method}.");
        if (result.Synthetic) page.Note("Synthetic: model or radiographs are drawn, and no figure speaks of patients.");
        page.Note("Research only.");
        page.Verdict(Verdict(result), "Which findings does the model tell from its reports alone?");
        foreach (var (title, table) in Tables(result)) page.Heading(title).Table(table);
        page.Heading("What was asked").Table(new(
            ["finding", "where it is there", "where it is not"],
            [.. result.Prompts.Select(p => (IReadOnlyList<string>)[p.Finding, string.Join(" | ", p.Present), string.Join(" | ", p.Absent)])],
            IsText: true));
        foreach (var note in result.Notes) page.Paragraph(note);
        return page.Paragraph($"Model: {result.Model.Folder}, SHA-256 {result.Model.Sha256}.");
    }

    /// <summary>The result as a JSON document holds it.</summary>
    public static object Content(ZeroShotResult result) => new
    {
        result.Synthetic,
        Model = result.Model.Folder,
        ModelSha256 = result.Model.Sha256,
        result.Method,
        result.Radiographs.Measured,
        result.Radiographs.Scored,
        result.Findings,
        result.Retrieval,
        result.Prompts,
        result.Notes,
    };

    private static string Figure(double? value) => value?.ToString("F3", CultureInfo.InvariantCulture) ?? "n/a";

    private static string Ends(Interval interval) => $"{Figure(interval.Lower)} to {Figure(interval.Upper)}";

    private static string Count(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
