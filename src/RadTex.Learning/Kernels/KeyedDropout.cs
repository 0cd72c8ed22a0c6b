using System.Runtime.CompilerServices;
using RadTex.Learning.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Kernels;

/// <summary>
/// Dropout whose mask is never kept: which values fall follows from a key, drawn from <see cref="StepGenerator"/>, and a value's place, so that the
/// backward pass makes it again. torch's own draws one number after another on one core and stores the mask; it took a tenth of a captioning step.
/// </summary>
/// <remarks>The values that stay are divided by 1 - p in float32; torch rounds 1 / (1 - p) to bfloat16 first, which at p = 0.1 is 0.16% too
/// small.</remarks>
public static unsafe class KeyedDropout
{
    /// <summary>
    /// Values of any shape to values of that shape, each 0 with probability <paramref name="p"/>, else divided by 1 - p. A tensor the kernel does not
    /// take gets a mask drawn value by value: on the CPU from <see cref="StepGenerator"/>, on a GPU by torch's dropout from the GPU's generator.
    /// </summary>
    /// <param name="input">Values, of any shape.</param>
    /// <param name="p">From 0 to under 1.</param>
    public static Tensor Apply(Tensor input, double p)
    {
        if (p == 0) return input.alias();
        if (HostTensor.Fits(input)) return Function.apply(input, new DropoutMask(p));
        return input.device_type == DeviceType.CPU ? Drawn(input, p) : nn.functional.dropout(input, p, training: true);
    }

    // What torch's dropout does on a CPU, from a generator that is passed.
    private static Tensor Drawn(Tensor input, double p)
    {
        using var scope = NewDisposeScope();
        using Scalar share = 1 - p;
        var kept = empty_like(input).bernoulli_(1 - p, StepGenerator.Current);
        return (input * kept.div_(share)).MoveToOuterDisposeScope();
    }

    private static Tensor Run(Tensor input, DropoutMask mask)
    {
        using var scope = NewDisposeScope();
        var from = input.contiguous();
        var to = empty_like(from);
        var (source, target) = (HostTensor.Address(from), HostTensor.Address(to));
        bool wide = input.dtype == ScalarType.Float32;
        TorchThreads.For((input.numel() + Lanes.Count - 1) / Lanes.Count, 4096, (_, first, end) =>
        {
            if (wide) Drop((float*)source, (float*)target, first, end, input.numel(), mask);
            else Drop((ushort*)source, (ushort*)target, first, end, input.numel(), mask);
        });
        GC.KeepAlive(from);
        return to.MoveToOuterDisposeScope();
    }

    // Blocks of sixteen values from the first to one past the last of a row of `count`.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Drop<T>(T* source, T* target, long first, long end, long count, DropoutMask mask) where T : unmanaged
    {
        T* tail = stackalloc T[Lanes.Count];
        for (long block = first; block < end; block++)
        {
            long at = block * Lanes.Count;
            int left = (int)Math.Min(Lanes.Count, count - at);
            T* values = source + at, results = target + at;
            if (left < Lanes.Count)
            {
                Unsafe.CopyBlockUnaligned(tail, values, (uint)(left * sizeof(T)));
                values = results = tail;
            }
            Lanes.Store(results, Lanes.Load(values) * mask.Factors((uint)at));
            if (left < Lanes.Count) Unsafe.CopyBlockUnaligned(target + at, tail, (uint)(left * sizeof(T)));
        }
    }

    private sealed class Function : autograd.SingleTensorFunction<Function>
    {
        public override string Name => "RadTexDropout";

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_data("mask", vars[1]);
            return Run((Tensor)vars[0], (DropoutMask)vars[1]);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradOutput) =>
            Gradients.Return(gradOutput, Run(gradOutput, (DropoutMask)ctx.get_data("mask")), null);
    }
}
