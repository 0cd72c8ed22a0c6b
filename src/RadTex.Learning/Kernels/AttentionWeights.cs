using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RadTex.Learning.Native;
using static TorchSharp.torch;

namespace RadTex.Learning.Kernels;

/// <summary>
/// Scaling, causal mask, softmax and dropout of attention's scores in one pass. torch's kernels for training on a CPU make each of them by itself,
/// and the one without dropout takes twenty times as long backwards in bfloat16.
/// </summary>
internal static unsafe class AttentionWeights
{
    /// <summary>Scores [.., T, P] to weights [.., T, P]: each row a softmax, then dropout.</summary>
    /// <param name="scores">Products of queries and keys, a tensor that <see cref="HostTensor.Fits"/>.</param>
    /// <param name="scale">Multiplies the scores.</param>
    /// <param name="causal">Whether position t sees positions 0..t alone.</param>
    /// <param name="dropout">Share of the weights that fall.</param>
    internal static Tensor Apply(Tensor scores, double scale, bool causal, double dropout) =>
        Function.apply(scores, new Options((float)scale, causal, dropout > 0 ? new DropoutMask(dropout) : null));

    private sealed record Options(float Scale, bool Causal, DropoutMask? Mask);

    private sealed class Function : autograd.SingleTensorFunction<Function>
    {
        public override string Name => "RadTexAttentionWeights";

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            using var scope = NewDisposeScope();
            var (scores, options) = (((Tensor)vars[0]).contiguous(), (Options)vars[1]);
            var probabilities = empty_like(scores);
            var weights = options.Mask is null ? probabilities : empty_like(scores);
            ForRows(scores, options, (from, to, second, row, context) =>
            {
                if (context.Wide) Forward((float*)from, (float*)to, (float*)second, row, context);
                else Forward((ushort*)from, (ushort*)to, (ushort*)second, row, context);
            }, probabilities, weights);
            ctx.save_for_backward([probabilities.MoveToOuterDisposeScope()]); // the graph holds what this handle stands for
            ctx.save_data("options", options);
            return weights.MoveToOuterDisposeScope();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradOutput)
        {
            using var scope = NewDisposeScope();
            var options = (Options)ctx.get_data("options");
            var probabilities = ctx.get_saved_variables()[0];
            var result = empty_like(probabilities);
            ForRows(gradOutput.contiguous(), options, (from, saved, to, row, context) =>
            {
                if (context.Wide) Backward((float*)from, (float*)saved, (float*)to, row, context);
                else Backward((ushort*)from, (ushort*)saved, (ushort*)to, row, context);
            }, probabilities, result);
            return Gradients.Return(gradOutput, result, null);
        }
    }

    private readonly record struct Context(bool Wide, int T, int P, Options Options, nint Scratch);

    private delegate void RowBody(nint first, nint second, nint third, long row, Context context);

    // Rows [P] of three tensors [.., T, P], the first of them given.
    private static void ForRows(Tensor first, Options options, RowBody body, Tensor second, Tensor third)
    {
        int T = (int)first.shape[^2], P = (int)first.shape[^1], blocks = (P + Lanes.Count - 1) / Lanes.Count;
        bool wide = first.dtype == ScalarType.Float32;
        long bytes = P * (wide ? sizeof(float) : sizeof(ushort));
        nint a = HostTensor.Address(first), b = HostTensor.Address(second), c = HostTensor.Address(third);
        TorchThreads.For(first.numel() / P, 64, (_, start, end) =>
        {
            float* scratch = stackalloc float[blocks * Lanes.Count];
            var context = new Context(wide, T, P, options, (nint)scratch);
            for (long row = start; row < end; row++) body(a + (nint)(row * bytes), b + (nint)(row * bytes), c + (nint)(row * bytes), row, context);
        });
        GC.KeepAlive(first);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward<T>(T* scores, T* probabilities, T* weights, long row, Context context) where T : unmanaged
    {
        int limit = context.Options.Causal ? (int)(row % context.T) + 1 : context.P, filled = (limit + Lanes.Count - 1) / Lanes.Count * Lanes.Count;
        float* values = (float*)context.Scratch;
        Spread(scores, values, limit, filled, float.NegativeInfinity);
        var scale = Vector512.Create(context.Options.Scale);
        var most = Vector512.Create(float.NegativeInfinity);
        for (int i = 0; i < filled; i += Lanes.Count)
        {
            var scaled = Vector512.Load(values + i) * scale;
            scaled.Store(values + i);
            most = Vector512.Max(most, scaled);
        }
        float greatest = Lanes.Max(most);
        var total = Vector512<float>.Zero;
        for (int i = 0; i < filled; i += Lanes.Count)
        {
            var power = Lanes.Exp(Vector512.Load(values + i) - Vector512.Create(greatest));
            power.Store(values + i);
            total += power;
        }
        var share = Vector512.Create(1 / Vector512.Sum(total));
        for (int i = 0; i < filled; i += Lanes.Count) (Vector512.Load(values + i) * share).Store(values + i);
        Gather(values, probabilities, limit, context.P);
        if (context.Options.Mask is not { } mask) return;
        for (int i = 0; i < filled; i += Lanes.Count) (Vector512.Load(values + i) * mask.Factors((uint)(row * context.P + i))).Store(values + i);
        Gather(values, weights, limit, context.P);
    }

    // With dropout's factors f: g = f dW; dScores = scale p (g - sum p g).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward<T>(T* gradient, T* probabilities, T* result, long row, Context context) where T : unmanaged
    {
        int limit = context.Options.Causal ? (int)(row % context.T) + 1 : context.P, filled = (limit + Lanes.Count - 1) / Lanes.Count * Lanes.Count;
        float* values = (float*)context.Scratch;
        Spread(gradient, values, limit, filled, 0);
        if (context.Options.Mask is { } mask)
            for (int i = 0; i < filled; i += Lanes.Count) (Vector512.Load(values + i) * mask.Factors((uint)(row * context.P + i))).Store(values + i);
        int whole = limit / Lanes.Count * Lanes.Count;
        var total = Vector512<float>.Zero;
        for (int i = 0; i < whole; i += Lanes.Count) total += Lanes.Load(probabilities + i) * Vector512.Load(values + i);
        float sum = Vector512.Sum(total), scale = context.Options.Scale;
        for (int i = whole; i < limit; i++) sum += Lanes.Load1(probabilities + i) * values[i];
        for (int i = 0; i < whole; i += Lanes.Count)
            Lanes.Store(result + i, Lanes.Load(probabilities + i) * (Vector512.Load(values + i) - Vector512.Create(sum)) * scale);
        for (int i = whole; i < limit; i++) Lanes.Store1(result + i, Lanes.Load1(probabilities + i) * (values[i] - sum) * scale);
        Unsafe.InitBlockUnaligned(result + limit, 0, (uint)((context.P - limit) * sizeof(T)));
    }

    // The first `limit` values in float32, and `rest` from there to `filled`.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Spread<T>(T* source, float* values, int limit, int filled, float rest) where T : unmanaged
    {
        int whole = limit / Lanes.Count * Lanes.Count;
        for (int i = 0; i < whole; i += Lanes.Count) Lanes.Load(source + i).Store(values + i);
        for (int i = whole; i < limit; i++) values[i] = Lanes.Load1(source + i);
        for (int i = limit; i < filled; i++) values[i] = rest;
    }

    // And back, with zeros from `limit` to `end`.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather<T>(float* values, T* target, int limit, int end) where T : unmanaged
    {
        int whole = limit / Lanes.Count * Lanes.Count;
        for (int i = 0; i < whole; i += Lanes.Count) Lanes.Store(target + i, Vector512.Load(values + i));
        for (int i = whole; i < limit; i++) Lanes.Store1(target + i, values[i]);
        Unsafe.InitBlockUnaligned(target + limit, 0, (uint)((end - limit) * sizeof(T)));
    }
}
