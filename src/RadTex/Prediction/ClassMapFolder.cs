using System.Globalization;
using RadTex.Data;
using RadTex.Files;
using RadTex.Imaging;
using RadTex.Prediction.Onnx;
using RadTex.Reporting;

namespace RadTex.Prediction;

/// <summary>
/// Maps of a classifier's outputs as PNG files: the picture as it was read, amber where a place speaks for the finding, blue where it speaks against
/// it, stronger the more it adds to the logit. <c>maps.csv</c> says which file is of what.
/// </summary>
public static class ClassMapFolder
{
    /// <summary>The table of maps in the folder, <c>maps.csv</c>: a row a file, with picture and finding.</summary>
    public const string Table = "maps.csv";

    /// <summary>Writes the maps of pictures that were judged.</summary>
    /// <param name="model">The classifier's file.</param>
    /// <param name="paths">The pictures.</param>
    /// <param name="pipeline">How the classifier reads them.</param>
    /// <param name="folder">A new or empty folder.</param>
    /// <param name="progress">Counts pictures.</param>
    /// <param name="cancellation">Stops between pictures.</param>
    /// <returns>How many maps.</returns>
    /// <exception cref="UserErrorException">The model has no exact maps.</exception>
    public static int Write(
        string model, IReadOnlyList<string> paths, InputPipeline pipeline, string folder, IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default)
    {
        using var maps = ClassMapModel.Open(model);
        if (maps.Outputs.Count == 0)
            throw new UserErrorException($"{model} has no head of two classes on one encoder: there are no exact maps of it.");
        Directory.CreateDirectory(folder);
        var rows = new List<string[]>();
        for (int i = 0; i < paths.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var batch = pipeline.Files([paths[i]]);
            if (batch.Count == 0) continue; // it was changed since it was judged
            foreach (var (of, head) in maps.Outputs)
            {
                var map = maps.Run(batch.Images, head);
                var name = string.Create(CultureInfo.InvariantCulture, $"{i + 1:00000}-{FileName(of.Label)}.png");
                AtomicFile.WriteAllBytes(Path.Combine(folder, name), Draw(batch.Pictures[0], map));
                rows.Add([paths[i], of.Label, name, map.Logit.ToString("0.0000", CultureInfo.InvariantCulture)]);
            }
            progress?.Report(new("maps", i + 1, paths.Count, "pictures"));
        }
        AtomicFile.Write(Path.Combine(folder, Table), stream =>
        {
            using var csv = CsvHelper.CsvWriter.Create(stream, new CsvHelper.CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
            csv.WriteRecord(["path", "label", "map", "logit"]);
            foreach (var row in rows) csv.WriteRecord(row);
        });
        return rows.Count;
    }

    private static byte[] Draw(GreyImage picture, ClassMap map)
    {
        // The network saw the square in the middle.
        int side = Math.Min(picture.Height, picture.Width), top = (picture.Height - side) / 2, left = (picture.Width - side) / 2;
        double most = Math.Max(map.Values.Max(Math.Abs), 1e-12);
        return MapPicture.Over(picture.Pixels, picture.Height, picture.Width, (y, x) =>
            y < top || y >= top + side || x < left || x >= left + side ? 0
                : map.At((y - top + 0.5) / side * map.Height - 0.5, (x - left + 0.5) / side * map.Width - 0.5) / most);
    }

    private static string FileName(string label) => new([.. label.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-')]);
}
