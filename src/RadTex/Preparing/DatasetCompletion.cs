using System.Reflection;
using RadTex.Data;
using RadTex.Imaging;

namespace RadTex.Preparing;

/// <summary>Completes a folder that holds <c>pixels.npy</c>: writes the table, the rejects and, last, the manifest.</summary>
internal static class DatasetCompletion
{
    internal static string Software { get; } =
        $"RadTex {typeof(DatasetCompletion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown"}";

    internal static DatasetManifest Complete(
        string folder, DatasetTables tables, DatasetProvenance provenance, IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default)
    {
        var (labelNames, rows, texts, rejects, boxes) = tables;
        StudiesTable.Write(Path.Combine(folder, DatasetFiles.Studies), rows, texts, labelNames);
        RejectsTable.Write(Path.Combine(folder, DatasetFiles.Rejects), rejects);
        if (boxes.Count > 0) BoxesTable.Write(Path.Combine(folder, DatasetFiles.Boxes), boxes);
        else File.Delete(Path.Combine(folder, DatasetFiles.Boxes)); // of an earlier run that was interrupted
        string[] names = [.. DatasetFiles.Required, .. boxes.Count > 0 ? [DatasetFiles.Boxes] : Array.Empty<string>()];
        var files = DatasetFiles.DescribeAll(folder, names, progress, cancellation).ToDictionary(f => f.Name, f => f.Record);
        var manifest = new DatasetManifest(
            DatasetManifest.CurrentFormatVersion, Software, provenance.Synthetic, DatasetFiles.CombinedHash(files), provenance.Inputs,
            provenance.Source, provenance.ShortSide, rows.Count, provenance.Upscaled,
            DatasetSummary.CountSplits(rows), DatasetSummary.CountLabels(rows, labelNames), provenance.Text,
            rejects.CountBy(r => r.Reason).OrderBy(r => r.Key, StringComparer.Ordinal).ToDictionary(), files, provenance.Intensity.Name());
        manifest.Write(Path.Combine(folder, DatasetFiles.Manifest));
        return manifest;
    }
}
