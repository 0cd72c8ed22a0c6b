using RadTex.Learning.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Models.Encoders;

/// <summary>Batch normalisation over a group's images and positions, with torchvision's five state names.</summary>
public sealed class BatchNorm : nn.Module<Tensor, Tensor>
{
    internal const double DefaultMomentum = 0.1;

    private const double Epsilon = 1e-5;

    private readonly Parameter weight, bias;
    private readonly Tensor running_mean, running_var, num_batches_tracked;

    /// <summary>Scale 1, bias 0, running mean 0 and variance 1, float32, on the CPU; momentum 0.1 and epsilon 1e-5, as torch has them.</summary>
    /// <param name="channels">Of the input, its second axis.</param>
    public BatchNorm(int channels) : base(nameof(BatchNorm))
    {
        weight = nn.Parameter(ones(channels));
        bias = nn.Parameter(zeros(channels));
        running_mean = zeros(channels);
        running_var = ones(channels);
        num_batches_tracked = zeros(1, dtype: ScalarType.Int64).reshape();
        RegisterComponents();
    }

    /// <summary>
    /// Whether a training forward moves the running statistics. The reference trains on two GPUs and keeps the statistics of
    /// the first one's images (DDP broadcasts rank 0's buffers), so only the first group of a batch moves them.
    /// </summary>
    public bool TracksStatistics { get; set; } = true;

    /// <summary>
    /// Whether a training forward normalises by the running statistics, as in evaluation, and leaves them as they are: for training on few images.
    /// </summary>
    public bool KeepsStatistics { get; set; }

    /// <summary>Sets <see cref="TracksStatistics"/> of every norm of a network.</summary>
    internal static void TrackStatistics(nn.Module network, bool tracks)
    {
        foreach (var norm in network.modules().OfType<BatchNorm>()) norm.TracksStatistics = tracks;
    }

    /// <summary>How far a batch's statistics move the running ones, in [0, 1].</summary>
    internal double Momentum { get; set; } = DefaultMomentum;

    /// <summary>Sets all scales to 1.</summary>
    internal void UnitScale()
    {
        using var _ = no_grad();
        weight.fill_(Scalars.One);
    }

    /// <summary>Makes the residual branch start as zero (VirTex: zero_init_residual).</summary>
    internal void ZeroScale()
    {
        using var _ = no_grad();
        weight.zero_();
    }

    internal void ResetStatistics()
    {
        using var _ = no_grad();
        running_mean.zero_();
        running_var.fill_(Scalars.One);
        num_batches_tracked.zero_();
    }

    /// <summary>[B, C, S, S] to the same; bfloat16 input keeps float32 statistics and scale.</summary>
    public override Tensor forward(Tensor images) => Normalise(images, rectify: false);

    /// <summary>The same, then the sum with a shortcut of the same shape, where there is one, then a ReLU, where asked for.</summary>
    public Tensor Normalise(Tensor images, bool rectify, Tensor? shortcut = null)
    {
        using var scope = NewDisposeScope();
        bool byBatch = training && !KeepsStatistics, tracks = byBatch && TracksStatistics;
        if (tracks)
        {
            using var _ = no_grad();
            num_batches_tracked.add_(Scalars.One, Scalars.One);
        }
        if (byBatch && weight.dtype == ScalarType.Float32 && ChannelNorm.Fits(images))
            return ChannelNorm.Apply(images, weight, bias, tracks ? (running_mean, running_var, Momentum) : null, Epsilon, rectify, shortcut)
                .MoveToOuterDisposeScope();
        bool usesRunning = tracks || !byBatch;
        var result = nn.functional.batch_norm(
            images, usesRunning ? running_mean : null!, usesRunning ? running_var : null!, weight, bias, byBatch, Momentum, Epsilon);
        if (shortcut is not null) result = result.add_(shortcut, Scalars.One);
        return (rectify ? result.relu_() : result).MoveToOuterDisposeScope();
    }
}
