using RadTex.Data;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Inspection;
using RadTex.Studies;

namespace RadTex.Prediction.Evaluation;

/// <summary>What a model says of labelled radiographs.</summary>
/// <param name="Probabilities">K for each row, in the order of the model's outputs; null where the picture was left out.</param>
/// <param name="PictureHashes">Of the pictures that were read, in the rows' order.</param>
/// <param name="LeftOut">Rows that were left out, and why.</param>
internal sealed record ScoredPictures(
    IReadOnlyList<float[]?> Probabilities, IReadOnlyList<ulong> PictureHashes, IReadOnlyList<(int Row, string Reason)> LeftOut)
{
    /// <summary>Reads and scores rows; one batch is read while the one before is computed.</summary>
    internal static ScoredPictures Of(
        IRadiographModel model, LabelledPictures data, IReadOnlyList<int> rows, int batchSize, bool judgeAll, IProgress<ProgressReport>? progress,
        CancellationToken cancellation)
    {
        var (pipeline, gate) = (model.Pipeline(judgeAll), model.Gate());
        var probabilities = new float[data.Radiographs.Count][];
        var hashes = new List<ulong>();
        var leftOut = new List<(int, string)>();
        var rowOf = rows.ToDictionary(r => data.Radiographs[r].ImageId, r => r, StringComparer.Ordinal);
        int done = 0;
        using var prefetcher = new Prefetcher<InputBatch>(
            b => data.Read(pipeline, [.. rows.Skip((int)b * batchSize).Take(batchSize)]), 0, (rows.Count + batchSize - 1) / batchSize);
        while (prefetcher.TryNext(out var batch, cancellation))
        {
            using (batch)
            {
                foreach (var (path, reason, fault) in batch.Rejected)
                    leftOut.Add((rowOf[path], RadiographGate.Of(fault, reason) is { } refusal ? Words(refusal) : reason));
                hashes.AddRange(batch.Pictures.Select(p => SeenRadiographs.PictureHash(p.Pixels, p.Height, p.Width)));
                foreach (var picture in JudgedPicture.Of(model, gate, batch, judgeAll))
                    if (picture.Probabilities is { } values) probabilities[rowOf[picture.Name]] = values;
                    else leftOut.Add((rowOf[picture.Name], Words(picture.Refusal!)));
                done += batch.Count + batch.Rejected.Count;
            }
            progress?.Report(new("predicting", done, rows.Count, "pictures"));
        }
        return new(probabilities, hashes, leftOut);
    }

    // Counted by what stands before the colon.
    private static string Words(Refusal refusal) => $"{refusal.Rule.Name()}: {refusal.Reason}";
}
