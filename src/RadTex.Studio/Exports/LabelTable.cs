using System.Globalization;
using CsvHelper;
using Parquet;
using Parquet.Schema;
using RadTex.Files;

namespace RadTex.Studio.Exports;

/// <summary>Labels as a table: CSV (UTF-8, the header of <see cref="LabelRow"/> in snake case) or Parquet.</summary>
public static class LabelTable
{
    /// <summary>Writes CSV, whole or not at all.</summary>
    public static void WriteCsv(IReadOnlyList<LabelRow> rows, string path) => AtomicFile.Write(path, stream =>
    {
        using var csv = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        csv.WriteRecord([.. Columns.Select(c => c.Name)]);
        foreach (var row in rows) csv.WriteRecord([.. Columns.Select(c => c.Value(row))]);
    });

    /// <summary>Writes Parquet, whole or not at all; every column is text, so that classes and reasons stand in one.</summary>
    public static void WriteParquet(IReadOnlyList<LabelRow> rows, string path) =>
        AtomicFile.Write(path, stream => WriteParquetAsync(rows, stream).GetAwaiter().GetResult());

    private static async Task WriteParquetAsync(IReadOnlyList<LabelRow> rows, Stream stream)
    {
        var fields = Columns.Select(c => new DataField<string>(c.Name, false)).ToArray();
        var writer = await ParquetWriter.CreateAsync(
            new ParquetSchema([.. fields]), stream, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd }).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            using var group = writer.CreateRowGroup();
            foreach (var (field, column) in fields.Zip(Columns))
                await group.WriteAsync(field, rows.Select(column.Value).ToArray()).ConfigureAwait(false);
        }
    }

    private static IReadOnlyList<(string Name, Func<LabelRow, string> Value)> Columns { get; } =
    [
        ("image_id", r => r.ImageId), ("patient_id", r => r.PatientId), ("study_id", r => r.StudyId), ("finding", r => r.Finding),
        ("reader", r => r.Reader), ("first", r => r.First), ("current", r => r.Current), ("agreed", r => r.Agreed),
        ("mean", r => r.Mean?.ToString("R", CultureInfo.InvariantCulture) ?? ""), ("confidence", r => r.Confidence),
        ("repeats", r => r.Repeats), ("policy", r => r.Policy), ("propensity", r => r.Propensity?.ToString("R", CultureInfo.InvariantCulture) ?? ""),
        ("milliseconds_in_view", r => r.MillisecondsInView?.ToString(CultureInfo.InvariantCulture) ?? ""),
        ("time", r => r.Time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)), ("reason", r => r.Reason),
    ];
}
