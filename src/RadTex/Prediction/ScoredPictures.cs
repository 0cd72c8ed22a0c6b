using System.Buffers;
using RadTex.Data;
using RadTex.Imaging;

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
        data.Prepare(model);
        var probabilities = new float[data.Radiographs.Count][];
        var hashes = new List<ulong>();
        var leftOut = new List<(int, string)>();
        int outputs = model.Notes.Outputs.Count, done = 0;
        using var prefetcher = new Prefetcher<Batch>(
            b => Batch.Read(model.Input, data, [.. rows.Skip((int)b * batchSize).Take(batchSize)]), 0, (rows.Count + batchSize - 1) / batchSize);
        while (prefetcher.TryNext(out var batch, cancellation))
        {
            using (batch)
            {
                leftOut.AddRange(batch.Faults);
                hashes.AddRange(batch.Hashes);
                if (batch.Rows.Length > 0)
                    foreach (var (row, values) in batch.Rows.Zip(
                        model.Probabilities(batch.Images, batch.Rows.Length).Chunk(outputs))) probabilities[row] = values;
                done += batch.Rows.Length + batch.Faults.Length;
            }
            progress?.Report(new("predicting", done, rows.Count, "pictures"));
        }
        return new(probabilities, hashes, leftOut);
    }

    /// <summary>Some rows as an input, [n, C, S, S].</summary>
    private sealed class Batch : IDisposable
    {
        private readonly float[] pixels;
        private readonly int length;

        private Batch(float[] pixels, int length, int[] rows, ulong[] hashes, (int, string)[] faults) =>
            (this.pixels, this.length, Rows, Hashes, Faults) = (pixels, length, rows, hashes, faults);

        internal int[] Rows { get; }

        internal ulong[] Hashes { get; }

        internal (int Row, string Reason)[] Faults { get; }

        internal Memory<float> Images => pixels.AsMemory(0, Rows.Length * length);

        internal static Batch Read(RadiographInput input, LabelledPictures data, int[] rows)
        {
            var pixels = ArrayPool<float>.Shared.Rent(rows.Length * input.Length);
            var faults = new string?[rows.Length];
            var hashes = new ulong[rows.Length];
            Parallel.For(0, rows.Length, i =>
            {
                try
                {
                    var (picture, height, width) = data.Read(rows[i]);
                    hashes[i] = SeenRadiographs.PictureHash(picture.Span, height, width);
                    input.Fill(picture.Span, height, width, AffineMap.Identity, Interpolation.Bilinear,
                        pixels.AsSpan(i * input.Length, input.Length));
                }
                catch (Exception e) when (e is ImageFaultException or IOException or UnauthorizedAccessException) { faults[i] = e.Message; }
            });
            int[] whole = [.. Enumerable.Range(0, rows.Length).Where(i => faults[i] is null)];
            for (int next = 0; next < whole.Length; next++) // close the gaps of those left out
                if (next < whole[next]) Array.Copy(pixels, whole[next] * input.Length, pixels, next * input.Length, input.Length);
            return new(
                pixels, input.Length, [.. whole.Select(i => rows[i])], [.. whole.Select(i => hashes[i])],
                [.. Enumerable.Range(0, rows.Length).Where(i => faults[i] is not null).Select(i => (rows[i], faults[i]!))]);
        }

        public void Dispose() => ArrayPool<float>.Shared.Return(pixels);
    }
}
