using System.Globalization;
using System.Text.RegularExpressions;
using RadTex.Gating;
using RadTex.Reporting;
using RadTex.Text;

namespace RadTex.Learning.Reading;

/// <summary>
/// Figure 4 of the paper as a page: each radiograph with its true and its generated findings, what agrees and what contradicts coloured,
/// and what the model looked at under the pointer.
/// </summary>
public static partial class FigurePage
{
    /// <summary>A page of radiographs beside what was read, each word with its map (the paper's Figure 4).</summary>
    /// <param name="reports">Those to show.</param>
    /// <param name="model">Where the model came from.</param>
    /// <param name="origins">What is drawn: see <see cref="Origins"/>.</param>
    /// <param name="map">What the words' maps show.</param>
    /// <param name="refused">Those the gate refused, by their names.</param>
    public static HtmlReport Build(
        IReadOnlyList<ReadReport> reports, string model, IEnumerable<string> origins, MapKind map = MapKind.Attention,
        IReadOnlyList<(string Name, Refusal Refusal)>? refused = null)
    {
        var page = new HtmlReport(
            "Radiographs read",
            $"Point at a generated word to see {Shows(map)}, at a full stop for the whole sentence.");
        foreach (var line in origins) page.Note(line);
        page.Note("Research only: generated text is not a diagnosis.");
        var compared = reports.Where(r => r.Image.TrueText is not null).ToList();
        if (compared.Count > 0)
        {
            int contradicted = compared.Count(r => Marks(r.Text, r.Image.TrueText!).Exists(m => m.Mark == WordMark.Contradicts));
            page.Verdict(
                $"In {contradicted:N0} of {compared.Count:N0} radiographs.",
                "Where does a generated text state a finding that the true one denies, or deny one that it states?");
        }
        page.Paragraph($"Model: {model}.");
        AddReports(page, reports, map);
        if (refused is { Count: > 0 }) page.Heading($"Not read: {refused.Count:N0}");
        foreach (var (name, refusal) in refused ?? []) page.Paragraph($"{name}: {refusal.Reason}.");
        return page;
    }

    /// <summary>The radiographs with their texts, each a section or a part of one.</summary>
    internal static void AddReports(HtmlReport page, IReadOnlyList<ReadReport> reports, MapKind map, bool isPart = false)
    {
        if (reports.Any(report => report.Image.TrueText is not null))
            page.Paragraph(
                "Green: a finding that both texts state, or both deny. Wavy on orange: one states what the other denies. "
                    + "Dotted: the other does not mention it. The rules that find findings make mistakes of their own.");
        foreach (var report in reports)
        {
            var picture = ReportImage.FromGrey(report.View.Span, report.Side, report.Side, $"radiograph {report.Image.Name}");
            var generated = Annotate(report);
            _ = isPart ? page.Subheading(report.Image.Name) : page.Heading(report.Image.Name);
            if (report.Image.Refusal is { } marked) page.Note($"Read all the same: {marked.Reason}.");
            if (report.Image.TrueText is { } truth)
                page.Reading(picture, Unit(map), new AnnotatedText("True findings", Marked(truth, report.Text)), generated);
            else page.Reading(picture, Unit(map), generated);
        }
    }

    /// <summary>What a reader must know of the model's radiographs and of these; nothing where neither is synthetic, as far as is known.</summary>
    /// <param name="modelSynthetic">Whether the model learnt from synthetic radiographs.</param>
    /// <param name="radiographsSynthetic">Whether those it reads are synthetic; false for files, of which it is not known.</param>
    public static IEnumerable<string> Origins(bool modelSynthetic, bool radiographsSynthetic)
    {
        if (radiographsSynthetic) yield return "Synthetic: these radiographs are drawn. Nothing here is about a patient.";
        if (modelSynthetic && !radiographsSynthetic)
            yield return "The model learnt from synthetic (drawn) radiographs; these are not known to be synthetic. What it writes "
                + "about a patient's radiograph cannot be relied on.";
        else if (modelSynthetic) yield return "The model learnt from synthetic (drawn) radiographs too.";
    }

