using System.Globalization;
using CsvHelper;
using RadTex.Files;
using RadTex.Studies;
using RadTex.Studies.Tables;

namespace RadTex.Data;

/// <summary>The boxes of a dataset as <c>boxes.csv</c>: image_id, label, reader, x, y, width, height.</summary>
internal static class BoxesTable
{
    private static readonly string[] Columns = ["image_id", "label", "reader", "x", "y", "width", "height"];

    internal static void Write(string path, IEnumerable<PreparedBox> boxes) => AtomicFile.Write(path, stream =>
    {
        using var csv = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        csv.WriteRecord(Columns);
        foreach (var box in boxes)
            csv.WriteRecord([box.ImageId, box.Label, box.Reader, Text(box.X), Text(box.Y), Text(box.Width), Text(box.Height)]);
    });

    /// <exception cref="UserErrorException">The file is damaged.</exception>
    internal static IReadOnlyList<PreparedBox> Read(string path)
    {
        using var table = Table.Open(path);
        int[] at = [.. Columns.Select(c => table.Require(c, "Prepare the dataset again."))];
        var boxes = new List<PreparedBox>();
        while (table.Read())
        {
            var box = FindingBox.Read(table, at[3..], table[at[1]])
                ?? throw new UserErrorException($"{path}, line {table.Row}: no box. Expected x, y, width and height. Prepare the dataset again.");
            boxes.Add(new PreparedBox(table[at[0]], box.Label, table[at[2]], box.X, box.Y, box.Width, box.Height));
        }
        return boxes;
    }

    /// <summary>The boxes of a radiograph, brought to its prepared size.</summary>
    internal static IEnumerable<PreparedBox> Of(Radiograph listed, PreparedItem item)
    {
        foreach (var box in listed.Boxes ?? [])
        {
            double across = item.Width / (double)(box.Frame ?? item.SourceWidth), down = item.Height / (double)(box.Frame ?? item.SourceHeight);
            yield return new PreparedBox(listed.ImageId, box.Label, box.Reader, box.X * across, box.Y * down, box.Width * across, box.Height * down);
        }
    }

    private static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
