using System.Text;

namespace RadTex.Phantoms;

/// <summary>
/// Lays a synthetic report out as MIMIC-CXR does: a banner, headed sections, each line of text after one space and 79 characters at most,
/// "___" where something would have been removed.
/// </summary>
internal static class ReportWriter
{
    private const int LineLength = 79;
    private const ulong ReportStream = 6;

    /// <summary>
    /// The share of reports without a Findings section. MIMIC lacks it in about a third; here few, so that most images keep a text.
    /// </summary>
    private const float WithoutFindings = 0.04f;

    internal static (string Text, LabelTally Labels) Write(PhantomOptions options, PhantomPatient patient, PhantomStudy study)
    {
        var random = new CounterRandom(options.Seed, ReportStream, (ulong)patient.Index, (ulong)study.Index);
        bool hasFindings = !random.Chance(WithoutFindings), hasImpression = !hasFindings || random.Chance(0.85f);
        var mentioned = new LabelTally();
        string findings = options.ReportStyle == PhantomReportStyle.Systematic
            ? SystematicWriter.Write(study, mentioned)
            : new FindingsWriter(random, study, mentioned).Write();
        // The conclusion rests on what was seen; without Findings only what it says itself is a mention.
        var labels = hasFindings ? mentioned : new LabelTally();
        string impression = hasImpression ? ImpressionWriter
            .Write(random, study, mentioned, options.ReportStyle == PhantomReportStyle.Radiologist, labels) : "";

        var text = new StringBuilder();
        text.Append(' ', 33).Append("FINAL REPORT\n");
        Section(text, "EXAMINATION", study.IsAnteroposterior ? "CHEST (PORTABLE AP), SYNTHETIC PHANTOM" : "CHEST (PA), SYNTHETIC PHANTOM");
        string person = patient.IsFemale ? "[woman|F|female]" : "[man|M|male]";
        string question = "[|//  eval for [pneumonia|acute process|effusion|edema]|, evaluate for [infiltrate|pneumothorax|interval change]|]"
            .Replace("|interval change", study.Prior is null ? "" : "|interval change", StringComparison.Ordinal);
        Section(
            text, "INDICATION",
            Phrase.Expand(random, $"___ [year old|-year-old] {person} with {study.Reason} {question}")
                .Replace("___ -", "___-", StringComparison.Ordinal));
        if (random.Chance(0.5f)) Section(text, "TECHNIQUE", study.IsAnteroposterior ? "Portable AP view of the chest." : "PA view of the chest.");
        Section(
            text, "COMPARISON",
            Phrase.Expand(
                random,
                study.Prior is null
                    ? "[None.|None available.|No prior studies available.]"
                    : "[Chest radiograph from ___.|___.|Prior exam dated ___.|Chest radiograph ___.]"));
        if (hasFindings) Section(text, "FINDINGS", findings, onNewLine: random.Chance(0.5f));
        if (hasImpression) Section(text, "IMPRESSION", impression, onNewLine: random.Chance(0.5f));
        return (text.ToString(), labels);
    }

    private static void Section(StringBuilder text, string header, string body, bool onNewLine = false)
    {
        text.Append(" \n");
        string head = $" {header}:{(onNewLine ? " " : "  ")}";
        text.Append(head);
        int column = head.Length;
        if (onNewLine)
        {
            text.Append("\n \n ");
            column = 1;
        }
        foreach (var (line, index) in body.Split('\n').Select((line, index) => (line, index)))
        {
            if (index > 0)
            {
                text.Append("\n ");
                column = 1;
            }
            bool isFirst = true;
            foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (!isFirst && column + 1 + word.Length > LineLength)
                {
                    text.Append("\n ");
                    column = 1;
                    isFirst = true;
                }
                if (!isFirst) { text.Append(' '); column++; }
                text.Append(word);
                column += word.Length;
                isFirst = false;
            }
        }
        text.Append('\n');
    }
}
