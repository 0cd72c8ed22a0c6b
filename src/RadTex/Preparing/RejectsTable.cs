using System.Globalization;
using CsvHelper;
using RadTex.Files;
using RadTex.Studies;

namespace RadTex.Preparing;

/// <summary>The inputs that were left out as <c>rejects.csv</c>: table, row, image_id, reason, detail.</summary>
internal static class RejectsTable
{
    internal static void Write(string path, IEnumerable<Reject> rejects) => AtomicFile.Write(path, stream =>
    {
        using var csv = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        csv.WriteRecord(["table", "row", "image_id", "reason", "detail"]);
        foreach (var reject in rejects)
            csv.WriteRecord([reject.Table, reject.Row.ToString(CultureInfo.InvariantCulture), reject.ImageId, reject.Reason, reject.Detail]);
    });
}
