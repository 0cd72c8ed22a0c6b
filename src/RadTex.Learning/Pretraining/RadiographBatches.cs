using RadTex.Data;
using RadTex.Imaging.Transforms;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>
/// The radiographs of a prepared dataset as batches of input tensors, [B, C, S, S] float32 on the CPU; several images are filled at
/// once. What a batch holds follows from its arguments alone: reading is safe from many threads.
/// </summary>
public sealed class RadiographBatches
{
    private readonly PreparedDataset dataset;
    private readonly ParallelOptions parallel;

    /// <summary>Batches of a dataset under one input and, for training, one augmentation.</summary>
    /// <param name="dataset">Stays the caller's to dispose.</param>
    /// <param name="input">Side, channels and intensity scaling.</param>
    /// <param name="augmentation">For training views; null where only centre views are asked for.</param>
    /// <param name="seed">Of the augmentation's draws.</param>
    /// <param name="workers">Images filled at once; 0 for one a processor.</param>
    /// <exception cref="UserErrorException">The dataset's radiographs are smaller than the input.</exception>
    public RadiographBatches(PreparedDataset dataset, RadiographInput input, AffineAugmentation? augmentation = null, long seed = 0, int workers = 0)
    {
        if (dataset.ShortSide < input.ImageSize)
            throw new UserErrorException(
                $"{dataset.Folder} was prepared with a short side of {dataset.ShortSide} pixels, the input is {input.ImageSize} "
                    + $"x {input.ImageSize}. Prepare it with the setting 'short-side' = {input.ImageSize}.");
        this.dataset = dataset;
        (Input, Augmentation, Seed) = (input, augmentation?.Validated(), seed);
        parallel = new ParallelOptions { MaxDegreeOfParallelism = workers > 0 ? workers : Environment.ProcessorCount };
    }

    /// <summary>How pixels become the encoder's input: S, C and scaling.</summary>
    public RadiographInput Input { get; }

    internal PreparedDataset Dataset => dataset;

    /// <summary>What training views are drawn from; null where centre views alone are asked for.</summary>
    public AffineAugmentation? Augmentation { get; }

    /// <summary>With radiograph and step it decides each training view.</summary>
    public long Seed { get; }

    /// <summary>Centre views, as in evaluation: no map, centre crop, intensity scaling. [B, C, S, S], row b from <c>indices[b]</c>.</summary>
    public Tensor CentreViews(IReadOnlyList<int> indices) => Read(indices, null);

    /// <summary>Training views: each radiograph under the map drawn for it at this step. [B, C, S, S].</summary>
    /// <param name="indices">Radiographs of the dataset.</param>
    /// <param name="step">The step (or epoch, or view): the same one gives the same views.</param>
    /// <exception cref="InvalidOperationException">No augmentation was given.</exception>
    public Tensor TrainingViews(IReadOnlyList<int> indices, long step) =>
        Read(indices, step, Augmentation ?? throw new InvalidOperationException("no augmentation was given; ask for centre views"));

    private unsafe Tensor Read(IReadOnlyList<int> indices, long? step, AffineAugmentation? augmentation = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(indices.Count);
        var images = empty([indices.Count, Input.Channels, Input.ImageSize, Input.ImageSize], ScalarType.Float32);
        // Native memory: it does not move, and each image writes its own stretch.
        fixed (byte* start = images.bytes)
        {
            nint address = (nint)start;
            void Fill(int b)
            {
                var row = dataset[indices[b]];
                var (height, width) = Input.WorkingSize(row.Height, row.Width);
                var map = step is { } s ? augmentation!.Draw(Seed, s, row.Index, height, width) : AffineMap.Identity;
                var values = new Span<float>((float*)address + (long)b * Input.Length, Input.Length);
                Input.Fill(dataset.Pixels(row.Index), row.Height, row.Width, map, augmentation?.Interpolation ?? Interpolation.Bilinear, values);
            }
            if (parallel.MaxDegreeOfParallelism == 1)
                for (int b = 0; b < indices.Count; b++) Fill(b);
            else Parallel.For(0, indices.Count, parallel, Fill);
        }
        return images;
    }
}
