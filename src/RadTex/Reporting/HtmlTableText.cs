using System.Text;
using System.Text.RegularExpressions;
using static RadTex.Reporting.HtmlText;

namespace RadTex.Reporting;

/// <summary>Writes an <see cref="HtmlTable"/> as HTML.</summary>
internal static partial class HtmlTableText
{
    /// <summary>A longer text may wrap: a figure never does.</summary>
    private const int LongestFigure = 28;

    internal static string Render(HtmlTable table)
    {
        for (int i = 0; i < table.Rows.Count; i++)
        {
            if (table.Rows[i].Count != table.Columns.Count)
                throw new ArgumentException($"row {i} has {table.Rows[i].Count} texts for {table.Columns.Count} columns", nameof(table));
        }
        var html = new StringBuilder($"<table{(table.IsText ? " class=\"words\"" : "")}>\n<thead>");
        if (table.Groups is { } groups)
        {
            int width = groups.Sum(g => g.Columns);
            if (width != table.Columns.Count - 1)
                throw new ArgumentException($"groups over {width} columns for {table.Columns.Count - 1} after the first", nameof(table));
            html.Append("<tr><td></td>");
            foreach (var (head, columns) in groups) html.Append($"<th scope=\"colgroup\" colspan=\"{columns}\" class=\"first\">{Escape(head)}</th>");
            html.Append("</tr>\n");
        }
        var isFirst = FirstOfGroups(table);
        html.Append("<tr>");
        for (int i = 0; i < table.Columns.Count; i++)
        {
            var kind = isFirst[i] ? " class=\"first\"" : "";
            html.Append(table.Columns[i].Length == 0 ? "<td></td>" : $"<th scope=\"col\"{kind}>{Escape(table.Columns[i])}</th>");
        }
        html.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
            html.Append($"<tr><th scope=\"row\">{Escape(row[0])}</th>{string.Concat(row.Skip(1).Select((c, i) => Cell(c, isFirst[i + 1])))}</tr>\n");
        return html.Append("</tbody></table>").ToString();
    }

    private static bool[] FirstOfGroups(HtmlTable table)
    {
        var isFirst = new bool[table.Columns.Count];
        int next = 1;
        foreach (var (_, columns) in table.Groups ?? [])
        {
            isFirst[next] = true;
            next += columns;
        }
        return isFirst;
    }

    private static string Cell(string text, bool isFirst)
    {
        var match = FigureWithInterval().Match(text);
        bool isLong = !match.Success && (text.Length > LongestFigure || text.StartsWith("n/a:", StringComparison.Ordinal));
        string[] kinds = [.. isFirst ? ["first"] : Array.Empty<string>(), .. isLong ? ["long"] : Array.Empty<string>()];
        var kind = kinds.Length == 0 ? "" : $" class=\"{string.Join(' ', kinds)}\"";
        return !match.Success ? $"<td{kind}>{Escape(text)}</td>"
            : $"<td{kind}><span>{Escape(match.Groups[1].Value)}</span> <span class=\"interval\">{Escape(match.Groups[2].Value)}</span></td>";
    }

    [GeneratedRegex(@"^(\S+) (\[[^\[\]]+\])$")]
    private static partial Regex FigureWithInterval();
}
