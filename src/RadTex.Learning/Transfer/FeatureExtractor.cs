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

    /// <summary>Moves the encoder to its device.</summary>
    /// <param name="source">Moved to the device; stays the caller's to dispose.</param>
    /// <param name="compute">Where and how; null for the defaults.</param>
    public FeatureExtractor(EncoderSource source, ComputeSettings? compute = null)
    {
        compute ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(compute.Batch, 1);
        this.source = source;
        device = compute.TorchDevice;
        Compute = source.Encoder.IsFrozen ? ScalarType.Float32 : compute.Precision.TypeOn(device);
        BatchSize = compute.Batch;
        Input = source.Input();
        source.Encoder.to(this.device);
    }

    /// <summary>The encoder.</summary>
    internal EncoderSource Source => source;

    /// <summary>The type of the convolutions.</summary>
    public ScalarType Compute { get; }

    /// <summary>Radiographs that go through the encoder at a time.</summary>
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
    public FeatureCard Describe(PreparedDataset dataset, IReadOnlyList<int> indices, View? view = null) => new(
        source.Name, source.Card.WeightsSha256, source.Card.ImageSize, source.Card.Channels, source.Card.Scaling,
        Compute == ScalarType.BFloat16 ? "bfloat16" : "float32",
        BatchSize, Width, dataset.Folder, dataset.Hash, FeatureCard.HashOf(indices.Select(i => dataset[i].ImageId)), indices.Count,
        view?.ToString() ?? View.Centre, source.Card.Synthetic, dataset.Manifest.Synthetic, dataset.Preparation);

    /// <summary>The card of pictures of a plain folder.</summary>
    internal FeatureCard Describe(string folder, IReadOnlyList<string> imageIds, PicturePreparation preparation) => new(
        source.Name, source.Card.WeightsSha256, source.Card.ImageSize, source.Card.Channels, source.Card.Scaling,
        Compute == ScalarType.BFloat16 ? "bfloat16" : "float32",
        BatchSize, Width, folder, "", FeatureCard.HashOf(imageIds), imageIds.Count, View.Centre, source.Card.Synthetic, false, preparation);

    /// <summary>The features of radiographs of a dataset, [n, F], in memory.</summary>
    /// <param name="dataset">The radiographs.</param>
    /// <param name="indices">Those asked for, at least one; null for all.</param>
    /// <param name="folder">Where to <see cref="Write"/> them first, so that a killed pass goes on where it stopped; null for nowhere.</param>
    /// <param name="view">Which augmented view; null for the centre view.</param>
    /// <param name="progress">Counts radiographs.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="UserErrorException">The dataset is prepared too small or with another intensity, or the folder holds other
    /// features.</exception>
    public RadiographFeatures Extract(
        PreparedDataset dataset, IReadOnlyList<int>? indices = null, string? folder = null, View? view = null,
        IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        indices ??= [.. Enumerable.Range(0, dataset.Count)];
        var values = new float[checked(indices.Count * Width)];
        if (folder is not null)
        {
            Write(dataset, folder, indices, view, progress, cancellation: cancellation);
            using var written = FeatureFolder.Open(folder, Describe(dataset, indices, view));
            written.ReadRows(values);
        }
        else
        {
            int done = 0;
            foreach (var batch in Pass(dataset, indices, view, 0, progress, cancellation))
            {
                batch.CopyTo(values, done);
                done += batch.Length;
            }
        }
        return new([.. indices.Select(i => dataset[i])], dataset.LabelNames, Width, values);
    }

    /// <summary>
    /// Writes the features of radiographs to a folder (see <see cref="FeatureFolder"/>) as they come: one batch of them is held, however many
    /// there are. A killed pass goes on where it stopped; finished features are left as they are.
    /// </summary>
    /// <param name="dataset">The radiographs.</param>
    /// <param name="folder">Where to write.</param>
    /// <param name="indices">Those asked for, at least one; null for all.</param>
    /// <param name="view">Which augmented view; null for the centre view.</param>
    /// <param name="progress">Counts radiographs.</param>
    /// <param name="force">Whether other features in the folder are replaced.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="UserErrorException">See <see cref="Extract"/>.</exception>
    public void Write(
        PreparedDataset dataset, string folder, IReadOnlyList<int>? indices = null, View? view = null, IProgress<ProgressReport>? progress = null,
        bool force = false, CancellationToken cancellation = default)
    {
        dataset.RequireIntensity(source.Card.Intensity, source.Name);
        indices ??= [.. Enumerable.Range(0, dataset.Count)];
        var card = Describe(dataset, indices, view);
        using var work = FeatureFolder.Open(folder, card, force);
        if (work.IsComplete) return;
        foreach (var batch in Pass(dataset, indices, view, (int)work.Rows, progress, cancellation)) work.Append(batch);
        work.Complete(card, [.. indices.Select(i => dataset[i])], dataset.LabelNames);
    }

    /// <summary>The features of a batch after the other, [B, F], from the one that begins at radiograph <paramref name="done"/> on.</summary>
    private IEnumerable<float[]> Pass(
        PreparedDataset dataset, IReadOnlyList<int> indices, View? view, int done, IProgress<ProgressReport>? progress,
        CancellationToken cancellation)
    {
        dataset.RequireIntensity(source.Card.Intensity, source.Name);
        var batches = new RadiographBatches(dataset, Input, view?.Augmentation, view?.Seed ?? 0);
        Tensor Read(long batch)
        {
            var part = indices.Skip((int)batch * BatchSize).Take(BatchSize).ToArray();
            return view is null ? batches.CentreViews(part) : batches.TrainingViews(part, view.Index);
        }
        int first = done / BatchSize, end = (indices.Count + BatchSize - 1) / BatchSize;
        progress?.Report(new("features", done, indices.Count, "radiographs"));
        using var prefetcher = new Prefetcher<Tensor>(Read, first, end);
        for (int b = first; b < end; b++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!prefetcher.TryNext(out var images, cancellation)) throw new InvalidOperationException("the batches ended early");
            float[] features;
            using (images)
            {
                features = new float[images.shape[0] * Width];
                Pool(images, features);
                done += (int)images.shape[0];
            }
            yield return features;
            progress?.Report(new("features", done, indices.Count, "radiographs"));
        }
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
        var pooled = source.Encoder.Pool(images.to(device).to(Compute)).to(ScalarType.Float32).cpu(); // [B, F]
        pooled.data<float>().ToArray().CopyTo(rows);
        EncodedImages += images.shape[0];
        foreach (float value in rows)
            if (!float.IsFinite(value)) throw new DivergenceException(
                $"{source.Name} gives features that are not finite. Its weights are damaged or its training diverged; take an earlier checkpoint.");
    }
}
