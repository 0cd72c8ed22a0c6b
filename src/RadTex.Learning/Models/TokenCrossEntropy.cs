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
/// dh = dz W, dW += dz' h, db += sum dz. All of it is made in the forward pass; the backward pass hands dh on and adds dW and db to the parameters'
/// gradients itself, so that these 127 MB are added once and not gathered by autograd first. Several chunks are added one after the other to what the
/// parameters' gradients are already: where a batch has several parts, the order of the sums is then that of one pass over all chunks.
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
        Run(hidden, weight, bias, targets, compute, gradientFactor: null, blocks: null).Losses;

    /// <summary>
    /// <paramref name="factor"/> times the sum of the losses, a scalar with its graph, and each token's loss [N] without one. Backward may be called
    /// once.
    /// </summary>
    /// <param name="hidden">Hidden states [N, D]; requires a gradient.</param>
    /// <param name="weight">Output matrix [V, D], a leaf.</param>
    /// <param name="bias">Output bias [V], a leaf.</param>
    /// <param name="targets">Target tokens [N] int64.</param>
    /// <param name="compute">Type of the matrix products; null for the weights' own.</param>
    /// <param name="factor">Such as 1 / N for a mean.</param>
    /// <param name="blocks">Leaves out the gradients of words that no token's probability reaches; null for the whole gradient. Taken where float32
    /// weights compute in bfloat16 on the CPU, and not elsewhere.</param>
    public static (Tensor Sum, Tensor Losses) Sum(
        Tensor hidden, Parameter weight, Parameter bias, Tensor targets, ScalarType? compute, double factor, WordBlocks? blocks = null)
    {
        var call = new Call(weight, bias, targets, compute, factor, blocks);
        return (Function.apply(hidden, call), call.Losses!);
    }

    private static (Tensor Losses, TokenGradients? Gradients) Run(
        Tensor hidden, Parameter weight, Parameter bias, Tensor targets, ScalarType? compute, double? gradientFactor, WordBlocks? blocks)
    {
        if (blocks is not null && CanSkip(weight, compute)) return RunSkipping(hidden, weight, bias, targets, gradientFactor!.Value, blocks);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var type = compute ?? weight.dtype;
        var (N, V) = (hidden.shape[0], weight.shape[0]);
        bool onHost = weight.dtype == ScalarType.Float32 && (type is ScalarType.Float32 or ScalarType.BFloat16)
            && weight.device_type == DeviceType.CPU;
        var (h, W, b) = (hidden.to(type), Filled(weight, type, onHost), Filled(bias, type, onHost)); // [N, D], [V to 64, D], [V to 64]
        var losses = empty(N, dtype: weight.dtype, device: weight.device);
        var dh = gradientFactor is null ? null : empty_like(hidden);
        var (beforeW, beforeB) = dh is not null && N > ChunkRows ? (weight.grad?.clone(), bias.grad?.clone()) : (null, null);
        var (dW, db) = (beforeW?.clone(), beforeB?.clone());
        for (long first = 0; first < N; first += ChunkRows)
        {
            using var chunk = NewDisposeScope();
            long R = Math.Min(ChunkRows, N - first);
            var hChunk = h.narrow(0, first, R);
            if (onHost) hChunk = LinearMap.PadRows(hChunk);                        // [R to 64, D]
            var logits = nn.functional.linear(hChunk, W, b);                      // [R to 64, V to 64]
            if (logits.shape[0] > R) logits.narrow(0, R, logits.shape[0] - R).zero_();
            var (target, loss) = (targets.narrow(0, first, R), losses.narrow(0, first, R));
            var (dz, dbias) = onHost
                ? (logits, SoftmaxLoss.Run(logits.narrow(0, 0, R), (int)V, target, loss, gradientFactor))
                : Loss(logits, target, loss, gradientFactor);
            if (dh is null) continue;
            db = Added(db, dbias!);                                               // [V]
            dh.narrow(0, first, R).copy_(dz.mm(W).narrow(0, 0, R));               // [R, D]
            dW = Added(dW, dz.t().mm(hChunk).narrow(0, 0, V));                    // [V, D]
        }
        return (losses.MoveToOuterDisposeScope(), dh is null ? null : new(
            dh.MoveToOuterDisposeScope(), [new(dW!.MoveToOuterDisposeScope(), beforeW?.MoveToOuterDisposeScope())],
            new(db!.MoveToOuterDisposeScope(), beforeB?.MoveToOuterDisposeScope())));
    }

    /// <summary>Whether words can be left out of the gradients: float32 weights that compute in bfloat16 on the CPU.</summary>
    private static bool CanSkip(Tensor weight, ScalarType? compute) =>
        weight.dtype == ScalarType.Float32 && compute == ScalarType.BFloat16 && weight.device_type == DeviceType.CPU;

    // As Run, with the words in the order of the blocks and the gradients of live ones alone.
    private static (Tensor Losses, TokenGradients Gradients) RunSkipping(
        Tensor hidden, Parameter weight, Parameter bias, Tensor targets, double factor, WordBlocks blocks)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (N, V) = (hidden.shape[0], weight.shape[0]);
        long filled = (long)blocks.Count * WordBlocks.Width;
        var h = hidden.to(ScalarType.BFloat16);                                                      // [N, D]
        (var W, blocks.LargestNorm) = WordRows.Permuted(weight, blocks.Order, filled);               // [V to 64, D]
        var columnOf = tensor(blocks.Columns);                                                       // [V]
        var b = Filled(zeros(V).index_copy_(0, columnOf, bias), ScalarType.BFloat16, onHost: true);  // [V to 64]
        var columns = columnOf.index_select(0, targets);                                             // [N]
        (int First, int Count)[] all = [(0, (int)filled)];
        var (losses, dh) = (empty(N), empty_like(hidden));
        var dW = new List<ParameterGradient>();
        Tensor? db = null;
        for (long first = 0; first < N; first += ChunkRows)
        {
            using var chunk = NewDisposeScope();
            long R = Math.Min(ChunkRows, N - first);
            var hChunk = LinearMap.PadRows(h.narrow(0, first, R));                // [R to 64, D]
            var logits = nn.functional.linear(hChunk, W, b);                      // [R to 64, V to 64]
            if (logits.shape[0] > R) logits.narrow(0, R, logits.shape[0] - R).zero_();
            var (target, masses) = (columns.narrow(0, first, R), empty(R, blocks.Count));
            var dbias = SoftmaxLoss.Run(logits.narrow(0, 0, R), (int)V, target, losses.narrow(0, first, R), factor, masses);
            db = Added(db, dbias!);                                               // [V], by column
            var live = blocks.Choose(masses.data<float>().ToArray(), target.data<long>().ToArray());
            var dhChunk = dh.narrow(0, first, R);
            Tensor Add(Tensor dz, Tensor states, Tensor rows, IReadOnlyList<(int First, int Count)> words)
            {
                dW.Add(new(dz.t().mm(states).MoveToOuterDisposeScope(), null, Words(words, blocks.Order))); // [L, D]
                return dz.mm(rows);                                               // [T to 64, D]
            }
            if (live.Some.Length == 0)
            {
                dhChunk.copy_(Add(logits, hChunk, W, all).narrow(0, 0, R));       // [R, D]
                continue;
            }
            foreach (var (tokens, words, rows) in ((int[], IReadOnlyList<(int, int)>, Tensor)[])
                [(live.Whole, all, W), (live.Some, live.Columns, WordRows.Rows(W, live.Columns))])
            {
                if (tokens.Length == 0) continue;
                var own = tensor(Array.ConvertAll(tokens, i => (long)i));
                var d = Add(WordRows.Columns(logits, tokens, words), LinearMap.PadRows(hChunk.index_select(0, own)), rows, words);
                dhChunk.index_copy_(0, own, d.narrow(0, 0, tokens.Length).to(dh.dtype)); // [T, D]
            }
        }
        foreach (var gradient in dW) gradient.Sum.MoveToOuterDisposeScope();
        return (losses.MoveToOuterDisposeScope(), new(
            dh.MoveToOuterDisposeScope(), dW, new(db!.index_select(0, columnOf).MoveToOuterDisposeScope(), null)));
    }

    // The words of columns; what only fills a block has a number beyond the vocabulary.
    private static int[] Words(IReadOnlyList<(int First, int Count)> columns, ReadOnlySpan<int> order)
    {
        var words = new int[columns.Sum(c => c.Count)];
        int at = 0;
        foreach (var (first, count) in columns)
            for (int i = 0; i < count; i++) words[at++] = first + i < order.Length ? order[first + i] : int.MaxValue;
        return words;
    }

    private static Tensor Added(Tensor? sum, Tensor value) => sum is null ? value.MoveToOuterDisposeScope() : sum.add_(value, Scalars.One);

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
    private static Tensor Filled(Tensor rows, ScalarType type, bool onHost)
    {
        const long multiple = 64;
        long V = rows.shape[0], filled = onHost && type == ScalarType.BFloat16 ? (V + multiple - 1) / multiple * multiple : V;
        if (filled == V) return rows.to(type);
        long[] shape = [filled, .. rows.shape[1..]];
        var result = empty(shape, dtype: type);
        result.narrow(0, 0, V).copy_(rows);
        result.narrow(0, V, filled - V).zero_();
        return result;
    }

    private sealed record TokenGradients(Tensor Hidden, IReadOnlyList<ParameterGradient> Weight, ParameterGradient Bias);

    /// <summary>
    /// A parameter's gradient of all chunks, on top of the one it had before, where there are several; or of some of its rows, of one chunk.
    /// </summary>
    private sealed record ParameterGradient(Tensor Sum, Tensor? Before, int[]? Rows = null) : IDisposable
    {
        internal IEnumerable<Tensor> Tensors => Before is null ? [Sum] : [Sum, Before];

        internal void AddTo(Parameter parameter, double factor)
        {
            using var scope = NewDisposeScope();
            using Scalar scale = factor;
            if (parameter.grad is null) parameter.grad = zeros_like(parameter).DetachFromDisposeScope();
            var gradient = parameter.grad!;
            if (Rows is not null) WordRows.Add(gradient, Sum, Rows, (float)factor);
            else if (Before is null) gradient.add_(Sum, scale);
            else if (factor == 1 && gradient.eq(Before).all().item<bool>()) gradient.copy_(Sum);
            else gradient.add_(Sum - Before, scale); // others have added to it since
        }

        public void Dispose()
        {
            foreach (var tensor in Tensors) tensor.Dispose();
        }
    }

    private sealed record Call(Parameter Weight, Parameter Bias, Tensor Targets, ScalarType? Compute, double Factor, WordBlocks? Blocks)
    {
        internal Tensor? Losses { get; set; }

        internal TokenGradients? Gradients { get; set; }
    }

    private sealed class Function : autograd.SingleTensorFunction<Function>
    {
        public override string Name => "RadTexTokenCrossEntropy";

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            using var scope = NewDisposeScope();
            var (hidden, call) = ((Tensor)vars[0], (Call)vars[1]);
            var (losses, gradients) = Run(hidden, call.Weight, call.Bias, call.Targets, call.Compute, call.Factor, call.Blocks);
            // They wait for the backward pass, whose scope may be another.
            scope.Detach([gradients!.Hidden, .. gradients.Weight.SelectMany(g => g.Tensors), .. gradients.Bias.Tensors]);
            (call.Losses, call.Gradients) = (losses.MoveToOuterDisposeScope(), gradients);
            ctx.save_data("call", call);
            using Scalar factor = call.Factor;
            return losses.sum().mul(factor).MoveToOuterDisposeScope();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradOutput)
        {
            using var _ = no_grad();
            var call = (Call)ctx.get_data("call");
            var gradients = call.Gradients ?? throw new InvalidOperationException("the gradient of this loss was asked for twice");
            call.Gradients = null;
            using var wide = gradOutput.to(ScalarType.Float64);
            double outer = wide.item<double>();
            using Scalar scale = outer;
            foreach (var part in gradients.Weight)
                using (part) part.AddTo(call.Weight, outer);
            using (gradients.Bias) gradients.Bias.AddTo(call.Bias, outer);
            return Gradients.Return(gradOutput, outer == 1 ? gradients.Hidden : gradients.Hidden.mul_(scale), null);
        }
    }
}
