using System.Text.RegularExpressions;

namespace RadTex.Text;

/// <summary>What is taken out of a caption before it is learnt from; nothing by default. Works on captions of one line.</summary>
/// <param name="Marks">De-identification marks: <c>___</c> and <c>XXXX</c>.</param>
/// <param name="Numbers">The numbers of lists: "1. " and "2) " at the start of sentences.</param>
/// <param name="Priors">
/// References to earlier examinations, which a radiograph does not show: phrases such as "compared to the prior study", words such as "again" and
/// "interval", and whole sentences that say nothing but that something changed or did not.
/// </param>
/// <remarks>
/// Rules, not understanding: what a sentence says of a change in other words stays. The follow-up of the paper (arXiv 2310.19635) reports that
/// removing references to priors helps; how it removed them is not known here.
/// </remarks>
public sealed partial record TextCleaning(bool Marks = false, bool Numbers = false, bool Priors = false)
{
    /// <summary>The name of <see cref="Marks"/> in options and manifests.</summary>
    public const string MarksName = "marks";

    /// <summary>The name of <see cref="Numbers"/> in options and manifests.</summary>
    public const string NumbersName = "numbers";

    /// <summary>The name of <see cref="Priors"/> in options and manifests.</summary>
    public const string PriorsName = "priors";

    /// <summary>Nothing is taken out.</summary>
    public static TextCleaning None { get; } = new();

    /// <summary>The names of what is taken out, joined by commas; "none" for nothing.</summary>
    public string Name =>
        string.Join(
            ',',
            new[] { Marks ? MarksName : null, Numbers ? NumbersName : null, Priors ? PriorsName : null }.OfType<string>()) is { Length: > 0 } names
                ? names
                : "none";

    /// <summary>Reads names joined by commas.</summary>
    /// <exception cref="UserErrorException">One is not known.</exception>
    public static TextCleaning Parse(string? names)
    {
        var parts = (names ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Except(["none"]).ToArray();
        return parts.FirstOrDefault(p => p is not (MarksName or NumbersName or PriorsName)) is { } unknown
            ? throw new UserErrorException(
                $"The setting 'clean' = {unknown} is not known. Expected {MarksName}, {NumbersName}, {PriorsName} or several joined by commas.")
            : new TextCleaning(parts.Contains(MarksName), parts.Contains(NumbersName), parts.Contains(PriorsName));
    }

    /// <summary>The caption without what is taken out; null where nothing is left.</summary>
    public string? Clean(string caption)
    {
        if (this == None) return caption;
        if (Numbers) caption = ListNumber().Replace(caption, "$1");
        if (Marks) caption = Mark().Replace(caption, " ");
        if (Priors) caption = string.Join(' ', Sentence().Matches(caption).Select(s => WithoutPriors(s.Value)).Where(s => s.Length > 0));
        caption = SpaceBeforePoint().Replace(Spaces().Replace(caption, " "), "$1").Trim();
        return caption.Any(char.IsLetterOrDigit) ? caption : null;
    }

    /// <summary>A sentence without its references to earlier examinations; empty where it is one.</summary>
    private static string WithoutPriors(string sentence)
    {
        if (OnlyChange().IsMatch(sentence.Trim())) return "";
        var shorter = ChangeWord().Replace(Comparison().Replace(sentence, ""), "");
        if (shorter == sentence) return sentence.Trim();
        shorter = LooseComma().Replace(Spaces().Replace(shorter, " ").Trim(), "$1").TrimStart(' ', ',', ';');
        if (OnlyChange().IsMatch(shorter) || !shorter.Any(char.IsLetter)) return "";
        return char.ToUpperInvariant(shorter[0]) + shorter[1..];
    }

    [GeneratedRegex(@"_{2,}|\b[Xx]{3,}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Mark();

    [GeneratedRegex(@"(^|(?<=[.:;?!])\s+)\(?\d{1,2}[.)]\s+(?=\p{L})", RegexOptions.CultureInvariant)]
    private static partial Regex ListNumber();

    /// <summary>Up to a full stop that no digit follows, so that 3.5 cm stays whole.</summary>
    [GeneratedRegex(@"[^.?!]*(?:[.?!](?=\d)[^.?!]*)*(?:[.?!]+|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Sentence();

    private const string Study =
        @"(?:radiographs?|films?|x-?rays?|exam(?:ination)?s?|stud(?:y|ies)|images?|imaging|CTs?|CT scans?|scans?|chest|"
            + @"PA|AP|lateral|portable|views?)";

    private const string Earlier =
        @"(?:(?:the|this|a|an|any)\s+)?(?:(?:most\s+)?recent\s+|multiple\s+|several\s+)?(?:priors?|previous|earlier|old|"
            + @"preceding|comparison)(?:\s+(?:of|from|dated|on)\s+[\w/_\-]+|\s+"
            + Study + @")*(?:\s+(?:of|from|dated|on|performed)\s+[\w/_,\-]+)?";

    /// <summary>
    /// "Compared to the prior study of ___, ", "as compared with previous radiographs", "since the prior exam", "in comparison with the study of
    /// ___".
    /// </summary>
    [GeneratedRegex(
        @"(?:,\s*)?\b(?:(?:as|when)\s+)?(?:compared?|in\s+comparison|relative|similar|comparison\s+is\s+made)\s+(?:to|with)\s+(?:" + Earlier
            + @"|(?:the\s+)?" + Study + @"\s+(?:of|from|dated)\s+[\w/_\-]+)"
        + @"|(?:,\s*)?\b(?:since|from|than|on)\s+" + Earlier,
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Comparison();

    [GeneratedRegex(
        @"\b(?:again\s+(?=(?:seen|noted|demonstrated|identified|visualized|present|is|are|there)\b)|interval(?:ly)?\s+|"
            + @"(?<=(?:is|are)\s+)again\b|previously\s+(?:seen|noted|described|identified)\s+|^\s*again,?\s+)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex ChangeWord();

    /// <summary>"Unchanged.", "No significant interval change.", "There has been little change."</summary>
    [GeneratedRegex(
        @"^(?:there\s+(?:is|has\s+been)\s+)?(?:no|little|without)?\s*(?:significant|relevant|appreciable|substantial|"
            + @"definite|overall)?\s*(?:interval\s+)?(?:change|changes|unchanged|stable)\s*[.]?$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex OnlyChange();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\s+([.,;:?!])")]
    private static partial Regex SpaceBeforePoint();

    [GeneratedRegex(@"[\s,]+([.,;])")]
    private static partial Regex LooseComma();
}
