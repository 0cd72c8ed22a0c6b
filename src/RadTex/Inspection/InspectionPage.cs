using RadTex.Data;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Reporting;
using RadTex.Studies;

namespace RadTex.Inspection;

/// <summary>
/// A <see cref="DatasetInspection"/> as a page: counts, lengths, grey levels, contact sheets with the strangest pictures first, duplicates.
/// </summary>
public static class InspectionPage
{
    /// <summary>The page's file.</summary>
    public const string Name = "inspection.html";

    private const int ThumbnailSide = 128, MostLabelsTogether = 20, MostPairs = 12;

    private static readonly string[] Splits = [.. SplitNames.All.Select(s => s.Name())];

    /// <summary>The page of an inspection, pictures included.</summary>
    /// <param name="inspection">What was found.</param>
    /// <param name="dataset">For the pictures.</param>
    public static HtmlReport Render(DatasetInspection inspection, PreparedDataset dataset)
    {
        int marked = inspection.Groups.Sum(g => g.MostUnlike.Count(i => i.Marks.Count > 0));
        var page = new HtmlReport($"Inspection of {Path.GetFileName(Path.TrimEndingDirectorySeparator(inspection.Dataset))}",
            $"{inspection.Count:N0} radiographs from {inspection.Source}, intensity {inspection.Intensity}, dataset hash {inspection.Hash[..12]}.");
        if (inspection.Synthetic) page.Note("These radiographs are SYNTHETIC: drawn, not taken of patients.");
        int across = inspection.Duplicates.Count(d => d.FirstSplit != d.SecondSplit);
        var strange = marked == 0 ? "No radiograph stands out" : $"{marked:N0} of those shown stand out";
        var twice = inspection.Duplicates.Count == 0 ? "no two show one exposure"
            : $"{inspection.Duplicates.Count:N0} {(inspection.Duplicates.Count == 1 ? "pair shows" : "pairs show")} one "
            + $"exposure, {across:N0} across splits";
        page.Verdict($"{strange}; {twice}.", "Is anything strange in this dataset?");
        page.Tiles(
            [.. Splits.Select(
                s => (
                    $"{inspection.Splits[s].Radiographs:N0}",
                    $"{s}: {inspection.Splits[s].Studies:N0} studies, {inspection.Splits[s].Patients:N0} patients")),
            ($"{marked:N0}", "radiographs shown below that stand out"), ($"{inspection.Duplicates.Count:N0}", "pairs that show one exposure")]);
        AddCounts(page, inspection);
        AddText(page, inspection.Text);
        AddGreyLevels(page, inspection);
        AddSheets(page, inspection, dataset);
        AddDuplicates(page, inspection, dataset);
        return page;
    }

    private static void AddCounts(HtmlReport page, DatasetInspection inspection)
    {
        page.Heading("Views").Table(
            new HtmlTable(
                ["view", .. Splits],
                [.. inspection.Views.Select(v => (IReadOnlyList<string>)[NameOf(v.View), .. Splits.Select(s => $"{v.Splits[s]:N0}")])]));
        if (inspection.Labels.Count == 0) return;
        page.Heading("Labels").Table(
            new HtmlTable(["label", .. Splits.SelectMany(_ => new[] { "positive", "negative", "uncertain", "absent" })],
                [.. inspection.Labels.Select(l => (IReadOnlyList<string>)[
                    l.Name, .. Splits.Select(s => l.Splits[s]).SelectMany(c => (int[])[c.Positive, c.Negative, c.Uncertain, c.Absent])
                        .Select(n => $"{n:N0}")])],
                Groups: [.. Splits.Select(s => (s, 4))]),
            "Absent is not negative: such radiographs are left out of a task on that label.");
        int[] common = [.. Enumerable.Range(0, inspection.Labels.Count).Where(i => inspection.CoOccurrence[i][i] > 0)
            .OrderByDescending(i => inspection.CoOccurrence[i][i]).Take(MostLabelsTogether).Order()];
        if (common.Length > 1)
            page.Heading("Labels together").Table(
                new HtmlTable(["positive for both", .. common.Select(i => inspection.Labels[i].Name)],
                    [.. common.Select(
                        i => (IReadOnlyList<string>)[inspection.Labels[i].Name, .. common.Select(j => $"{inspection.CoOccurrence[i][j]:N0}")])]),
                "The diagonal holds the positives of one label."
                    + (
                        common.Length == MostLabelsTogether
                            ? $" The {MostLabelsTogether} commonest labels; all are in {DatasetInspector.JsonName}."
                            : ""));
    }

