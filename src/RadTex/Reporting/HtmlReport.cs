using System.Text;
using static RadTex.Reporting.HtmlText;

namespace RadTex.Reporting;

/// <summary>
/// A page for a person to read: one HTML file with everything inside (style, charts, pictures), no script, nothing fetched from
/// elsewhere. Parts appear in the order they are added; every text given is escaped.
/// </summary>
public sealed class HtmlReport
{
    private readonly string title;
    private readonly StringBuilder body = new();
    private int charts;

    /// <summary>A page with a title and, under it, what the page is in a sentence or two.</summary>
    public HtmlReport(string title, string? lead = null)
    {
        this.title = title;
        body.Append($"<h1>{Escape(title)}</h1>\n");
        if (lead is not null) body.Append($"<p class=\"lead\">{Escape(lead)}</p>\n");
    }

    /// <summary>Starts a section.</summary>
    public HtmlReport Heading(string text) => Append($"<h2>{Escape(text)}</h2>\n");

    /// <summary>A paragraph; its line breaks are kept.</summary>
    public HtmlReport Paragraph(string text) => Append($"<p>{Escape(text)}</p>\n");

    /// <summary>A paragraph no reader should miss, such as that the radiographs are synthetic.</summary>
    public HtmlReport Note(string text) => Append($"<p class=\"note\">{Escape(text)}</p>\n");

    /// <summary>Text as a machine wrote or reads it, such as a command line.</summary>
    public HtmlReport Code(string text) => Append($"<pre>{Escape(text)}</pre>\n");

    /// <summary>The few figures that matter most, large.</summary>
    public HtmlReport Tiles(params IReadOnlyList<(string Figure, string Meaning)> tiles) =>
        Append($"<ul class=\"tiles\">{string.Concat(tiles.Select(t => $"<li><b>{Escape(t.Figure)}</b><span>{Escape(t.Meaning)}</span></li>"))}</ul>\n");

    /// <summary>A table with what it shows said under it.</summary>
    /// <exception cref="ArgumentException">A row has more or fewer texts than there are columns.</exception>
    public HtmlReport Table(HtmlTable table, string? caption = null)
    {
        for (int i = 0; i < table.Rows.Count; i++)
        {
            if (table.Rows[i].Count != table.Columns.Count)
                throw new ArgumentException($"row {i} has {table.Rows[i].Count} texts for {table.Columns.Count} columns", nameof(table));
        }
        body.Append($"<figure><div class=\"scroll\"><table{(table.IsText ? " class=\"words\"" : "")}>\n<thead><tr>");
        body.Append(string.Concat(table.Columns.Select(c => $"<th scope=\"col\">{Escape(c)}</th>"))).Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
            body.Append($"<tr><th scope=\"row\">{Escape(row[0])}</th>{string.Concat(row.Skip(1).Select(c => $"<td>{Escape(c)}</td>"))}</tr>\n");
        return Append("</tbody></table></div>\n").CloseFigure(caption);
    }

    /// <summary>A chart with what it shows said under it.</summary>
    /// <exception cref="ArgumentException">A logarithmic axis with an x that is not above 0.</exception>
    public HtmlReport Chart(LineChart chart, string? caption = null) => Append($"<figure>{LineChartSvg.Render(chart, $"chart{++charts}")}").CloseFigure(caption);

    /// <summary>Pictures side by side, each with its texts under it.</summary>
    public HtmlReport Images(IEnumerable<ReportImage> images)
    {
        body.Append("<div class=\"images\">\n");
        foreach (var image in images)
        {
            body.Append($"<figure><img alt=\"{Escape(image.Description)}\" src=\"{DataUri(image.Png)}\">\n<dl>");
            foreach (var (head, text) in image.Captions) body.Append($"<dt>{Escape(head)}</dt><dd>{Escape(text)}</dd>");
            body.Append("</dl></figure>\n");
        }
        return Append("</div>\n");
    }

    /// <summary>
    /// A picture beside texts about it. A word that has a map lays it over the picture while the pointer is on it or it has the focus: by
    /// style alone, without a script.
    /// </summary>
    public HtmlReport Reading(ReportImage image, params IReadOnlyList<AnnotatedText> texts)
    {
        body.Append($"<div class=\"reading\"><img alt=\"{Escape(image.Description)}\" src=\"{DataUri(image.Png)}\">\n<div>");
        foreach (var text in texts)
        {
            body.Append($"<h3>{Escape(text.Head)}</h3>\n<p>");
            foreach (var word in text.Words)
            {
                if (word.SpaceBefore) body.Append(' ');
                var mark = word.Mark switch { WordMark.Agrees => " agree", WordMark.Contradicts => " contradict", WordMark.Unmatched => " unmatched", _ => "" };
                body.Append($"<span class=\"w{mark}\"{(word.Map.IsEmpty ? "" : " tabindex=\"0\"")}{(word.Note.Length > 0 ? $" title=\"{Escape(word.Note)}\"" : "")}>{Escape(word.Text)}");
                if (!word.Map.IsEmpty) body.Append($"<img alt=\"\" src=\"{DataUri(word.Map)}\">");
                body.Append("</span>");
            }
            body.Append("</p>\n");
        }
        return Append("</div></div>\n");
    }

    /// <summary>The whole document.</summary>
    public string ToHtml() =>
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
        <title>{Escape(title)}</title>
        <style>
        {ReportStyle.Css}
        </style>
        </head>
        <body>
        {body}</body>
        </html>

        """;

    /// <summary>Writes the document, whole or not at all.</summary>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.WriteAllText(path, ToHtml());

    private static string DataUri(ReadOnlyMemory<byte> png) => $"data:image/png;base64,{Convert.ToBase64String(png.Span)}";

    private HtmlReport CloseFigure(string? caption) =>
        Append(caption is null ? "</figure>\n" : $"<figcaption>{Escape(caption)}</figcaption></figure>\n");

    private HtmlReport Append(string html)
    {
        body.Append(html);
        return this;
    }
}
