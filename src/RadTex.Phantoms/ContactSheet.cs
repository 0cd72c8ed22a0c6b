using NetVips;
using RadTex.Files;
using RadTex.Imaging;

namespace RadTex.Phantoms;

/// <summary>A page of synthetic radiographs with what is drawn on each, so that a person can judge them.</summary>
public static class ContactSheet
{
    private const int Gap = 6;

    /// <summary>Writes a grey PNG of the first <paramref name="columns"/> x <paramref name="rows"/> radiographs of a set.</summary>
    /// <param name="options">The set; its count limits the page.</param>
    /// <param name="path">The PNG file.</param>
    /// <param name="columns">Radiographs beside one another.</param>
    /// <param name="rows">Radiographs below one another.</param>
    /// <param name="showBoxes">Whether each lesion's box is outlined.</param>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public static void Write(PhantomOptions options, string path, int columns = 6, int rows = 4, bool showBoxes = false)
    {
        options.Validate();
        var planner = new PhantomPlanner(options);
        var renderer = new PhantomRenderer();
        int tile = options.ShortSidePixels, tileHeight = tile * 121 / 100, perColumn = tile + Gap;
        int count = Math.Min(options.Count, columns * rows);
        var shown = Exposures(planner).Take(count)
            .Select(e => (e.Patient, e.Study, e.Exposure, Lines: CaptionLines(e.Patient, e.Study, tile))).ToList();
        int captionHeight = shown.Max(s => s.Lines.Count) * TinyFont.LineHeight + 4;
        rows = (count + columns - 1) / columns;
        int width = columns * perColumn + Gap;
        var title = Wrapped(
            $"SYNTHETIC RADIOGRAPHS (RADTEX PHANTOMS) - NO PATIENT - SEED {options.Seed}, DIFFICULTY {options.Difficulty}",
            width - 2 * Gap, scale: 2);
        int titleHeight = 6 + title.Count * 2 * TinyFont.LineHeight, height = titleHeight + rows * (tileHeight + captionHeight + Gap);
        var page = new byte[width * height];
        Array.Fill(page, (byte)18);
        for (int line = 0; line < title.Count; line++)
            TinyFont.Write(page, width, Gap, 6 + line * 2 * TinyFont.LineHeight, title[line], 255, scale: 2);
        for (int i = 0; i < shown.Count; i++)
        {
            var (patient, study, exposure, lines) = shown[i];
            var radiograph = renderer.Render(patient, study, exposure);
            if (showBoxes) Outline(radiograph);
            int left = Gap + i % columns * perColumn, top = titleHeight + i / columns * (tileHeight + captionHeight + Gap);
            Paste(page, width, left, top, tile, tileHeight, radiograph);
            for (int line = 0; line < lines.Count; line++)
                TinyFont.Write(page, width, left, top + tileHeight + 3 + line * TinyFont.LineHeight, lines[line], (byte)(line == 0 ? 140 : 235));
        }
        NetVips.NetVips.Concurrency = Math.Min(NetVips.NetVips.Concurrency, Environment.ProcessorCount);
        using var image = Image.NewFromMemory(page, width, height, 1, Enums.BandFormat.Uchar);
        AtomicFile.WriteAllBytes(path, image.PngsaveBuffer(compression: 9));
    }

    private static void Paste(byte[] page, int pageWidth, int x, int y, int tile, int tileHeight, PhantomRadiograph radiograph)
    {
        using var image = Image.NewFromMemory(radiograph.Pixels, radiograph.Width, radiograph.Height, 1, Enums.BandFormat.Uchar);
        double scale = Math.Min((double)tile / radiograph.Width, (double)tileHeight / radiograph.Height);
        using var fitted = scale < 1 ? image.Resize(scale) : image.Copy();
        var pixels = fitted.WriteToMemory<byte>();
        int top = y + (tileHeight - fitted.Height) / 2, left = x + (tile - fitted.Width) / 2;
        for (int row = 0; row < fitted.Height; row++)
            pixels.AsSpan(row * fitted.Width, Math.Min(fitted.Width, tile)).CopyTo(page.AsSpan((top + row) * pageWidth + Math.Max(left, x)));
    }

