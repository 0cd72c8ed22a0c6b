using System.Text;
using RadTex.Files;
using static RadTex.Reporting.HtmlText;

namespace RadTex.Reporting;

/// <summary>
/// A page for a person to read: one HTML file with everything inside (style, charts, pictures), no script, nothing fetched from
/// elsewhere. First come the title, what is added before the first heading and the verdicts; then a list of contents, made of the
/// headings; then the sections, in the order they are added. Every text given is escaped.
/// </summary>
public sealed class HtmlReport
{
    /// <summary>A page of fewer sections is seen at a glance and needs no list of them.</summary>
    private const int LeastSectionsForContents = 3;

    /// <summary>Of more headings the contents name the sections alone; of more sections they are folded, to be opened by a click.</summary>
    private const int MostContents = 30;

    private readonly string title;
    private readonly StringBuilder opening = new(), sections = new();
    private readonly List<(int Level, string Text)> headings = [];
    private int charts, tables;

    /// <summary>A page with a title and, under it, what the page is in a sentence or two.</summary>
    public HtmlReport(string title, string? lead = null)
    {
        this.title = title;
        Append($"<h1>{Escape(title)}</h1>\n");
        if (lead is not null) Append($"<p class=\"lead\">{Escape(lead)}</p>\n");
    }

    /// <summary>What the page comes to: it stands before the contents, wherever in the page's making it is said.</summary>
    /// <param name="verdict">The answer, in a few words.</param>
    /// <param name="about">The question or claim it answers; null where the verdict says it all.</param>
    public HtmlReport Verdict(string verdict, string? about = null)
    {
        opening.Append($"<p class=\"verdict\">{(about is null ? "" : $"<span>{Escape(about)}</span>\n")}<strong>{Escape(verdict)}</strong></p>\n");
        return this;
    }

    /// <summary>Starts a section.</summary>
    public HtmlReport Heading(string text) => AddHeading(2, text);

    /// <summary>Starts a part of a section.</summary>
    /// <exception cref="InvalidOperationException">No section was started.</exception>
    public HtmlReport Subheading(string text) =>
        headings.Count > 0 ? AddHeading(3, text) : throw new InvalidOperationException("A subheading needs a heading before it.");

    /// <summary>A paragraph; its line breaks are kept.</summary>
    public HtmlReport Paragraph(string text) => Append($"<p>{Escape(text)}</p>\n");

    /// <summary>Several short statements, one a line.</summary>
    public HtmlReport List(IReadOnlyList<string> items) => Append($"<ul>{string.Concat(items.Select(i => $"<li>{Escape(i)}</li>\n"))}</ul>\n");

    /// <summary>A paragraph no reader should miss, such as that the radiographs are synthetic.</summary>
    public HtmlReport Note(string text) => Append($"<p class=\"note\">{Escape(text)}</p>\n");

    /// <summary>Text as a machine wrote or reads it, such as a command line.</summary>
    public HtmlReport Code(string text) => Append($"<pre tabindex=\"0\">{Escape(text)}</pre>\n");

    /// <summary>The few figures that matter most, large.</summary>
    public HtmlReport Tiles(params IReadOnlyList<(string Figure, string Meaning)> tiles) =>
        Append(
            $"<ul class=\"tiles\">{string.Concat(tiles.Select(t => $"<li><b>{Escape(t.Figure)}</b><span>{Escape(t.Meaning)}</span></li>"))}</ul>\n");

    /// <summary>A table with what it shows said under it. One wider than the window scrolls sideways beside its row heads, and says so.</summary>
    /// <exception cref="ArgumentException">A row has more or fewer texts than there are columns, or groups do not add up to the columns.</exception>
    public HtmlReport Table(HtmlTable table, string? caption = null)
    {
        var label = $"Table {++tables}: {(headings.Count > 0 ? headings[^1].Text : title)}";
        Append($"<figure class=\"table\"><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{Escape(label)}\">");
        return Append(HtmlTableText.Render(table)).Append("</div>\n").CloseFigure(caption);
    }

    /// <summary>
    /// A chart with what it shows said under it. More than six lines are drawn in several panels that share their axes.
    /// </summary>
    /// <exception cref="ArgumentException">A logarithmic axis with an x that is not above 0.</exception>
    public HtmlReport Chart(LineChart chart, string? caption = null)
    {
        var panels = ChartPanel.Of(chart);
        if (panels.Count == 1) return Append($"<figure>{LineChartSvg.Render(chart, panels[0], $"chart{++charts}")}").CloseFigure(caption);
        Append("<figure class=\"panels\"><div>\n");
        foreach (var panel in panels)
            Append($"<div><p class=\"panel\">{Escape(panel.Title)}</p>{LineChartSvg.Render(chart, panel, $"chart{++charts}")}</div>\n");
        return Append("</div>\n").CloseFigure(caption);
    }

