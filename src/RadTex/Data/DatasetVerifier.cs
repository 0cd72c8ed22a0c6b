namespace RadTex.Data;

/// <summary>Checks a prepared dataset to the last byte: hashes, counts, and that no patient is in two splits.</summary>
public static class DatasetVerifier
{
    /// <summary>Verifies a folder and returns its manifest.</summary>
    /// <exception cref="UserErrorException">The first fault found, named.</exception>
    public static DatasetManifest Verify(string folder, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        using var dataset = PreparedDataset.Open(folder);
        var manifest = dataset.Manifest;
        foreach (var (name, found) in DatasetFiles.DescribeAll(folder, [.. DatasetFiles.Hashed(manifest.Files)], progress, cancellation))
        {
            var expected = manifest.Files[name];
            if (found.Sha256 != expected.Sha256)
                throw Fault(folder, $"the SHA-256 of {name} is {found.Sha256}, the manifest says {expected.Sha256}: the file has been changed");
        }
        if (DatasetFiles.CombinedHash(manifest.Files) != manifest.Hash)
            throw Fault(folder, $"the manifest's dataset hash {manifest.Hash} does not follow from its files' hashes");
        CheckRows(dataset);
        return manifest;
    }

    private static void CheckRows(PreparedDataset dataset)
    {
        var rows = dataset.Radiographs;
        var manifest = dataset.Manifest;
        int shared = DatasetSummary.PatientsInSeveralSplits(rows.Select(r => (r.PatientId, r.Split)));
        if (shared > 0) throw Fault(dataset.Folder, $"{shared:N0} patients are in more than one split");
        if (rows.DistinctBy(r => r.ImageId).Count() != rows.Count) throw Fault(dataset.Folder, "an image id occurs twice");
        foreach (var row in rows)
        {
            if (row.ImageId.Length == 0 || row.PatientId.Length == 0 || row.StudyId.Length == 0)
                throw Fault(dataset.Folder, $"row {row.Index} lacks an image, patient or study id");
            if (row.Text is not null && string.IsNullOrWhiteSpace(row.Text)) throw Fault(dataset.Folder, $"row {row.Index} has an empty text");
            if (row.Labels.Any(l => l is { } value && !double.IsFinite(value)))
                throw Fault(dataset.Folder, $"row {row.Index} has a label that is not finite");
        }
        var splits = DatasetSummary.CountSplits(rows);
        if (splits.Any(s => !manifest.Splits.TryGetValue(s.Key, out var said) || said != s.Value) || manifest.Splits.Count != splits.Count)
            throw Fault(dataset.Folder, "the manifest's counts of the splits differ from the rows");
        if (!DatasetSummary.CountLabels(rows, dataset.LabelNames).SequenceEqual(manifest.Labels))
            throw Fault(dataset.Folder, "the manifest's counts of the labels differ from the rows");
        int withText = rows.Count(r => r.Text is not null);
        if (manifest.Text.WithText != withText || manifest.Text.WithoutText != rows.Count - withText)
            throw Fault(dataset.Folder, "the manifest's counts of text differ from the rows");
    }

    private static UserErrorException Fault(string folder, string fault) => new($"{folder} does not verify: {fault}. Copy or prepare it again.");
}
