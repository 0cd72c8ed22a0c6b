using System.Text.RegularExpressions;

namespace RadTex.Text;

/// <summary>
/// A report taken apart into its sections, as the section parser published with MIMIC-CXR does it
/// (MIT-LCP/mimic-cxr, txt/section_parser.py; behaviour only).
/// </summary>
/// <remarks>
/// <para>A header is a line break, exactly one space, a run of capitals, spaces and <c>( ) / , -</c>, a colon and one whitespace
/// character. What precedes the first header is the <see cref="Preamble"/>; a report without a header is one
/// <see cref="FullReport"/>. A header on the same line as the one before it is text.</para>
/// <para>Empty findings and impression sections are dropped. Where neither remains and the last section holds a blank line, what
/// follows that line becomes the <see cref="LastParagraph"/>.</para>
/// <para>The hand-made corrections for 54 named MIMIC-CXR studies need the study's number, which a report does not hold:
/// see <see cref="SectionOverrides"/>.</para>
/// </remarks>
public sealed partial class ReportSections
{
    /// <summary>What the radiologist saw: the paper's caption.</summary>
    public const string Findings = "findings";

    /// <summary>The radiologist's conclusion.</summary>
    public const string Impression = "impression";

    /// <summary>The earlier examinations that this one was compared with.</summary>
    public const string Comparison = "comparison";

    /// <summary>What precedes the first header.</summary>
    public const string Preamble = "preamble";

    /// <summary>The whole of a report without a header.</summary>
    public const string FullReport = "full report";

    /// <summary>What follows the first blank line of the last section, in a report without findings and impression.</summary>
    public const string LastParagraph = "last_paragraph";

    /// <summary>A paragraph ends where a line holds nothing but the one space that starts every line of a MIMIC-CXR report.</summary>
    private const string ParagraphBreak = "\n \n";

    private ReportSections(string report, IReadOnlyList<ReportSection> sections) => (Report, Sections) = (report, sections);

    /// <summary>The report as given, with line breaks of any kind as "\n".</summary>
    public string Report { get; }

    /// <summary>The sections in the order of the report; a name may occur more than once.</summary>
    public IReadOnlyList<ReportSection> Sections { get; }

    /// <summary>The text of the last section called <paramref name="name"/>, trimmed; null where there is none or it is empty.</summary>
    public string? Last(string name)
    {
        for (int i = Sections.Count - 1; i >= 0; i--)
        {
            if (Sections[i].Name == name && Sections[i].Text.Trim() is { Length: > 0 } text) return text;
        }
        return null;
    }

    /// <summary>The same report with other sections.</summary>
    internal ReportSections With(IReadOnlyList<ReportSection> sections) => new(Report, sections);

    /// <summary>Takes a report apart. Never fails: a text without structure is one section called <see cref="FullReport"/>.</summary>
    /// <param name="report">The report's text, with its line breaks and leading spaces. Linear in its length.</param>
    public static ReportSections Parse(string report)
    {
        var text = report.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        var sections = new List<ReportSection>();
        var header = Header().Match(text);
        if (!header.Success) sections.Add(new ReportSection(FullReport, text));
        else sections.Add(new ReportSection(Preamble, text[..header.Groups[1].Index]));

        while (header.Success)
        {
            var name = SectionNames.Normalize(header.Groups[1].Value);
            int start = header.Index + header.Length;
            // The search goes on at the end of the line, so what looks like a header inside it stays text.
            int lineEnd = text.IndexOf('\n', start);
            header = lineEnd < 0 ? Match.Empty : Header().Match(text, lineEnd);
            int end = header.Success ? header.Index : text.Length;
            sections.Add(new ReportSection(name, text[start..end]));
        }

        // An empty one is a title such as "CHEST, TWO VIEWS:" above the first true header.
        sections.RemoveAll(s => s.Name is Findings or Impression && string.IsNullOrWhiteSpace(s.Text));
        if (!sections.Exists(s => s.Name is Findings or Impression)) SplitLastParagraph(sections);
        return new ReportSections(text, sections);
    }

    /// <summary>Short reports have one header followed by paragraphs: the first belongs to the header, the rest is the reading.</summary>
    private static void SplitLastParagraph(List<ReportSection> sections)
    {
        var last = sections[^1]; // the preamble or the full report is always there
        int at = last.Text.IndexOf(ParagraphBreak, StringComparison.Ordinal);
        if (at < 0) return;
        sections[^1] = last with { Text = last.Text[..at] };
        sections.Add(new ReportSection(LastParagraph, last.Text[(at + ParagraphBreak.Length)..]));
    }

    [GeneratedRegex(@"\n ([A-Z ()/,\-]+):[\s\x1C-\x1F]", RegexOptions.CultureInvariant)]
    private static partial Regex Header();
}
