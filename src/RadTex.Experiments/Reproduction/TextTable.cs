using System.Text;
using RadTex.Files;
using RadTex.Reporting;

namespace RadTex.Experiments.Reproduction;

/// <summary>A table as Markdown, LaTeX and CSV.</summary>
/// <param name="Caption">What it shows.</param>
/// <param name="Columns">Heads.</param>
/// <param name="Rows">Cells.</param>
public sealed record TextTable(string Caption, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>Heads over several columns each, from the second column on, for pages; null for none. A file's columns say it themselves.</summary>
    public IReadOnlyList<(string Head, IReadOnlyList<string> Columns)>? Groups { get; init; }

    /// <summary>The table of a page.</summary>
    internal HtmlTable ToHtml() => Groups is null ? new(Columns, Rows)
        : new([Columns[0], .. Groups.SelectMany(g => g.Columns)], Rows, Groups: [.. Groups.Select(g => (g.Head, g.Columns.Count))]);

    /// <summary>A pipe table under its caption.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder($"{Caption}\n\n");
        void Line(IEnumerable<string> cells) =>
            text.Append($"| {string.Join(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal)))} |\n");
        Line(Columns);
        Line(Columns.Select(_ => "---"));
        foreach (var row in Rows) Line(row);
        return text.ToString();
    }

    /// <summary>A table environment with booktabs rules.</summary>
    public string ToLatex()
    {
        static string Escape(string text) => string.Concat(text.Select(c => c switch
        {
            '&' or '%' or '#' or '_' or '$' or '{' or '}' => $"\\{c}",
            '–' => "--",
            '±' => "$\\pm$",
            '<' or '>' => $"${c}$", // in text they are other characters
            _ => $"{c}",
        }));
        var text = new StringBuilder(
            $"\\begin{{table}}\n\\caption{{{Escape(Caption)}}}\n\\begin{{tabular}}{{l{new string('r', Columns.Count - 1)}}}\n\\toprule\n");
        text.Append($"{string.Join(" & ", Columns.Select(Escape))} \\\\\n\\midrule\n");
        foreach (var row in Rows) text.Append($"{string.Join(" & ", row.Select(Escape))} \\\\\n");
        return text.Append("\\bottomrule\n\\end{tabular}\n\\end{table}\n").ToString();
    }

    /// <summary>Comma-separated values, a header first.</summary>
    public string ToCsv()
    {
        static string Cell(string text) =>
            text.AsSpan().IndexOfAny(",\"\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
        return string.Concat(Rows.Prepend(Columns).Select(r => string.Join(',', r.Select(Cell)) + "\n"));
    }

    /// <summary>Writes NAME.md, NAME.tex and NAME.csv.</summary>
    internal void Save(string folder, string name)
    {
        AtomicFile.WriteAllText(Path.Combine(folder, name + ".md"), ToMarkdown());
        AtomicFile.WriteAllText(Path.Combine(folder, name + ".tex"), ToLatex());
        AtomicFile.WriteAllText(Path.Combine(folder, name + ".csv"), ToCsv());
    }
}
