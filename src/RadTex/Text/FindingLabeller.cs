using System.Text.RegularExpressions;

namespace RadTex.Text;

/// <summary>
/// Labels a report with CheXpert's fourteen observations by rules of our own: phrases that name a finding (FindingRules.txt), and in the
/// same clause words that negate or doubt it (<see cref="ClauseCues"/>).
/// </summary>
/// <remarks>
/// A finding named several times is positive if one mention is, else uncertain if one is, else negative; what is not named is absent from
/// the answer (blank). "No Finding" is positive where nothing but devices is positive or uncertain. It knows no context beyond a sentence.
/// </remarks>
public static partial class FindingLabeller
{
    private const string RulesResource = "RadTex.Text.FindingRules.txt", SaysItGroup = "at";

    private static readonly Lazy<IReadOnlyList<Rule>> Rules = new(ReadRules);

    /// <summary>The status of every finding that the text names, and "No Finding" where it holds.</summary>
    /// <param name="report">Any text; white space counts as one space.</param>
    public static IReadOnlyDictionary<string, Mention> Label(string report)
    {
        var labels = Mentions(WhiteSpace().Replace(report, " "))
            .GroupBy(mention => mention.Finding).ToDictionary(group => group.Key, group => group.Max(mention => mention.Status));
        if (ChexpertFindings.IsNormal(labels)) labels[ChexpertFindings.NoFinding] = Mention.Positive;
        return labels;
    }

    /// <summary>
    /// Whether a report states each of <see cref="ChexpertFindings.Names"/>; uncertain and blank count as not stated (R2Gen's rule).
    /// </summary>
    public static IReadOnlyList<bool> States(string report)
    {
        var labels = Label(report);
        return [.. ChexpertFindings.Names.Select(name => labels.TryGetValue(name, out var status) && status == Mention.Positive)];
    }

    /// <summary>Every mention, in the order of the rules within each sentence.</summary>
    /// <param name="text">A text whose words are parted by single spaces.</param>
    public static IEnumerable<FindingMention> Mentions(string text)
    {
        var lower = text.ToLowerInvariant();
        int start = 0;
        foreach (Match stop in SentenceEnd().Matches(lower))
        {
            foreach (var mention in InSentence(lower[start..stop.Index], start)) yield return mention;
            start = stop.Index + stop.Length;
        }
        foreach (var mention in InSentence(lower[start..], start)) yield return mention;
    }

    private static IEnumerable<FindingMention> InSentence(string sentence, int offset)
    {
        if (sentence.Length == 0) yield break;
        var cues = new ClauseCues(sentence);
        foreach (var rule in Rules.Value)
            foreach (Match match in rule.Phrase.Matches(sentence))
            {
                var saysIt = match.Groups[SaysItGroup] is { Success: true } group ? group.Index : match.Index;
                yield return new(rule.Finding, rule.Status ?? cues.StatusOf(saysIt, match.Index + match.Length), offset + match.Index, match.Length);
            }
    }

    private static List<Rule> ReadRules()
    {
        using var stream = typeof(FindingLabeller).Assembly.GetManifestResourceStream(RulesResource)
            ?? throw new InvalidOperationException($"resource {RulesResource} is missing from the assembly");
        using var reader = new StreamReader(stream);
        var rules = new List<Rule>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var parts = RuleLine().Match(line);
            Mention? status = parts.Groups[2].Value switch { "-" => Mention.Negative, "?" => Mention.Uncertain, _ => null };
            rules.Add(
                new(parts.Groups[1].Value, status, new Regex(parts.Groups[3].Value, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)));
        }
        return rules;
    }

    private sealed record Rule(string Finding, Mention? Status, Regex Phrase);

    [GeneratedRegex("^([A-Za-z ]+) ([-+?]) (.+)$")]
    private static partial Regex RuleLine();

    [GeneratedRegex(@"[.?!]+(?=\s|$)|;")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
