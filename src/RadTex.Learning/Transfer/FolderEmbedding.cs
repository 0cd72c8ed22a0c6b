using RadTex.Data;
using RadTex.Files;
using RadTex.Heads;
using RadTex.Studies;

namespace RadTex.Learning.Transfer;

/// <summary>Features of the pictures in a plain folder: JPEG, PNG, TIFF or DICOM, in it and below, in the order of their names.</summary>
public static class FolderEmbedding
{
    /// <summary>Embeds a folder. The image id is the path inside it; patient and study are not known and stay empty.</summary>
    /// <param name="extractor">The encoder.</param>
    /// <param name="folder">The pictures. Links that stay in it are followed.</param>
    /// <param name="output">Where features are written.</param>
    /// <param name="preparation">How the files are read; null for as the encoder's own radiographs were
    /// (<see cref="FeatureExtractor.Preparation"/>).</param>
    /// <param name="progress">Counts pictures.</param>
    /// <param name="force">Whether features that are there are replaced.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>How many were embedded, and why others were not, by path.</returns>
    /// <exception cref="UserErrorException">No picture in the folder, or none readable.</exception>
    public static (int Embedded, IReadOnlyList<(string Path, string Reason)> Rejected) Run(
        FeatureExtractor extractor, string folder, string output, PicturePreparation? preparation = null, IProgress<ProgressReport>? progress = null,
        bool force = false, CancellationToken cancellation = default)
    {
        if (extractor.Source.IsRandom)
            throw new UserErrorException(
                $"{extractor.Source.Name}: random weights need training radiographs to measure their norms' statistics on, and "
                    + $"{folder} is a plain folder. "
                + "Take a prepared dataset, or a trained encoder.");
        var found = PictureFeed.OfFolder(folder);
        int count = found.Pictures.Count;
        OutputFolder.Require(output, FolderKind.Features);
        FeatureFolder.RequireNone(output, force);

        var pipeline = new InputPipeline(preparation ?? extractor.Preparation, extractor.Input);
        var rows = new List<PreparedRadiograph>();
        List<(string Path, string Reason)> rejected = [.. found.LeftOut];
        FeatureFolder? written = null; // begun with the first picture that can be read
        try
        {
            foreach (var batch in found.Read(pipeline, extractor.BatchSize, cancellation))
            {
                using var ended = batch;
                rejected.AddRange(batch.Rejected.Select(r => (r.Path, r.Reason)));
                if (batch.Count > 0)
                    (written ??= FeatureFolder.Begin(output, extractor.Width, force)).Append(extractor.Pool(batch.Images, batch.Count));
                foreach (var (path, picture) in batch.Names.Zip(batch.Pictures))
                    rows.Add(new(rows.Count, path, "", "", "", Split.Test, null, [], path, 0, picture.Height, picture.Width));
                progress?.Report(new("features", rows.Count + rejected.Count - found.LeftOut.Count, count, "pictures"));
            }
            if (written is null)
                throw new UserErrorException(
                    $"None of the {count:N0} pictures in {folder} can be read; the first: {rejected[found.LeftOut.Count].Reason}");
            written.Complete(extractor.Describe(folder, [.. rows.Select(r => r.ImageId)], pipeline.Preparation), rows, []);
            return (rows.Count, rejected);
        }
        finally { written?.Dispose(); }
    }
}
