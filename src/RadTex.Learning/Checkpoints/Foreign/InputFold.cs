using RadTex.Learning.Models;
using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>
/// Makes a network that was trained with one standardisation of its input take another, or one channel in place of three equal ones. The
/// first layer takes up the deviations and sums, the mean of the batch norm after it, or its own bias, the means.
/// </summary>
/// <remarks>
/// Exact inside the picture, and everywhere where patches do not reach beyond it. The zeros that a convolution sees round it stand for the mean of
/// the input, and are now another grey level: the outermost values of the first layer differ by what the means do.
/// </remarks>
internal static class InputFold
{
    /// <summary>
    /// Changes the layer's products [W, C, k, k], to [W, 1, k, k] where one channel is wanted, and its constant [W]. A constant that is missing or
    /// misshapen stays as it is, for loading to report.
    /// </summary>
    /// <param name="weights">By name, in the order of the channels.</param>
    /// <param name="layer">The first.</param>
    /// <param name="trained">What each channel was standardised with in training, grey levels in [0, 1].</param>
    /// <param name="wanted">What is to be fed, as many channels or one.</param>
    internal static void Apply(
        Dictionary<string, Tensor> weights, InputLayer layer,
        IReadOnlyList<(double Mean, double Deviation)> trained, IReadOnlyList<(double Mean, double Deviation)> wanted)
    {
        using var scope = NewDisposeScope();
        // Grey level = deviation x + mean of the input x; the network wants (grey level - its mean) / its deviation.
        var input = wanted.Count == trained.Count ? wanted : [.. Enumerable.Repeat(wanted[0], trained.Count)];
        var scales = tensor(trained.Zip(input, (t, w) => w.Deviation / t.Deviation).ToArray()); // [C]
        var offsets = tensor(trained.Zip(input, (t, w) => (w.Mean - t.Mean) / t.Deviation).ToArray()); // [C]
        var kernels = weights[layer.Products].to(ScalarType.Float64); // [W, C, 7, 7]
        var shift = kernels.sum([2L, 3L]).mv(offsets); // [W]
        kernels = kernels * scales.reshape(1, -1, 1, 1); // [W, C, 7, 7]
        if (wanted.Count < trained.Count) kernels = kernels.sum(1, keepdim: true); // [W, 1, 7, 7]
        weights[layer.Products] = kernels.to(ScalarType.Float32).MoveToOuterDisposeScope();
        if (weights.TryGetValue(layer.Constant, out var constant) && constant.shape.SequenceEqual(shift.shape))
        {
            var moved = constant.to(ScalarType.Float64).add(layer.IsSubtracted ? -shift : shift, Scalars.One); // [W]
            weights[layer.Constant] = moved.to(ScalarType.Float32).MoveToOuterDisposeScope();
        }
    }
}
