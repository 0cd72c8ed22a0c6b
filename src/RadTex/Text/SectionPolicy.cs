namespace RadTex.Text;

/// <summary>Which part of a report is a radiograph's caption.</summary>
/// <remarks>
/// A policy selects the last non-empty occurrence of a section, with every run of whitespace (line breaks included) made one
/// space: line breaks in reports come from the 79-column layout and say nothing.
/// </remarks>
public sealed class SectionPolicy
{
    private readonly Func<ReportSections, string?> select;

    private SectionPolicy(string name, string description, Func<ReportSections, string?> select) =>
        (Name, Description, this.select) = (name, description, select);

    /// <summary>The paper's choice: the findings section only.</summary>
    public static SectionPolicy Findings { get; } = new("findings", "the findings section", r => r.Last(ReportSections.Findings));

    /// <summary>The impression section only.</summary>
    public static SectionPolicy Impression { get; } =
        new("impression", "the impression section", r => r.Last(ReportSections.Impression));

    /// <summary>Findings followed by impression; one alone where the report lacks the other.</summary>
    public static SectionPolicy FindingsAndImpression { get; } =
        new("findings+impression", "findings followed by impression, or the one there is",
            r => string.Join(' ', new[] { r.Last(ReportSections.Findings), r.Last(ReportSections.Impression) }.OfType<string>()));

    /// <summary>The findings section; the impression where a report has no findings.</summary>
    public static SectionPolicy FindingsElseImpression { get; } =
        new("findings-else-impression", "findings, else impression",
            r => r.Last(ReportSections.Findings) ?? r.Last(ReportSections.Impression));

    /// <summary>
    /// Findings, else impression, else the last paragraph of a report without either
    /// (a last paragraph is only looked for in such reports).
    /// </summary>
    public static SectionPolicy LastParagraph { get; } =
        new("last-paragraph", "findings, else impression, else the last paragraph",
            r => r.Last(ReportSections.Findings) ?? r.Last(ReportSections.Impression) ?? r.Last(ReportSections.LastParagraph));

    /// <summary>The whole text: for tables whose text column holds a caption and not a report with headers.</summary>
    public static SectionPolicy WholeReport { get; } = new("whole-report", "the whole text, headers included", r => r.Report);

    /// <summary>Every policy, the default first.</summary>
    public static IReadOnlyList<SectionPolicy> All { get; } =
        [Findings, Impression, FindingsAndImpression, FindingsElseImpression, LastParagraph, WholeReport];

    /// <summary>The name a configuration gives, such as "findings-else-impression".</summary>
    public string Name { get; }

    /// <summary>What it selects, in a few words for a help text.</summary>
    public string Description { get; }

    /// <summary>The policy called <paramref name="name"/>.</summary>
    /// <exception cref="UserErrorException">No policy has that name.</exception>
    public static SectionPolicy Parse(string name) =>
        All.FirstOrDefault(p => p.Name == name)
        ?? throw new UserErrorException($"Unknown report section '{name}'. Expected one of: {string.Join(", ", All.Select(p => p.Name))}.");

    /// <summary>The caption, in one line without leading or doubled spaces; null where the report has none.</summary>
    public string? Select(ReportSections report) =>
        select(report) is { } text && CollapseWhitespace(text) is { Length: > 0 } line ? line : null;

    /// <summary>The policy's name, such as "findings".</summary>
    public override string ToString() => Name;

    private static string CollapseWhitespace(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
