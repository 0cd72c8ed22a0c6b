using System.Text.RegularExpressions;

namespace RadTex.Text;

/// <summary>
/// Which words of a sentence negate or doubt a phrase in it, in the manner of NegEx (Chapman et al. 2001): words before the phrase reach it
/// unless a word that begins another clause stands between; words after it must follow closely.
/// </summary>
internal sealed partial class ClauseCues
{
    private readonly string sentence;

    /// <param name="sentence">One sentence in lower case.</param>
    /// <remarks>"No change in", "not increased" and the like deny a change, not the finding: they are blanked out first.</remarks>
    internal ClauseCues(string sentence) => this.sentence = DeniedChange().Replace(sentence, match => new string('~', match.Length));

    /// <summary>The status of a phrase whose decisive word begins at <paramref name="start"/> and which ends before <paramref name="end"/>.</summary>
    internal Mention StatusOf(int start, int end)
    {
        var (before, after) = (sentence[..start], sentence[end..]);
        if (NegationBefore().IsMatch(AfterLast(ClauseStart(), before))) return Mention.Negative;
        if (DoubtBefore().IsMatch(AfterLast(Turn(), before)) || DoubtAfter().IsMatch(after)) return Mention.Uncertain;
        return NegationAfter().IsMatch(after) ? Mention.Negative : Mention.Positive;
    }

    private static string AfterLast(Regex boundary, string text) =>
        boundary.Matches(text) is { Count: > 0 } found ? text[(found[^1].Index + found[^1].Length)..] : text;

    [GeneratedRegex(@"\bno (significant |substantial |definite |appreciable |interval |overt |gross )*(change|increase|decrease|improvement|"
        + @"worsening)s?\b|\bnot (significantly |substantially |appreciably )?(changed|increased|decreased|excluded)\b|\bnot only\b|"
        + @"\bnot well (seen|visualized|evaluated)\b|\bno longer\b(?= intubat)|\bwithout (significant |interval )*(change|increase)\b",
            RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex DeniedChange();

    [GeneratedRegex(@"\b(no|not|without|absent|absence of|free of|negative for|resolution of|resolved|clear of|denies|never|nor|neither|rather than|"
        + @"exclude|removal of|no longer|ruled out|lack of|cleared|non)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex NegationBefore();

    [GeneratedRegex(@"^[^,;:]{0,45}?\b((is|are|was|were|has|have|been|being|now|completely)\b ?)*(not (seen|present|identified|evident|visualized|"
        + @"appreciated|demonstrated|apparent|detected|enlarged|widened|observed)|resolved|cleared|ruled out|excluded|absent|no longer|"
        + @"removed|unlikely)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex NegationAfter();

    [GeneratedRegex(@"\b(possibl[ey]|probabl[ey]|may|might|could|can(not|'t| not)|suspicious|suspicion|suspected|concern\w*|worrisome|question\w*|"
        + @"versus|vs|suggest\w*|likely|presum\w*|borderline|equivocal|differential|consider\w*|perhaps|potential\w*|if|suspect|"
        + @"uncertain|evaluate for|rule out|versus)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex DoubtBefore();

    [GeneratedRegex(@"^[^.;:]{0,40}?\b((is|are) (possible|suspected|questioned|considered|not excluded)|cannot be (entirely |completely )?(excluded|"
        + @"ruled out)|(is|are) not (entirely |completely )?excluded|versus|vs|suspected|not excluded)\b", RegexOptions.CultureInvariant
        | RegexOptions.ExplicitCapture)]
    private static partial Regex DoubtAfter();

    [GeneratedRegex(@"\b(but|however|although|though|except|apart from|other than|aside from|which|with|there (is|are)|secondary to|due to|"
        + @"because|consistent with|compatible with|in keeping with|representing|represent\w*|reflect\w*|otherwise|persist\w*|again|"
        + @"unchanged)\b|;|:| - |, (and )?(the|there|heart|cardiac|lungs?|mediast|bony|unchanged|stable|mild|moderate|right|left|"
        + @"bilateral)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex ClauseStart();

    [GeneratedRegex(
        @"\b(but|however|although|though|except|apart from|other than|aside from|there (is|are))\b|;|:",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Turn();
}
