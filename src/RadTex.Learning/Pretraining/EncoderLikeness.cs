using RadTex.Data;
using RadTex.Gating;
using RadTex.Imaging.Transforms;
using RadTex.Inspection;
using RadTex.Learning.Models.Encoders;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>What an encoder's training radiographs look like to it, measured when its training has ended, for the gate of those who use it.</summary>
internal static class EncoderLikeness
{
    private const int Most = 1024, BatchSize = 32;

    /// <summary>Passes some of the radiographs through the encoder; null where they are too few to tell anything.</summary>
    /// <param name="encoder">On any device; its running statistics are used, nothing is changed.</param>
    /// <param name="dataset">What it learnt from.</param>
    /// <param name="indices">The rows it learnt from.</param>
    /// <param name="input">Its input.</param>
    internal static LikenessSample? Measure(ImageEncoder encoder, PreparedDataset dataset, IReadOnlyList<int> indices, RadiographInput input)
    {
        if (indices.Count < TrainingLikeness.LeastRadiographs) return null;
        int[] chosen = [.. LikenessSample.Draw(indices.Count, Most).Select(i => indices[i])];
        var batches = new RadiographBatches(dataset, input);
        var features = new float[chosen.Length * encoder.FeatureWidth];
        var device = encoder.parameters().First().device;
        bool trains = encoder.training;
        encoder.eval();
        try
        {
            using var _ = no_grad();
            int done = 0;
            foreach (var part in chosen.Chunk(BatchSize))
            {
                using var scope = NewDisposeScope();
                var pooled = encoder.Pool(batches.CentreViews(part).to(device)).to(ScalarType.Float32).cpu(); // [B, F]
                pooled.data<float>().ToArray().CopyTo(features, done * encoder.FeatureWidth);
                done += part.Length;
            }
        }
        finally { encoder.train(trains); }
        return Sample(dataset, chosen, encoder.FeatureWidth, features);
    }

    /// <summary>Radiographs whose features, n * F, are there already.</summary>
    internal static LikenessSample Sample(PreparedDataset dataset, IReadOnlyList<int> indices, int width, float[] features) => new(
        width, features,
        [.. indices.Select(i => PictureShape.Of(dataset.Pixels(i), dataset[i].Height, dataset[i].Width))],
        [.. indices.Select(i => dataset[i].PatientId)]);

    /// <summary>Whose radiographs they are, in words.</summary>
    internal static string SourceOf(PreparedDataset dataset) =>
        $"{(dataset.Manifest.Synthetic ? "synthetic radiographs" : "radiographs")} of the dataset {dataset.Hash}";
}
