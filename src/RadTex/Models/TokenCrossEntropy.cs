using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Models;

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
    public static (Tensor Losses, Tensor HiddenGradient) Backpropagate(Tensor hidden, Parameter weight, Parameter bias, Tensor targets, ScalarType? compute, double factor)
    {
        var (losses, gradient) = Run(hidden, weight, bias, targets, compute, factor);
        return (losses, gradient!);
    }

    private static (Tensor Losses, Tensor? HiddenGradient) Run(Tensor hidden, Parameter weight, Parameter bias, Tensor targets, ScalarType? compute, double? gradientFactor)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var type = compute ?? weight.dtype;
        long N = hidden.shape[0];
        var (h, W, b) = (hidden.to(type), weight.to(type), bias.to(type));
        var losses = empty(N, dtype: weight.dtype, device: weight.device);
        var gradient = gradientFactor is null ? null : empty_like(hidden);
        for (long start = 0; start < N; start += ChunkRows)
        {
            using var chunk = NewDisposeScope();
            long R = Math.Min(ChunkRows, N - start);
            var hChunk = Initial.WholeRows(h.narrow(0, start, R));                // [R to 64, D]
            var target = targets.narrow(0, start, R).unsqueeze(1);                // [R, 1]
            var logits = nn.functional.linear(hChunk, W, b).narrow(0, 0, R).to(weight.dtype); // [R, V]
            var logNormalizer = logits.logsumexp(1, keepdim: true);               // [R, 1]
            losses.narrow(0, start, R).copy_((logNormalizer - logits.gather(1, target)).squeeze(1));
            if (gradientFactor is not { } factor) continue;
            using Scalar scale = factor;
            var dLogits = logits.sub_(logNormalizer).exp_();                      // p
            dLogits.scatter_add_(1, target, -ones_like(logNormalizer)).mul_(scale);
            Gradient(bias).add_(dLogits.sum([0L]), Scalars.One);                  // [V]
            var dz = Initial.WholeRows(dLogits.to(type));                         // [R to 64, V], zeros below R
            gradient!.narrow(0, start, R).copy_(dz.mm(W).narrow(0, 0, R));        // [R, D]
            Gradient(weight).add_(dz.t().mm(hChunk), Scalars.One);                // [V, D]
        }
        return (losses.MoveToOuterDisposeScope(), gradient?.MoveToOuterDisposeScope());
    }

    private static Tensor Gradient(Parameter parameter)
    {
        if (parameter.grad is null) parameter.grad = zeros_like(parameter).DetachFromDisposeScope();
        return parameter.grad!;
    }
}
