using RadTex.Learning.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>
/// Output layer and cross-entropy in one, chunk by chunk: the logits [N, V] never exist as a whole (1.35 GB a direction at the
/// paper's sizes), and the gradient is made together with the loss, so that no chunk is computed twice.
/// </summary>
/// <remarks>
/// For a chunk with logits z = h W' + b, softmax p and a factor w: loss = logsumexp z - z_target, dz = w (p - onehot),
/// dh = dz W, dW += dz' h, db += sum dz. This is outside autograd: the gradients of W and b are added where backward passes add
/// theirs, and the gradient of h is returned for the caller to pass on.
/// </remarks>
public static class TokenCrossEntropy
{
    /// <summary>Rows whose logits are held at once: 1,024 x 31,090 float32 are 127 MB.</summary>
    public const int ChunkRows = 1024;

    /// <summary>Each token's loss in nats, [N], in the weights' type.</summary>
    /// <param name="hidden">Hidden states [N, D].</param>
    /// <param name="weight">Output matrix [V, D].</param>
    /// <param name="bias">Output bias [V].</param>
    /// <param name="targets">Target tokens [N] int64.</param>
    /// <param name="compute">Type of the matrix products; null for the weights' own.</param>
    public static Tensor Losses(Tensor hidden, Parameter weight, Parameter bias, Tensor targets, ScalarType? compute) =>
        Run(hidden, weight, bias, targets, compute, gradientFactor: null).Losses;

    /// <summary>
    /// Each token's loss [N], and the gradient of <paramref name="factor"/> times their sum: with respect to hidden it is
    /// returned, [N, D] in hidden's type; those of weight and bias are added to their <c>grad</c>.
    /// </summary>
    public static (Tensor Losses, Tensor HiddenGradient) Backpropagate(
        Tensor hidden, Parameter weight, Parameter bias, Tensor targets, ScalarType? compute, double factor)
    {
        var (losses, gradient) = Run(hidden, weight, bias, targets, compute, factor);
        return (losses, gradient!);
    }

    private static (Tensor Losses, Tensor? HiddenGradient) Run(
        Tensor hidden, Parameter weight, Parameter bias, Tensor targets, ScalarType? compute, double? gradientFactor)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var type = compute ?? weight.dtype;
        var (N, V) = (hidden.shape[0], weight.shape[0]);
        bool here = weight.dtype == ScalarType.Float32 && (type is ScalarType.Float32 or ScalarType.BFloat16) && weight.device_type == DeviceType.CPU;
        var (h, W, b) = (hidden.to(type), Filled(weight, type, here), Filled(bias, type, here)); // [N, D], [V to 64, D], [V to 64]
        var losses = empty(N, dtype: weight.dtype, device: weight.device);
        var gradient = gradientFactor is null ? null : empty_like(hidden);
        for (long start = 0; start < N; start += ChunkRows)
        {
            using var chunk = NewDisposeScope();
            long R = Math.Min(ChunkRows, N - start);
            var hChunk = h.narrow(0, start, R);
            if (here) hChunk = Initial.WholeRows(hChunk);                         // [R to 64, D]
            var logits = nn.functional.linear(hChunk, W, b);                      // [R to 64, V to 64]
            if (logits.shape[0] > R) logits.narrow(0, R, logits.shape[0] - R).zero_();
            var (target, loss) = (targets.narrow(0, start, R), losses.narrow(0, start, R));
            var (dz, dbias) = here
                ? (logits, SoftmaxLoss.Run(logits.narrow(0, 0, R), (int)V, target, loss, gradientFactor))
                : Loss(logits, target, loss, gradientFactor);
            if (gradient is null) continue;
            Gradient(bias).add_(dbias!, Scalars.One);                             // [V]
            gradient.narrow(0, start, R).copy_(dz.mm(W).narrow(0, 0, R));         // [R, D]
            Gradient(weight).add_(dz.t().mm(hChunk).narrow(0, 0, V), Scalars.One); // [V, D]
        }
        return (losses.MoveToOuterDisposeScope(), gradient?.MoveToOuterDisposeScope());
    }

    // What SoftmaxLoss does, for float64 and for other devices: there are no rows or columns to fill up there.
    private static (Tensor LogitsGradient, Tensor? BiasGradient) Loss(Tensor logits, Tensor targets, Tensor losses, double? factor)
    {
        var (type, target) = (logits.dtype, targets.unsqueeze(1));                // [R, 1]
        logits = logits.to(losses.dtype);
        var logNormalizer = logits.logsumexp(1, keepdim: true);                   // [R, 1]
        losses.copy_((logNormalizer - logits.gather(1, target)).squeeze(1));
        if (factor is null) return (logits, null);
        using Scalar scale = factor.Value;
        var dLogits = logits.sub_(logNormalizer).exp_();                          // p
        dLogits.scatter_add_(1, target, -ones_like(logNormalizer)).mul_(scale);
        return (dLogits.to(type), dLogits.sum([0L]));
    }

    // oneDNN multiplies bfloat16 a third faster where V is a multiple of 64; SciBERT's 31,090 is not.
    private static Tensor Filled(Tensor rows, ScalarType type, bool here)
    {
        const long multiple = 64;
        long V = rows.shape[0], filled = here && type == ScalarType.BFloat16 ? (V + multiple - 1) / multiple * multiple : V;
        if (filled == V) return rows.to(type);
        long[] shape = [filled, .. rows.shape[1..]];
        var result = empty(shape, dtype: type);
        result.narrow(0, 0, V).copy_(rows);
        result.narrow(0, V, filled - V).zero_();
        return result;
    }

    private static Tensor Gradient(Parameter parameter)
    {
        if (parameter.grad is null) parameter.grad = zeros_like(parameter).DetachFromDisposeScope();
        return parameter.grad!;
    }
}