    private static AnnotatedText Annotate(ReadReport report)
    {
        var marks = report.Image.TrueText is { } truth ? Marks(report.Text, truth) : [];
        var words = new List<AnnotatedWord>();
        int position = 0, sentence = 0;
        for (int i = 0; i < report.Words.Count; i++)
        {
            var word = report.Words[i];
            if (word.SpaceBefore) position++;
            var (mark, note) = marks.FirstOrDefault(m => m.Start < position + word.Text.Length && position < m.End) is { Note: not null } found
                ? (found.Mark, found.Note)
                : (WordMark.None, "");
            bool ends = word.Text is "." or "?" or "!";
            var map = ends ? PatchMaps.Mean([.. report.Words.Skip(sentence).Take(i + 1 - sentence).Select(w => w.Map)]) : word.Map;
            var chance = $"probability {word.Probability.ToString("0.###", CultureInfo.InvariantCulture)}{(ends ? "; map: the sentence" : "")}";
            words.Add(
                new(
                    word.Text, word.SpaceBefore, mark, note.Length > 0 ? $"{note}; {chance}" : chance,
                    MapPicture.Of(map, report.GridSide, report.GridSide)));
            position += word.Text.Length;
            if (ends) sentence = i + 1;
        }
        return new($"Generated findings{(report.IsComplete ? "" : " (cut at the longest length)")}", words);
    }

    // A text's words with the marks that comparing it with another gives.
    private static AnnotatedWord[] Marked(string text, string other)
    {
        var marks = Marks(text, other);
        return [.. Word().Matches(text).Select(match =>
        {
            var found = marks.FirstOrDefault(m => m.Start < match.Index + match.Length && match.Index < m.End);
            return new AnnotatedWord(match.Value, match.Index > 0, found.Mark, found.Note ?? "");
        })];
    }

    // What the text says of each finding against what the other says of it as a whole.
    private static List<(int Start, int End, WordMark Mark, string? Note)> Marks(string text, string other)
    {
        var others = FindingLabeller.Label(other);
        return [.. FindingLabeller.Mentions(text).Select(mention =>
        {
            bool isMentioned = others.TryGetValue(mention.Finding, out var status);
            var mark = !isMentioned ? WordMark.Unmatched : status == mention.Status ? WordMark.Agrees
                : status == Mention.Uncertain || mention.Status == Mention.Uncertain ? WordMark.Unmatched : WordMark.Contradicts;
            var said = $"{mention.Finding}: {Says(mention.Status)}";
            return (
                mention.Start, mention.Start + mention.Length, mark,
                (string?)(isMentioned ? $"{said}; the other text: {Says(status)}" : $"{said}; not in the other text"));
        })];
    }

    private static string Unit(MapKind map) => map switch
    {
        MapKind.GradCam => "Grad-CAM, in units of its own",
        MapKind.LayerCam => "LayerCAM, in units of its own",
        MapKind.RollOut => "Share of the word's attention that a patch has, followed through the encoder's layers",
        MapKind.Occlusion => "Fall of the word's log-probability where the square is hidden, in nats",
        _ => "Share of the word's attention that a patch of the picture has",
    };

    internal static string Shows(MapKind map) => map switch
    {
        MapKind.GradCam => "where the picture speaks for it (Grad-CAM)",
        MapKind.LayerCam => "where the picture speaks for it (LayerCAM)",
        MapKind.RollOut => "where the decoder looked, followed through the encoder's attention (roll-out)",
        MapKind.Occlusion => "where hiding the picture makes it less likely (occlusion)",
        _ => "where the decoder looked while it wrote it (cross-attention: what was weighed, not why)",
    };

    private static string Says(Mention status) => status switch { Mention.Positive => "present", Mention.Negative => "absent", _ => "uncertain" };

    [GeneratedRegex(@"\S+")]
    private static partial Regex Word();
}
