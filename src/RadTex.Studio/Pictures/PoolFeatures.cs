using RadTex.Data;
using RadTex.Heads;
using RadTex.Prediction.Onnx;

namespace RadTex.Studio.Pictures;

/// <summary>The features of a project's pictures by an ONNX encoder, written as they come: a killed pass goes on where it stopped.</summary>
internal static class PoolFeatures
{
    private const int BatchSize = 16;

    /// <summary>Makes them, or reads those that are there.</summary>
    /// <param name="model">The encoder.</param>
    /// <param name="dataset">The radiographs.</param>
    /// <param name="rows">Those of the project.</param>
    /// <param name="folder">Where they are kept.</param>
    /// <param name="progress">Counts radiographs.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="UserErrorException">The dataset is prepared too small, or the folder holds other features.</exception>
    internal static RadiographFeatures Make(
        OnnxModel model, PreparedDataset dataset, IReadOnlyList<int> rows, string folder, IProgress<ProgressReport>? progress,
        CancellationToken cancellation)
    {
        var encoder = model.Notes.Encoder;
        dataset.RequireIntensity(encoder.Intensity, "The encoder");
        var pipeline = new InputPipeline(dataset.Preparation, model.Input);
        PreparedRadiograph[] radiographs = [.. rows.Select(i => dataset[i])];
        var card = new FeatureCard(
            encoder.Architecture, encoder.WeightsSha256, encoder.ImageSize, encoder.Channels, encoder.Scaling,
            model.Notes.Quantisation ?? "float32", BatchSize, encoder.FeatureWidth, dataset.Folder, dataset.Hash,
            FeatureCard.HashOf(radiographs.Select(r => r.ImageId)), rows.Count, "centre", encoder.Synthetic, dataset.Manifest.Synthetic,
            dataset.Preparation);
        var values = new float[checked(rows.Count * encoder.FeatureWidth)];
        using var work = FeatureFolder.Open(folder, card);
        int done = work.ReadRows(values);
        if (work.IsComplete) return new(radiographs, dataset.LabelNames, encoder.FeatureWidth, values);
        progress?.Report(new("features", done, rows.Count, "radiographs"));
        while (done < rows.Count)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(BatchSize, rows.Count - done);
            using var batch = pipeline.Rows(dataset, [.. rows.Skip(done).Take(count)]);
            var made = model.Run(batch.Images, count, ModelTensors.Features);
            if (made.Any(v => !float.IsFinite(v)))
                throw new UserErrorException("The encoder gives features that are not finite: its weights are damaged. Take another one.");
            made.CopyTo(values, done * encoder.FeatureWidth);
            work.Append(made);
            done += count;
            progress?.Report(new("features", done, rows.Count, "radiographs"));
        }
        work.Complete(card, radiographs, dataset.LabelNames);
        return new(radiographs, dataset.LabelNames, encoder.FeatureWidth, values);
    }
}