    private static void AddText(HtmlReport page, CaptionLengths text)
    {
        page.Heading("Captions");
        if (text.Captions == 0)
        {
            page.Paragraph("The dataset has no text.");
            return;
        }
        page.Paragraph($"{text.Captions:N0} captions (policy {text.Policy}, a study's counted once), {text.MeanWords:0.0} words on average. "
            + (text.Tokens is { } tokens ? tokens.ToString() : "Give a vocabulary for the rates of [UNK] and of captions cut."));
        page.Chart(
            new LineChart(
                "words", "captions",
                [new ChartSeries("captions", [.. text.Histogram.Select((count, bin) => new ChartPoint((bin + 0.5) * text.BinWords, count))])],
                YMin: 0),
            $"Lengths in steps of {text.BinWords} words; the last step holds all longer ones.");
        if (text.Sections.Count > 0)
            page.Table(
                new HtmlTable(["section", "reports that have it"], [.. text.Sections.Select(s => (IReadOnlyList<string>)[s.Key, $"{s.Value:N0}"])]));
    }

    private static void AddGreyLevels(HtmlReport page, DatasetInspection inspection)
    {
        ChartSeries[] series = [.. inspection.GreyLevels.Where(g => g.Value.Any(v => v > 0)).Select(g => new ChartSeries(
            g.Key, [.. g.Value.Select((share, step) => new ChartPoint((step + 0.5) * 256 / g.Value.Count, share * 100))], HasMarkers: false))];
        page.Heading("Grey levels").Chart(new LineChart("grey level, 0 black to 255 white", "pixels, % a step", series, YMin: 0),
            "Splits of one archive should lie on each other. A peak at 0 is margin, one at 255 burnt-in text or saturation.");
    }

    private static void AddSheets(HtmlReport page, DatasetInspection inspection, PreparedDataset dataset)
    {
        foreach (var group in inspection.Groups)
        {
            page.Heading(
                $"{inspection.Source}, view {NameOf(group.View)}, {(group.IsInverted ? "inverted (bone dark)" : "bone bright")}: {group.Count:N0}")
                .Paragraph(
                    $"The {group.MostUnlike.Count:N0} least like the other radiographs of that view, the strangest first. Likeness "
                        + "is the correlation with their typical picture.")
                .Images(group.MostUnlike.Select(i => Thumbnail(dataset, i.Index, i.ImageId,
                    [("Image", i.ImageId), ("Likeness", $"{i.Likeness:0.00}{(i.Marks.Count > 0 ? ": " : "")}{string.Join(", ", i.Marks)}")])));
        }
    }

    private static void AddDuplicates(HtmlReport page, DatasetInspection inspection, PreparedDataset dataset)
    {
        page.Heading("Duplicates");
        if (inspection.Duplicates.Count == 0)
        {
            page.Paragraph("No two radiographs show one exposure.");
            return;
        }
        var indices = dataset.Radiographs.ToDictionary(r => r.ImageId, r => r.Index);
        DuplicateImages[] shown = [.. inspection.Duplicates.OrderBy(d => d.FirstSplit == d.SecondSplit).Take(MostPairs)];
        page.Paragraph(
            $"{inspection.Duplicates.Count:N0} pairs, {inspection.Duplicates.Count(d => d.FirstSplit != d.SecondSplit):N0} "
                + $"of them across splits, which come first. All are in {DatasetInspector.JsonName}.")
            .Images(shown.SelectMany(d => new[]
            {
                Thumbnail(
                    dataset, indices[d.First], d.First,
                    [("Image", $"{d.First} ({d.FirstSplit})"), ("Similarity to the next", $"{d.Similarity:0.000}")]),
                Thumbnail(dataset, indices[d.Second], d.Second, [("Image", $"{d.Second} ({d.SecondSplit})")]),
            }));
    }

    private static ReportImage Thumbnail(PreparedDataset dataset, int index, string id, (string, string)[] captions)
    {
        var (pixels, height, width) = dataset.Thumbnail(index, ThumbnailSide);
        return ReportImage.FromGrey(pixels, width, height, $"{(dataset.Manifest.Synthetic ? "synthetic " : "")}radiograph {id}", captions);
    }

    private static string NameOf(string view) => view.Length == 0 ? "(not stated)" : view;
}
