using RadTex.Text;

namespace RadTex.Phantoms;

/// <summary>Speaks of one lesion of the lungs, hedged or not, and of its course; each sentence adds what it says to the tally.</summary>
internal sealed class LesionWriter(CounterRandom random, PhantomStudy study, LabelTally tally)
{
    private const string Since = "[since the prior study|compared to the prior|from the prior exam|since the previous radiograph|in the "
        + "interval|compared with prior|since ___]";

    /// <summary>Whether the reader is not sure of it: the less plain it is, the more often. Draws a number.</summary>
    internal bool IsHedged(Lesion lesion) => random.Chance(lesion.Contrast < 0.35f ? 0.3f : lesion.Magnitude < 0.35f ? 0.2f : 0.06f);

    /// <summary>A template of a lesion compared with the prior study, or as a fresh one.</summary>
    internal string Trended(Lesion lesion, string subject, string plural, string fresh)
    {
        // Not every sentence compares; one about a new lesion may simply state it.
        if (lesion.Trend == Trend.NoPrior || !random.Chance(0.75f)) return fresh;
        string be = plural.Length > 0 ? "have" : "has", are = plural.Length > 0 ? "are" : "is";
        return lesion.Trend switch
        {
            Trend.New => $"[New {subject} {are} [seen|noted|present]|There {are} new {subject}|{subject} {are} new {Since}|Interval "
                + $"development of {subject}].",
            Trend.Larger => $"{subject} {be} [increased|worsened|progressed|become more conspicuous] {Since}.",
            Trend.Smaller => $"{subject} {be} [decreased|improved|partially cleared|become less conspicuous] {Since}.",
            _ => $"{subject} {are} [unchanged|stable|not significantly changed|similar in extent] {Since}.",
        };
    }

    internal string Consolidation(Lesion lesion)
    {
        if (IsHedged(lesion))
        {
            tally.Add(PhantomFinding.Consolidation, Mention.Uncertain);
            tally.Add(PhantomFinding.LungOpacity, Mention.Positive);
            return Say(
                $"[Focal|Dense|Confluent|Airspace] opacity in {Phrase.Location(lesion)} [may represent|could reflect|possibly "
                    + "represents|is suspicious for] [early|developing|focal|] consolidation.");
        }
        tally.Add(PhantomFinding.Consolidation, Mention.Positive);
        string subject = $"[dense|focal|lobar|airspace|] consolidation [in|involving] {Phrase.Location(lesion)}";
        return Say(Trended(lesion, subject, "",
            $"[There is {subject} [with air bronchograms|]|{subject} is [present|seen|noted|demonstrated]|[Note is made "
                + $"of|There is evidence of] {subject}]."));
    }

    internal string Pneumonia(Lesion lesion)
    {
        tally.Add(PhantomFinding.LungOpacity, Mention.Positive);
        bool isHedged = IsHedged(lesion) || random.Chance(0.3f);
        tally.Add(PhantomFinding.Pneumonia, isHedged ? Mention.Uncertain : Mention.Positive);
        string reading = isHedged
            ? "[concerning for|suspicious for|which may represent|possibly representing|worrisome for|which could reflect] "
            + "[pneumonia|an infectious process such as pneumonia|early pneumonia|multifocal pneumonia]"
            : "[consistent with|compatible with|in keeping with|representing] [pneumonia|pneumonia|bronchopneumonia|multifocal pneumonia]";
        string subject = $"[patchy|ill-defined|heterogeneous|patchy airspace|mottled] opacities in {Phrase.Location(lesion)}";
        return Say(
            Trended(
                lesion, $"{subject} {reading}", "s",
                $"[There are {subject}|{subject} are [seen|noted|present]|[Note is made of|Again, there are] {subject}], {reading}.")
                    .Replace("Again, there are",
                "There are", StringComparison.Ordinal));
    }

    internal string Opacity(Lesion lesion)
    {
        bool isHedged = IsHedged(lesion);
        tally.Add(PhantomFinding.LungOpacity, isHedged ? Mention.Uncertain : Mention.Positive);
        string subject = $"[hazy|faint hazy|vague|ill-defined|ground-glass] opacity in {Phrase.Location(lesion)}";
        if (isHedged) return Say($"[There is a possible {subject}|Possible {subject}|Questionable {subject}[ , which may be artifactual|]].");
        return Say(Trended(
            lesion, subject, "",
            $"[There is [a|] {subject}|{subject} is [seen|noted|present|identified]], [nonspecific|of uncertain etiology|without volume loss|]."));
    }

    internal string Atelectasis(Lesion lesion)
    {
        string kind = lesion.Variant == 1 ? "[|partial|segmental|compressive]" : "[linear|plate-like|subsegmental|bandlike|discoid|]";
        if (IsHedged(lesion))
        {
            tally.Add(PhantomFinding.Atelectasis, Mention.Uncertain);
            tally.Add(PhantomFinding.LungOpacity, Mention.Positive);
            return Say(
                $"[Opacity|Increased opacity|Streaky opacity] in {Phrase.Location(lesion)} [likely reflects|may represent|probably "
                    + "represents|could reflect] atelectasis.");
        }
        tally.Add(PhantomFinding.Atelectasis, Mention.Positive);
        string subject = $"{kind} atelectasis [in|at] {Phrase.Location(lesion)}";
        return Say(
            Trended(
                lesion, subject, "",
                $"[There is {Phrase.Degree(lesion.Magnitude)} {subject}|{Phrase.Degree(lesion.Magnitude)} {subject}|{subject} "
                    + "is [seen|noted|present]]."));
    }

    internal string Edema()
    {
        bool isHedged = study.EdemaSeverity < 3 && random.Chance(study.EdemaContrast < 0.35f ? 0.25f : 0.08f);
        tally.Add(PhantomFinding.Edema, isHedged ? Mention.Uncertain : Mention.Positive);
        string what = study.EdemaSeverity switch
        {
            1 => "[pulmonary vascular congestion|mild pulmonary vascular congestion|vascular congestion with "
                + "cephalization|upper zone vascular redistribution and vascular congestion]",
            2 => "[interstitial pulmonary edema|mild interstitial edema|interstitial edema with Kerley B lines|moderate interstitial edema]",
            _ => "[alveolar pulmonary edema|severe pulmonary edema|moderate to severe pulmonary edema|perihilar alveolar edema]",
        };
        if (isHedged) return Say($"[There may be {what}|Possible {what}|Findings suggest possible {what}].");
        return Say(study.EdemaTrend == Trend.NoPrior || random.Chance(0.3f)
            ? $"[There is {what}|{what} is [present|seen|noted]|Findings are consistent with {what}]."
            : study.EdemaTrend switch
            {
                Trend.New => $"[New {what}|There is new {what}|{what} is new {Since}].",
                Trend.Larger => $"[Pulmonary edema has worsened {Since}, now with {what}|Worsening edema, with {what}|There is worsened {what}].",
                Trend.Smaller => $"[Pulmonary edema has improved {Since}, with residual {what}|Improved edema, with residual {what}].",
                _ => $"{what} is [unchanged|stable|similar] {Since}.",
            });
    }

    private string Say(string template) => Phrase.Expand(random, template);
}