    /// <summary>Pictures side by side, each with its texts under it.</summary>
    public HtmlReport Images(IEnumerable<ReportImage> images)
    {
        Append("<div class=\"images\">\n");
        foreach (var image in images)
        {
            Append($"<figure><img alt=\"{Escape(image.Description)}\" src=\"{DataUri(image.Png)}\">\n<dl>");
            foreach (var (head, text) in image.Captions) Append($"<dt>{Escape(head)}</dt><dd>{Escape(text)}</dd>");
            Append("</dl></figure>\n");
        }
        return Append("</div>\n");
    }

    /// <summary>
    /// A picture beside texts about it. A word that has a map lays it over the picture while the pointer is on it or it has the focus, and
    /// puts its scale under the picture: by style alone, without a script.
    /// </summary>
    /// <param name="image">The picture.</param>
    /// <param name="mapUnit">What a map's values are, such as "share of the attention"; null where no word has a map.</param>
    /// <param name="texts">The texts.</param>
    public HtmlReport Reading(ReportImage image, string? mapUnit, params IReadOnlyList<AnnotatedText> texts)
    {
        Append($"<div class=\"reading\"><figure><img alt=\"{Escape(image.Description)}\" src=\"{DataUri(image.Png)}\">\n");
        if (mapUnit is not null)
        {
            Append("<p class=\"scale\" data-most=\"largest\"><i></i></p>");
            Append($"<figcaption>{Escape(mapUnit)}. Each word has its own scale: clear at 0, opaque at its largest value.</figcaption>");
        }
        Append("</figure>\n<div>");
        foreach (var text in texts)
        {
            Append($"<p class=\"head\">{Escape(text.Head)}</p>\n<p>");
            foreach (var word in text.Words) AddWord(word);
            Append("</p>\n");
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
        <main>
        {opening}{Contents()}{sections}</main>
        </body>
        </html>

        """;

    /// <summary>Writes the document, whole or not at all.</summary>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.WriteAllText(path, ToHtml());

    private static string DataUri(ReadOnlyMemory<byte> png) => $"data:image/png;base64,{Convert.ToBase64String(png.Span)}";

    private HtmlReport CloseFigure(string? caption) =>
        Append(caption is null ? "</figure>\n" : $"<figcaption>{Escape(caption)}</figcaption></figure>\n");

    private void AddWord(AnnotatedWord word)
    {
        if (word.SpaceBefore) Append(" ");
        var mark = word.Mark switch
        {
            WordMark.Agrees =>
            " agree",
            WordMark.Contradicts => " contradict",
            WordMark.Unmatched => " unmatched",
            _ => ""
        };
        var focus = word.Map is null ? "" : " tabindex=\"0\"";
        var note = word.Note.Length > 0 ? $" title=\"{Escape(word.Note)}\"" : "";
        Append($"<span class=\"w{mark}\"{focus}{note}>{Escape(word.Text)}");
        if (word.Map is { } map)
            Append($"<img alt=\"\" src=\"{DataUri(map.Png)}\"><span class=\"scale\" data-most=\"{map.Largest:G2}\"><i></i></span>");
        Append("</span>");
    }

    private HtmlReport AddHeading(int level, string text)
    {
        headings.Add((level, text));
        return Append($"<h{level} id=\"section{headings.Count}\">{Escape(text)}</h{level}>\n");
    }

    private string Contents()
    {
        if (headings.Count(h => h.Level == 2) < LeastSectionsForContents) return "";
        var entries = headings.Select((h, i) => (h.Level, h.Text, Number: i + 1)).ToList();
        if (entries.Count > MostContents) entries = [.. entries.Where(e => e.Level == 2)];
        var items = entries.Select(e => $"<li{(e.Level == 3 ? " class=\"part\"" : "")}><a href=\"#section{e.Number}\">{Escape(e.Text)}</a></li>\n");
        var details = entries.Count > MostContents ? "<details>" : "<details open>";
        return "<nav class=\"contents\" "
            + $"aria-label=\"Contents\">{details}<summary>Contents</summary>\n<ul>\n{string.Concat(items)}</ul></details></nav>\n";
    }

    private HtmlReport Append(string html)
    {
        (headings.Count == 0 ? opening : sections).Append(html);
        return this;
    }
}
