using RadTex.Studies.Tables;

namespace RadTex.Studio.Imports;

/// <summary>Labels of a table: a row a label (image_id, finding, current or value, reader), or a row a radiograph and a column a finding.</summary>
internal static class LabelTableLabels
{
    private const string Id = "image_id", Finding = "finding";

    /// <exception cref="UserErrorException">The file is no such table.</exception>
    internal static IReadOnlyList<ImportedRow> Read(string path, IReadOnlyList<string> findings)
    {
        using var table = Table.Open(path);
        int id = table.Require(Id, "Expected the ids of the dataset's radiographs."), reader = table.Find("reader"), finding = table.Find(Finding);
        (int Column, string? Finding)[] columns = finding >= 0
            ? [(table.Find("current", "value", "label") is >= 0 and var value ? value : table.Require("current", "Expected the answers."), null)]
            : [.. findings.Select(f => (Column: table.Find(f), (string?)f)).Where(c => c.Column >= 0)];
        if (columns.Length == 0)
            throw new UserErrorException(
                $"{path} has neither a column '{Finding}' nor one of {string.Join(", ", findings)}. Expected one or the other beside '{Id}'.");
        var rows = new List<ImportedRow>();
        while (table.Read())
            foreach (var (column, name) in columns)
                rows.Add(new(
                    table[id].Trim(), reader < 0 ? "" : table[reader].Trim(), name ?? table[finding].Trim(), table[column].Trim(),
                    $"row {table.Row}"));
        return rows;
    }
}
