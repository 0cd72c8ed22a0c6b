using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>
/// Makes a network that was trained with one standardisation of its input take another, or one channel in place of three equal ones. The
/// first convolution takes up the deviations and sums, the mean of the batch norm after it the means.
/// </summary>
/// <remarks>
/// Exact inside the picture. The zeros that the convolution sees round it stand for the mean of the input, and are now another grey level: the
/// outermost values of the first layer differ by what the means do.
/// </remarks>
internal static class InputFold
{
    private const string Convolution = "conv1.weight", Mean = "bn1.running_mean";

    /// <summary>
    /// Changes conv1.weight [W, C, 7, 7], to [W, 1, 7, 7] where one channel is wanted, and bn1.running_mean [W]. A mean that is missing or misshapen
    /// stays as it is, for loading to report.
    /// </summary>
    /// <param name="weights">Under torchvision's names, in the order of the channels.</param>
    /// <param name="trained">What each channel was standardised with in training, grey levels in [0, 1].</param>
    /// <param name="wanted">What is to be fed, as many channels or one.</param>
    internal static void Apply(
        Dictionary<string, Tensor> weights,
        IReadOnlyList<(double Mean, double Deviation)> trained, IReadOnlyList<(double Mean, double Deviation)> wanted)
    {
        using var scope = NewDisposeScope();
        // Grey level = deviation x + mean of the input x; the network wants (grey level - its mean) / its deviation.
        var input = wanted.Count == trained.Count ? wanted : [.. Enumerable.Repeat(wanted[0], trained.Count)];
        var scales = tensor(trained.Zip(input, (t, w) => w.Deviation / t.Deviation).ToArray()); // [C]
        var offsets = tensor(trained.Zip(input, (t, w) => (w.Mean - t.Mean) / t.Deviation).ToArray()); // [C]
        var kernels = weights[Convolution].to(ScalarType.Float64); // [W, C, 7, 7]
        var shift = kernels.sum([2L, 3L]).mv(offsets); // [W]
        kernels = kernels * scales.reshape(1, -1, 1, 1); // [W, C, 7, 7]
        if (wanted.Count < trained.Count) kernels = kernels.sum(1, keepdim: true); // [W, 1, 7, 7]
        weights[Convolution] = kernels.to(ScalarType.Float32).MoveToOuterDisposeScope();
        if (weights.TryGetValue(Mean, out var mean) && mean.shape.SequenceEqual(shift.shape))
            weights[Mean] = (mean.to(ScalarType.Float64) - shift).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }
}
