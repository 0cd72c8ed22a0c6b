using System.Globalization;
using RadTex.Metrics.Intervals;
using RadTex.Reporting;

namespace RadTex.Learning.Reading;

/// <summary>Generated reports scored, as a page: how they stand beside the baselines, the tables, and after them some radiographs to judge.</summary>
public static class ScorePage
{
    /// <summary>The page of an evaluation of reports.</summary>
    /// <param name="scores">Of the model and the baselines; see <see cref="ReportEvaluation"/>.</param>
    /// <param name="places">Of the maps; null where they were not scored.</param>
    /// <param name="shown">The radiographs to show.</param>
    /// <param name="count">How many were scored.</param>
    /// <param name="model">Where the model came from.</param>
    /// <param name="origins">What is drawn: see <see cref="FigurePage.Origins"/>.</param>
    public static HtmlReport Build(
        IReadOnlyList<ReportScore> scores, LocalisationResult? places, IReadOnlyList<ReadReport> shown, int count, string model,
        IEnumerable<string> origins)
    {
        var page = new HtmlReport("Generated reports scored", $"{count:N0} radiographs read, against their true reports and beside baselines.");
        foreach (var line in origins) page.Note(line);
        page.Note("Research only: generated text is not a diagnosis.");
        if (scores.Any(s => s.Ahead is not null))
            page.Verdict(
                Verdict(scores), "Do the generated reports state findings better than the baselines? (macro F1 over the findings that occur)");
        page.Paragraph($"Model: {model}.");
        foreach (var (title, note, table) in ScoreTables.Of(scores, places))
            page.Heading(title).Table(table, note.Length > 0 ? $"{char.ToUpperInvariant(note[0])}{note[1..]}." : null);
        if (places is { RandomisedCorrelation: { } attention, RandomisedCamCorrelation: { } cam })
        {
            var figures = string.Create(CultureInfo.InvariantCulture, $"attention {attention:F2}, LayerCAM {cam:F2}");
            page.Paragraph($"Rank correlation with the maps of fresh weights: {figures}. Near 1, maps would not depend on what was learnt.");
        }
        page.Heading($"The first {shown.Count:N0} radiographs");
        page.Paragraph($"Point at a generated word to see {FigurePage.Shows(MapKind.Attention)}, at a full stop for the whole sentence.");
        FigurePage.AddReports(page, shown, MapKind.Attention, isPart: true);
        return page;
    }

    /// <summary>What was lost first.</summary>
    private static string Verdict(IReadOnlyList<ReportScore> scores)
    {
        var baselines = scores.Where(s => s.Ahead is not null).ToList();
        string Named(string how, Func<Interval, bool> which)
        {
            var names = string.Join(", ", baselines.Where(s => which(s.Ahead!.Value.Difference)).Select(s => s.Source));
            return names.Length == 0 ? "" : $"{how} {names}";
        }
        string[] parts =
        [
            Named("behind", d => d.Upper < 0), Named("not told apart from", d => d is { Lower: <= 0, Upper: >= 0 }),
            Named("ahead of", d => d.Lower > 0),
        ];
        var text = string.Join("; ", parts.Where(p => p.Length > 0));
        return text.Length == 0 ? "It cannot be said: a difference has no interval." : $"The model is {text} (95% intervals over patients).";
    }
}
