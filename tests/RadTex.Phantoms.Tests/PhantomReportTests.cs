using System.Text.RegularExpressions;

namespace RadTex.Phantoms.Tests;

public sealed partial class PhantomReportTests
{
    private static readonly PhantomOptions Options = new(Count: 1, Seed: 11, ShortSidePixels: 64);

    // The header rule of MIMIC's own section parser: a newline, one space, capitals, a colon, white space.
    [GeneratedRegex(@"\n ([A-Z ()/,-]+):\s")]
    private static partial Regex Header();

    private static Dictionary<string, string> Sections(string text)
    {
        var matches = Header().Matches(text);
        var sections = new Dictionary<string, string>();
        for (int i = 0; i < matches.Count; i++)
        {
            int start = matches[i].Index + matches[i].Length, end = i + 1 < matches.Count ? matches[i + 1].Index : text.Length;
            sections.Add(matches[i].Groups[1].Value, Regex.Replace(text[start..end], @"\s+", " ").Trim());
        }
        return sections;
    }

    private static string Body(string text)
    {
        var sections = Sections(text);
        return sections.GetValueOrDefault("FINDINGS", "") + " " + sections.GetValueOrDefault("IMPRESSION", "");
    }

    [Theory]
    [InlineData(PhantomReportStyle.Radiologist)]
    [InlineData(PhantomReportStyle.Systematic)]
    public void Reports_are_laid_out_as_MIMIC_does(PhantomReportStyle style)
    {
        int without = 0, all = 0;
        foreach (var (_, text, _) in PhantomReports.Of(Options with { ReportStyle = style }, 300))
        {
            text.ShouldStartWith(new string(' ', 33) + "FINAL REPORT\n");
            text.Split('\n')[..^1].ShouldAllBe(line => line.StartsWith(' ') && line.Length <= 79);
            var sections = Sections(text);
            sections.Keys.ShouldBeSubsetOf(["EXAMINATION", "INDICATION", "TECHNIQUE", "COMPARISON", "FINDINGS", "IMPRESSION"]);
            sections["EXAMINATION"].ShouldContain("SYNTHETIC");
            sections.Values.ShouldAllBe(v => v.Length > 0);
            all++;
            if (!sections.ContainsKey("FINDINGS"))
            {
                without++;
                sections.ShouldContainKey("IMPRESSION");
            }
        }
        ((double)without / all).ShouldBeInRange(0.01, 0.08);
    }

    [Fact]
    public void Sentences_are_finished()
    {
        foreach (var (_, text, _) in PhantomReports.Of(Options, 500))
        {
            var body = Body(text);
            body.ShouldNotContain("[");
            body.ShouldNotContain("]");
            body.ShouldNotContain("|");
            body.ShouldNotContain("{");
            Regex.IsMatch(body, @" [.,;]|,\.|\.\.|  |(^|[.] )[a-z]|\b(a|the|in|of) [.,]").ShouldBeFalse(body);
            Regex.IsMatch(body, @"\b[Aa] [aeio]\w", RegexOptions.None).ShouldBeFalse(body);
        }
    }

    [Fact]
    public void Change_is_spoken_of_only_where_a_prior_exists()
    {
        int compared = 0;
        foreach (var (study, text, _) in PhantomReports.Of(Options, 600))
        {
            bool speaksOfChange = Regex.IsMatch(
                Body(text),
                @"\b(new|unchanged|stable|increased (?!opacity)|decreased|worsen\w*|improv\w*|prior|previous\w*|interval|"
                    + @"resolved|persist\w*|since|compar\w*|again|removed)\b",
                RegexOptions.IgnoreCase);
            if (study.Prior is null) speaksOfChange.ShouldBeFalse(text);
            else if (speaksOfChange) compared++;
            Sections(text)["COMPARISON"].StartsWith('N').ShouldBe(study.Prior is null); // "None."
        }
        compared.ShouldBeGreaterThan(200);
    }

    [Fact]
    public void Words_of_change_follow_the_course()
    {
        foreach (var (study, text, _) in PhantomReports.Of(Options, 600))
        {
            var fluid = study.Lesions.Where(l => l.Finding == PhantomFinding.PleuralEffusion).ToList();
            if (fluid.Count == 0 || study.Prior is null) continue;
            foreach (
                var sentence in Body(text).Split(". ")
                    .Where(s => s.Contains("effusion", StringComparison.Ordinal) && !s.Contains(" no ", StringComparison.Ordinal)))
            {
                if (Regex.IsMatch(sentence, "increased|worsened|progressed")) fluid.ShouldContain(l => l.Trend == Trend.Larger, text);
                if (Regex.IsMatch(sentence, "decreased|improved|partially cleared")) fluid.ShouldContain(l => l.Trend == Trend.Smaller, text);
                if (Regex.IsMatch(sentence, "unchanged|not significantly")) fluid.ShouldContain(l => l.Trend == Trend.Unchanged, text);
            }
        }
    }

    [Fact]
    public void Findings_are_of_great_variety()
    {
        var findings = PhantomReports.Of(Options, 400).Select(
            r => Sections(r.Text).GetValueOrDefault("FINDINGS")).OfType<string>().Take(500).ToList();
        findings.Count.ShouldBe(500);
        findings.Distinct().Count().ShouldBeGreaterThan(490);
    }

    [Fact]
    public void Labels_follow_what_the_report_says()
    {
        foreach (var (study, text, labels) in PhantomReports.Of(Options, 500))
        {
            var body = Body(text);
            bool Says(string words) => Regex.IsMatch(body, words, RegexOptions.IgnoreCase);
            if (labels["Pneumothorax"] != "") Says("pneumothorax").ShouldBeTrue(text);
            else Says("pneumothorax").ShouldBeFalse(text);
            (labels["Pleural Effusion"] == "").ShouldBe(!Says("effusion"), text);
            (labels["Pneumonia"] == "").ShouldBe(!Says("pneumonia"), text);
            (labels["Consolidation"] == "").ShouldBe(!Says("consolidation"), text);
            (labels["Atelectasis"] == "").ShouldBe(!Says("atelectasis"), text);
            (labels["Cardiomegaly"] == "").ShouldBe(!Says(@"cardiomegaly|heart|cardiac s"), text);
            if (!study.Has(PhantomFinding.Pneumothorax)) labels["Pneumothorax"].ShouldNotBe("1.0", text); // nothing is made up
            if (labels["No Finding"] == "1.0")
                labels.Where(l => l.Key is not ("No Finding" or "Support Devices")).ShouldAllBe(l => l.Value != "1.0" && l.Value != "-1.0");
        }
    }

    [Fact]
    public void The_systematic_style_addresses_every_finding_as_drawn()
    {
        string? order = null;
        foreach (var (study, text, labels) in PhantomReports.Of(Options with { ReportStyle = PhantomReportStyle.Systematic }, 200))
        {
            if (!Sections(text).TryGetValue("FINDINGS", out var findings)) continue;
            foreach (var finding in Enum.GetValues<PhantomFinding>())
                labels[finding.Name()].ShouldBe(study.Has(finding) ? "1.0" : "0.0");
            var named = string.Join(
                ' ',
                Regex.Matches(
                    findings,
                    "[Ss]upport devices|cardiomegaly|edema|congestion|lung opacity|consolidation|pneumonia|atelectasis|effusion|pneumothorax")
                .Select(m => m.Value.ToLowerInvariant().Replace("congestion", "edema")).Distinct());
            named.ShouldBe(order ??= named);
            named.Split(' ').Length.ShouldBe(11); // nine names, two of two words
        }
    }
}
