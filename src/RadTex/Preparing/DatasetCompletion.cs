using System.Reflection;
using RadTex.Data;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Studies;

namespace RadTex.Preparing;

/// <summary>Completes a folder that holds <c>pixels.npy</c>: writes the table, the rejects and, last, the manifest.</summary>
/// <remarks>The rows' texts come one at a time beside them, so that those of a large archive need never be in memory together.</remarks>
internal static class DatasetCompletion
{
    internal static string Software { get; } =
        $"RadTex {typeof(DatasetCompletion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown"}";

    internal static DatasetManifest Complete(
        string folder, IReadOnlyList<PreparedRadiograph> rows, IEnumerable<string?> texts, IReadOnlyList<string> labelNames,
        IReadOnlyList<Reject> rejects,
        DatasetProvenance provenance, IReadOnlyList<PreparedBox> boxes, IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default)
    {
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
