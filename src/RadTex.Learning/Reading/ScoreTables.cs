using System.Globalization;
using RadTex.Metrics.Captions;
using RadTex.Reporting;
using RadTex.Text;

namespace RadTex.Learning.Reading;

/// <summary>The scores of reports and maps as tables.</summary>
public static class ScoreTables
{
    /// <summary>The tables, each with a title and, where it needs one, a note on how to read it.</summary>
    public static IReadOnlyList<(string Title, string Note, HtmlTable Table)> Of(IReadOnlyList<ReportScore> scores, LocalisationResult? places)
    {
        var tables = new List<(string, string, HtmlTable)>
        {
            ("Clinical findings", "rule-based labels of true and generated reports; uncertain and blank are not positive", new(
                ["", "micro P", "micro R", "micro F1", "macro P (14)", "macro R (14)", "macro F1 (14)", "macro F1 (present)", "model ahead by",
                "95% interval"],
                [.. scores.Select(s => (IReadOnlyList<string>)
                [
                    s.Source, F(s.Findings.Micro.Precision), F(s.Findings.Micro.Recall), F(s.Findings.Micro.F1), F(s.Findings.MacroPrecision),
                    F(s.Findings.MacroRecall), F(s.Findings.MacroF1),
                    F(s.MacroF1OfPresent), F(s.Ahead?.Difference.Estimate),
                    s.Ahead is { } a ? $"{F(a.Difference.Lower)} to {F(a.Difference.Upper)}" : "",
                ])])),
            ("F1 of each finding", "a finding that no true report states is n/a", new(
                ["", .. scores.Select(s => s.Source)],
                [.. ChexpertFindings.Names
                    .Select(
                        (name, i) => (IReadOnlyList<string>)[name,
                        .. scores.Select(s => s.Findings.ByFinding[i]).Select(c => c.TruePositives + c.FalseNegatives == 0 ? "n/a" : F(c.F1))])])),
            ("Text, whole references", "", Texts(scores, s => s.Full)),
            ("Text, R2Gen's form", "cleaned, rare words replaced, cut", Texts(scores, s => s.R2Gen)),
        };
        if (places is not null)
        {
            tables.Add(("Pointing game", "part of the cases whose largest value lies in a box of the finding", Places(places, s => s.Pointing)));
            tables.Add(("Intersection over union", "as many pixels as the boxes cover", Places(places, s => s.IntersectionOverUnion)));
        }
        return tables;
    }

    private static HtmlTable Texts(IReadOnlyList<ReportScore> scores, Func<ReportScore, TextScores> of) => new(
        ["", "BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "ROUGE-L", "CIDEr-D", "METEOR (exact, stem)"],
        [.. scores.Select(
            s => (IReadOnlyList<string>)[s.Source, .. of(s).Bleu.Select(b => F(b)), F(of(s).RougeL), F(of(s).CiderD), F(of(s).MeteorExactStem)])]);

    private static HtmlTable Places(LocalisationResult places, Func<MapScore, double> figure)
    {
        string[] methods = [.. places.Scores.Select(s => s.Method).Distinct()];
        var byFinding = places.Scores.ToLookup(s => s.Finding);
        int Ahead(string method) =>
            byFinding.Count(of => figure(of.First(s => s.Method == method)) > figure(of.First(s => s.Method == LocalisationEvaluation.Centre)));
        IReadOnlyList<string> ahead = ["findings ahead of centre", byFinding.Count.ToString(CultureInfo.InvariantCulture),
            .. methods.Select(m => Ahead(m).ToString(CultureInfo.InvariantCulture))];
        return new(
            ["", "cases", .. methods],
            [.. places.Scores.GroupBy(s => s.Finding).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (IReadOnlyList<string>)
                [g.Key, g.First().Cases.ToString(CultureInfo.InvariantCulture), .. methods.Select(m => F(figure(g.First(s => s.Method == m))))]),
                    ahead]);
    }

    private static string F(double? figure) => figure?.ToString("F3", CultureInfo.InvariantCulture) ?? "";
}
