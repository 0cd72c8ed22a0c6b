using RadTex.Data;

namespace RadTex.Prediction;

/// <summary>What a model says of labelled radiographs.</summary>
/// <param name="Probabilities">K for each row, in the order of the model's outputs; null where the picture was left out.</param>
/// <param name="PictureHashes">Of the pictures that were read, in the rows' order.</param>
/// <param name="LeftOut">Rows that were left out, and why.</param>
internal sealed record ScoredPictures(
    IReadOnlyList<float[]?> Probabilities, IReadOnlyList<ulong> PictureHashes, IReadOnlyList<(int Row, string Reason)> LeftOut)
{
    /// <summary>Reads and scores rows; one batch is read while the one before is computed.</summary>
    internal static ScoredPictures Of(
        IRadiographModel model, LabelledPictures data, IReadOnlyList<int> rows, int batchSize, IProgress<ProgressReport>? progress,
        CancellationToken cancellation)
    {
        var pipeline = model.Pipeline();
        var probabilities = new float[data.Radiographs.Count][];
        var hashes = new List<ulong>();
        var leftOut = new List<(int, string)>();
        var rowOf = rows.ToDictionary(r => data.Radiographs[r].ImageId, r => r, StringComparer.Ordinal);
        int outputs = model.Notes.Outputs.Count, done = 0;
        using var prefetcher = new Prefetcher<InputBatch>(
            b => data.Read(pipeline, [.. rows.Skip((int)b * batchSize).Take(batchSize)]), 0, (rows.Count + batchSize - 1) / batchSize);
        while (prefetcher.TryNext(out var batch, cancellation))
        {
            using (batch)
            {
                leftOut.AddRange(batch.Rejected.Select(r => (rowOf[r.Path], r.Reason)));
                hashes.AddRange(batch.Pictures.Select(p => SeenRadiographs.PictureHash(p.Pixels, p.Height, p.Width)));
                if (batch.Count > 0)
                    foreach (var (name, values) in batch.Names.Zip(model.Probabilities(batch.Images, batch.Count).Chunk(outputs)))
                        probabilities[rowOf[name]] = values;
                done += batch.Count + batch.Rejected.Count;
            }
            progress?.Report(new("predicting", done, rows.Count, "pictures"));
        }
        return new(probabilities, hashes, leftOut);
    }
}
