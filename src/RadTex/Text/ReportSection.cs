namespace RadTex.Text;

/// <summary>One section of a report.</summary>
/// <param name="Name">
/// The section's name after normalisation: "findings", "impression", "indication", "history", "comparison" and so on, the header
/// in lower case where no rule knows it, or one of <see cref="ReportSections.Preamble"/>, <see cref="ReportSections.FullReport"/>
/// and <see cref="ReportSections.LastParagraph"/>.
/// </param>
/// <param name="Text">The section's text as it stands in the report, line breaks included, without the header.</param>
public readonly record struct ReportSection(string Name, string Text);