    private static IEnumerable<(PhantomPatient Patient, PhantomStudy Study, int Exposure)> Exposures(PhantomPlanner planner)
    {
        for (int p = 0; ; p++)
        {
            var patient = planner.Plan(p);
            foreach (var study in patient.Studies)
                for (int e = 0; e < study.Exposures.Count; e++) yield return (patient, study, e);
        }
    }

    private static List<string> CaptionLines(PhantomPatient patient, PhantomStudy study, int width)
    {
        var found = Enum.GetValues<PhantomFinding>().Where(study.Has)
            .Select(f => f == PhantomFinding.Edema ? $"EDEMA {study.EdemaSeverity}" : f.Name()).ToList();
        var head = $"SYNTHETIC {(study.IsAnteroposterior ? "AP" : "PA")} #{patient.Index}.{study.Index + 1}";
        return [.. Wrapped(head, width), .. Wrapped(found.Count == 0 ? "none of the nine" : string.Join(", ", found), width)];
    }

    /// <summary>Lines that fit a width in pixels, broken at spaces where there are any.</summary>
    internal static IReadOnlyList<string> Wrapped(string text, int width, int scale = 1)
    {
        int perLine = Math.Max(1, width / (TinyFont.Advance * scale));
        var lines = new List<string>();
        while (text.Length > 0)
        {
            int cut = text.Length <= perLine ? text.Length : text.LastIndexOf(' ', perLine);
            if (cut <= 0) cut = perLine;
            lines.Add(text[..cut].TrimEnd());
            text = text[cut..].TrimStart();
        }
        return lines;
    }

    private static void Outline(PhantomRadiograph radiograph)
    {
        foreach (var box in radiograph.Boxes)
        {
            Fill(radiograph, box.XMin, box.YMin, box.XMax, box.YMin, 255);
            Fill(radiograph, box.XMin, box.YMax, box.XMax, box.YMax, 255);
            Fill(radiograph, box.XMin, box.YMin, box.XMin, box.YMax, 255);
            Fill(radiograph, box.XMax, box.YMin, box.XMax, box.YMax, 255);
        }
        foreach (var (x, y, text) in BoxLabels(radiograph))
        {
            Fill(radiograph, x - 1, y - 1, x + text.Length * TinyFont.Advance - 1, y + TinyFont.LineHeight - 3, 0); // not white on white
            TinyFont.Write(radiograph.Pixels, radiograph.Width, x, y, text, 255);
        }
    }

    /// <summary>A rectangle of one grey, both corners in it; what lies outside the picture is cut.</summary>
    private static void Fill(PhantomRadiograph radiograph, int left, int top, int right, int bottom, byte grey)
    {
        (left, right) = (Math.Max(left, 0), Math.Min(right, radiograph.Width - 1));
        for (int y = Math.Max(top, 0); y <= Math.Min(bottom, radiograph.Height - 1); y++)
            radiograph.Pixels.AsSpan(y * radiograph.Width + left, right - left + 1).Fill(grey);
    }

    /// <summary>Each box's whole name in its upper left corner, moved left where the picture's edge asks it and below names that are there.</summary>
    internal static IReadOnlyList<(int X, int Y, string Text)> BoxLabels(PhantomRadiograph radiograph)
    {
        var labels = new List<(int X, int Y, string Text)>();
        foreach (var box in radiograph.Boxes)
        {
            foreach (var line in Wrapped(box.Finding.Name(), radiograph.Width))
            {
                int length = line.Length * TinyFont.Advance, x = Math.Max(0, Math.Min(box.XMin + 2, radiograph.Width - length));
                int y = Math.Clamp(box.YMin + 2, 0, Math.Max(0, radiograph.Height - TinyFont.LineHeight));
                // A step down at a time, from the top again at the picture's lower edge; where every line is taken, names lie on each other.
                for (int tries = 0; tries < radiograph.Height / TinyFont.LineHeight && IsTaken(x, y, length); tries++)
                    y = y + 2 * TinyFont.LineHeight <= radiograph.Height ? y + TinyFont.LineHeight : 0;
                labels.Add((x, y, line));
            }
        }
        return labels;

        bool IsTaken(int x, int y, int length) =>
            labels.Exists(l => Math.Abs(l.Y - y) < TinyFont.LineHeight && x < l.X + l.Text.Length * TinyFont.Advance && l.X < x + length);
    }
}
