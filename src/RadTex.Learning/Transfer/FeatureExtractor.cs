using RadTex.Data;
using RadTex.Heads;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Models;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Transfer;

/// <summary>Runs a frozen encoder over radiographs: one pass, from which any number of heads can be trained.</summary>
/// <remarks>
/// The encoder is in evaluation mode (VirTex: batch norms use their running statistics). bfloat16 covers the convolutions only; the
/// average over the last stage is taken in float32, since pooled features have a mean far larger than what tells two pictures apart.
/// </remarks>
public sealed class FeatureExtractor
{
    private readonly EncoderSource source;
    private readonly Device device;

    /// <param name="source">Moved to <paramref name="device"/>; stays the caller's to dispose.</param>
    /// <param name="precision">Of the convolutions.</param>
    /// <param name="device">Where to compute; null for the CPU.</param>
    /// <param name="batchSize">Radiographs a forward pass.</param>
    public FeatureExtractor(EncoderSource source, Precision precision = Precision.Auto, Device? device = null, int batchSize = 32)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        this.source = source;
        this.device = device ?? CPU;
        Compute = precision.TypeOn(this.device);
        BatchSize = batchSize;
        Input = source.Input();
        source.Encoder.to(this.device);
    }

    /// <summary>The encoder.</summary>
    internal EncoderSource Source => source;

    /// <summary>The type of the convolutions.</summary>
    public ScalarType Compute { get; }

    public int BatchSize { get; }

    /// <summary>Radiographs that went through the encoder so far, each view counted.</summary>
    public long EncodedImages { get; private set; }

    /// <summary>What the encoder takes.</summary>
    public RadiographInput Input { get; }

    /// <summary>How picture files are read for the encoder alone: as those it learnt from.</summary>
    public PicturePreparation Preparation => source.Card.Preparation();

    /// <summary>F, the length of a radiograph's features.</summary>
    public int Width => source.Encoder.FeatureWidth;

    /// <summary>What the features depend on, and so what a resumed pass must find unchanged.</summary>
    /// <param name="dataset">The radiographs.</param>
    /// <param name="indices">Those asked for.</param>
    /// <param name="view">Which augmented view; null for the centre view.</param>
    /// <param name="augmentation">Of augmented views.</param>
    /// <param name="seed">Of augmented views.</param>
    public FeatureCard Describe(
        PreparedDataset dataset, IReadOnlyList<int> indices, int? view = null, AffineAugmentation? augmentation = null, long seed = 0) => new(
        source.Name, source.Card.WeightsSha256, source.Card.ImageSize, source.Card.Channels, source.Card.Scaling,
        Compute == ScalarType.BFloat16 ? "bfloat16" : "float32",
        BatchSize, Width, dataset.Folder, dataset.Hash, FeatureCard.HashOf(indices.Select(i => dataset[i].ImageId)), indices.Count,
        view is { } k ? $"affine view {k} of ±{augmentation!.Degrees} degrees and ±{augmentation.Translate} of a side "
            + $"({augmentation.Interpolation}), seed {seed}" : "centre",
        source.Card.Synthetic, dataset.Manifest.Synthetic, dataset.Preparation);

    /// <summary>The card of pictures of a plain folder.</summary>
    internal FeatureCard Describe(string folder, IReadOnlyList<string> imageIds, PicturePreparation preparation) => new(
        source.Name, source.Card.WeightsSha256, source.Card.ImageSize, source.Card.Channels, source.Card.Scaling,
        Compute == ScalarType.BFloat16 ? "bfloat16" : "float32",
        BatchSize, Width, folder, "", FeatureCard.HashOf(imageIds), imageIds.Count, "centre", source.Card.Synthetic, false, preparation);

    /// <summary>The features of radiographs of a dataset, [n, F].</summary>
    /// <param name="dataset">The radiographs.</param>
    /// <param name="indices">Those asked for, at least one; null for all.</param>
    /// <param name="folder">Where to write them as they come (see <see cref="FeatureFolder"/>): a killed pass then goes on where it stopped. Null: in
    /// memory only.</param>
    /// <param name="view">Which augmented view; null for the centre view.</param>
    /// <param name="augmentation">Of augmented views.</param>
    /// <param name="seed">Of augmented views.</param>
    /// <param name="progress">Counts radiographs.</param>
    /// <param name="force">Whether other features in the folder are replaced.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="UserErrorException">The dataset is prepared too small or with another intensity, or the folder holds other
    /// features.</exception>
    public RadiographFeatures Extract(
        PreparedDataset dataset, IReadOnlyList<int>? indices = null, string? folder = null, int? view = null, AffineAugmentation? augmentation = null,
        long seed = 0,
        IProgress<ProgressReport>? progress = null, bool force = false, CancellationToken cancellation = default)
    {
        dataset.RequireIntensity(source.Card.Intensity, source.Name);
        indices ??= [.. Enumerable.Range(0, dataset.Count)];
        var batches = new RadiographBatches(dataset, Input, view is null ? null : augmentation, seed);
        var radiographs = indices.Select(i => dataset[i]).ToArray();
        var card = Describe(dataset, indices, view, augmentation, seed);
        var values = new float[checked(indices.Count * Width)];
        using var work = folder is null ? null : FeatureFolder.Open(folder, card, force);
        int done = work?.ReadRows(values) ?? 0;
        if (work is { IsComplete: true }) return new(radiographs, dataset.LabelNames, Width, values);

        Tensor Read(long batch)
        {
            var part = indices.Skip((int)batch * BatchSize).Take(BatchSize).ToArray();
            return view is { } k ? batches.TrainingViews(part, k) : batches.CentreViews(part);
        }
        int first = done / BatchSize, end = (indices.Count + BatchSize - 1) / BatchSize;
        progress?.Report(new("features", done, indices.Count, "radiographs"));
        using (var prefetcher = new Prefetcher<Tensor>(Read, first, end))
        {
            for (int b = first; b < end; b++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!prefetcher.TryNext(out var images, cancellation)) throw new InvalidOperationException("the batches ended early");
                using (images)
                {
                    int count = (int)images.shape[0];
                    var rows = values.AsSpan(done * Width, count * Width);
                    Pool(images, rows);
                    work?.Append(rows);
                    done += count;
                }
                progress?.Report(new("features", done, indices.Count, "radiographs"));
            }
        }
        work?.Complete(radiographs, dataset.LabelNames);
        return new(radiographs, dataset.LabelNames, Width, values);
    }

    /// <summary>[n, C, S, S] to n * F values.</summary>
    internal float[] Pool(Memory<float> images, int count)
    {
        using var batch = tensor(images.ToArray(), [count, Input.Channels, Input.ImageSize, Input.ImageSize]);
        var features = new float[count * Width];
        Pool(batch, features);
        return features;
    }

    /// <summary>[B, C, S, S] float32 on the CPU to B * F values.</summary>
    internal void Pool(Tensor images, Span<float> rows)
    {
        source.Prepare();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var features = source.Encoder.forward(images.to(device).to(Compute)); // [B, F, S/32, S/32]
        var pooled = features.to(ScalarType.Float32).mean([2L, 3L]).cpu(); // [B, F]
        pooled.data<float>().ToArray().CopyTo(rows);
        EncodedImages += images.shape[0];
        foreach (float value in rows)
            if (!float.IsFinite(value)) throw new DivergenceException(
                $"{source.Name} gives features that are not finite. Its weights are damaged or its training diverged; take an earlier checkpoint.");
    }
}
