using NetVips;

namespace RadTex.Phantoms;

/// <summary>A page of synthetic radiographs with what is drawn on each, so that a person can judge them.</summary>
public static class ContactSheet
{
    private const int Gap = 6, TitleHeight = 26;

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
        int captionLines = options.ShortSidePixels >= 224 ? 3 : 5, captionHeight = captionLines * TinyFont.LineHeight + 4;
        int tile = options.ShortSidePixels, tileHeight = tile * 121 / 100, perColumn = tile + Gap;
        int count = Math.Min(options.Count, columns * rows);
        rows = (count + columns - 1) / columns;
        int width = columns * perColumn + Gap, height = TitleHeight + rows * (tileHeight + captionHeight + Gap);
        var page = new byte[width * height];
        Array.Fill(page, (byte)18);
        TinyFont.Write(page, width, Gap, 6, $"SYNTHETIC RADIOGRAPHS (RADTEX PHANTOMS) - NO PATIENT - SEED {options.Seed}, DIFFICULTY {options.Difficulty}", 255, scale: 2);
        int drawn = 0;
        for (int p = 0; drawn < count; p++)
        {
            var patient = planner.Plan(p);
            foreach (var study in patient.Studies)
                for (int e = 0; e < study.Exposures.Count && drawn < count; e++, drawn++)
                {
                    var radiograph = renderer.Render(patient, study, e);
                    if (showBoxes) foreach (var box in radiograph.Boxes) Outline(radiograph, box);
                    int x = Gap + drawn % columns * perColumn, y = TitleHeight + drawn / columns * (tileHeight + captionHeight + Gap);
                    Paste(page, width, x, y, tile, tileHeight, radiograph);
                    Caption(page, width, x, y + tileHeight + 3, tile, captionLines, patient, study);
                }
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

    private static void Caption(byte[] page, int pageWidth, int x, int y, int tile, int lines, PhantomPatient patient, PhantomStudy study)
    {
        var found = Enum.GetValues<PhantomFinding>().Where(study.Has)
            .Select(f => f == PhantomFinding.Edema ? $"EDEMA {study.EdemaSeverity}" : f.Name()).ToList();
        var text = found.Count == 0 ? "none of the nine" : string.Join(", ", found);
        TinyFont.Write(page, pageWidth, x, y, $"SYNTHETIC {(study.IsAnteroposterior ? "AP" : "PA")} #{patient.Index}.{study.Index + 1}", 140);
        int perLine = tile / TinyFont.Advance, line = 1;
        while (text.Length > 0 && line < lines)
        {
            int cut = text.Length <= perLine ? text.Length : text.LastIndexOf(' ', perLine);
            if (cut <= 0) cut = perLine;
            TinyFont.Write(page, pageWidth, x, y + line * TinyFont.LineHeight, text[..cut].TrimEnd(), 235);
            text = text[cut..].TrimStart();
            line++;
        }
    }

    private static void Outline(PhantomRadiograph radiograph, PhantomBox box)
    {
        for (int x = box.XMin; x <= box.XMax; x++) (radiograph.Pixels[box.YMin * radiograph.Width + x], radiograph.Pixels[box.YMax * radiograph.Width + x]) = (255, 255);
        for (int y = box.YMin; y <= box.YMax; y++) (radiograph.Pixels[y * radiograph.Width + box.XMin], radiograph.Pixels[y * radiograph.Width + box.XMax]) = (255, 255);
        TinyFont.Write(radiograph.Pixels, radiograph.Width, box.XMin + 2, box.YMin + 2, box.Finding.ToString()[..Math.Min(6, box.Finding.ToString().Length)], 255);
    }
}
