namespace RadTex.Reporting;

/// <summary>
/// A table of texts; the first column names the row, the others are set to the right as figures are unless told otherwise. A figure with
/// its interval ("0.81 [0.78, 0.84]") may take two lines.
/// </summary>
/// <param name="Columns">The column heads.</param>
/// <param name="Rows">The rows, each with a text a column; any text, it is escaped.</param>
/// <param name="IsText">Whether the further columns hold words and not figures.</param>
/// <param name="Groups">Heads over several columns each, from the second column on; null for none.</param>
public sealed record HtmlTable(
    IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, bool IsText = false,
    IReadOnlyList<(string Head, int Columns)>? Groups = null);
