namespace RadTex.Studies.Archives;

/// <summary>A report of Open-I.</summary>
/// <param name="Id">Its number, which is also all that is known of the patient.</param>
/// <param name="Sections">Headers such as FINDINGS with their texts, in order; empty sections are left out.</param>
/// <param name="Headings">The MeSH headings it was indexed with, without their qualifiers.</param>
/// <param name="Images">Its pictures: id, file name, and the view where the archive says it.</param>
/// <param name="Table">The file it stands in.</param>
/// <param name="Row">Its line there; in XML its number from 1.</param>
internal sealed record OpenIReport(
    string Id, IReadOnlyList<(string Header, string Text)> Sections, IReadOnlyList<string> Headings,
    IReadOnlyList<(string Id, string File, string View)> Images, string Table, long Row)
{
    /// <summary>
    /// The report as text with headers, which every section policy reads; each section is one line, so nothing in it can pass for a header.
    /// </summary>
    internal string Text => string.Concat(Sections.Select(s => $"\n {s.Header}: {s.Text}\n"));

    /// <summary>A section whose whitespace is collapsed; none where it is empty.</summary>
    internal static IEnumerable<(string Header, string Text)> Section(string header, string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) is { Length: > 0 } line
            ? [(header.ToUpperInvariant(), line)]
            : [];
}
