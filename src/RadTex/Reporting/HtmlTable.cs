namespace RadTex.Reporting;

/// <summary>A table of texts; the first column names the row, the others are set to the right as figures are unless told otherwise.</summary>
/// <param name="Columns">The column heads.</param>
/// <param name="Rows">The rows, each with a text a column; any text, it is escaped.</param>
/// <param name="IsText">Whether the further columns hold words and not figures.</param>
public sealed record HtmlTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, bool IsText = false);
