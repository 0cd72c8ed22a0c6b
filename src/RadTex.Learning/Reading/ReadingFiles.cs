using System.Globalization;
using CsvHelper;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Studies;

namespace RadTex.Learning.Reading;

/// <summary>Writes what was read as JSON (with each word's probability and map) or CSV (a row a radiograph).</summary>
public static class ReadingFiles
{

    /// <summary>Writes reports with each word's probability and map, whole or not at all.</summary>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public static void WriteJson(
        string path, string model, bool synthetic, bool radiographsSynthetic, IEnumerable<ReadReport> reports,
        IReadOnlyList<(string Name, Refusal Refusal)> refused) => JsonFile.Write(
        path,
        new
        {
            Model = model,
            ModelLearntFromSyntheticRadiographs = synthetic,
            RadiographsAreKnownToBeSynthetic = radiographsSynthetic,
            Reports = reports.Select(r => new
            {
                r.Image.Name,
                Findings = r.Text,
                r.LogProbability,
                r.IsComplete,
                Gate = r.Image.Refusal?.Rule.Name(),
                GateReason = r.Image.Refusal?.Reason,
                TrueReport = r.Image.TrueText,
                MapSide = r.GridSide,
                Words = r.Words.Select(w => new { w.Text, Probability = Math.Round(w.Probability, 6), Map = w.Map.Select(a => Math.Round(a, 5)) }),
            }),
            NotRead = refused.Select(r => new { r.Name, Gate = r.Refusal.Rule.Name(), GateReason = r.Refusal.Reason }),
        });

    /// <summary>Writes a row a radiograph, those that the gate refused last, whole or not at all.</summary>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public static void WriteCsv(string path, IEnumerable<ReadReport> reports, IReadOnlyList<(string Name, Refusal Refusal)> refused) =>
        AtomicFile.Write(path, stream =>
    {
        using var csv = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        csv.WriteRecord(
            ["image", "findings", "log_probability", "least_probable_word", "its_probability", "complete", "true_report", "gate", "gate_reason"]);
        foreach (var report in reports)
        {
            var weakest = report.Words.MinBy(word => word.Probability);
            csv.WriteRecord(
            [
                report.Image.Name, report.Text, report.LogProbability.ToString("F4", CultureInfo.InvariantCulture), weakest?.Text ?? "",
                weakest?.Probability.ToString("F4", CultureInfo.InvariantCulture) ?? "", report.IsComplete ? "true" : "false",
                report.Image.TrueText ?? "",
                report.Image.Refusal?.Rule.Name() ?? "", report.Image.Refusal?.Reason ?? "",
            ]);
        }
        foreach (var (name, refusal) in refused) csv.WriteRecord([name, "", "", "", "", "", "", refusal.Rule.Name(), refusal.Reason]);
    });
}
