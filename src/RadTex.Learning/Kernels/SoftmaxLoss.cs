using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RadTex.Learning.Native;
using static TorchSharp.torch;

namespace RadTex.Learning.Kernels;

/// <summary>
/// Cross-entropy of rows of logits and its gradient, in place, one pass over memory a row: a row stays in the cache while it is worked on.
/// </summary>
internal static unsafe class SoftmaxLoss
{
    /// <summary>Columns in a block.</summary>
    internal const int BlockWidth = 64;

    /// <summary>Writes each row's loss and, where a factor is given, the gradient of factor times their sum in place of the logits.</summary>
    /// <param name="logits">[R, stride], float32 or bfloat16; columns from <paramref name="columns"/> on are no words and get gradient 0.</param>
    /// <param name="columns">V.</param>
    /// <param name="targets">[R] int64, each under V.</param>
    /// <param name="losses">[R] float32, in nats.</param>
    /// <param name="factor">Null for the losses alone: the logits are left as they are then.</param>
    /// <param name="masses">Where a factor is given, gets what each block of <see cref="BlockWidth"/> columns has of each row's probability,
    /// [R, blocks] float32; null for none.</param>
    /// <returns>The gradient's sum over rows, [V] float32; null where there is none.</returns>
    internal static Tensor? Run(Tensor logits, int columns, Tensor targets, Tensor losses, double? factor, Tensor? masses = null)
    {
        using var scope = NewDisposeScope();
        var (rows, stride) = (logits.shape[0], logits.shape[1]);
        int parts = TorchThreads.Parts(rows, 1);
        var sums = factor is null ? null : zeros(parts, columns);
        nint z = HostTensor.Address(logits), t = HostTensor.Address(targets), l = HostTensor.Address(losses),
            s = sums is null ? 0 : HostTensor.Address(sums), m = masses is null ? 0 : HostTensor.Address(masses);
        int blocks = (columns + BlockWidth - 1) / BlockWidth;
        bool wide = logits.dtype == ScalarType.Float32;
        TorchThreads.For(rows, 1, (part, first, end) =>
        {
            for (long row = first; row < end; row++)
            {
                float* sum = s == 0 ? null : (float*)s + part * (long)columns, mass = m == 0 ? null : (float*)m + row * blocks;
                ((float*)l)[row] = wide
                    ? Row((float*)z + row * stride, columns, stride, ((long*)t)[row], sum, mass, (float)(factor ?? 0))
                    : Row((ushort*)z + row * stride, columns, stride, ((long*)t)[row], sum, mass, (float)(factor ?? 0));
            }
        });
        GC.KeepAlive(logits);
        GC.KeepAlive(masses);
        return sums?.sum([0L]).MoveToOuterDisposeScope();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Row<T>(T* z, int columns, long stride, long target, float* sum, float* mass, float factor) where T : unmanaged
    {
        if ((ulong)target >= (ulong)columns) throw new ArgumentOutOfRangeException(nameof(target), target, $"target of a row of {columns} logits");
        int whole = columns / Lanes.Count * Lanes.Count;
        var most = Vector512.Create(float.NegativeInfinity);
        for (int i = 0; i < whole; i += Lanes.Count) most = Vector512.Max(most, Lanes.Load(z + i));
        float greatest = Lanes.Max(most);
        for (int i = whole; i < columns; i++) greatest = Math.Max(greatest, Lanes.Load1(z + i));

        var totals = Vector512<float>.Zero;
        var offset = Vector512.Create(greatest);
        for (int i = 0; i < whole; i += Lanes.Count) totals += Lanes.Exp(Lanes.Load(z + i) - offset);
        double total = 0;
        for (int i = 0; i < Lanes.Count; i++) total += totals[i];
        for (int i = whole; i < columns; i++) total += Math.Exp(Lanes.Load1(z + i) - greatest);
        float logNormalizer = (float)(greatest + Math.Log(total));
        float loss = logNormalizer - Lanes.Load1(z + target);
        if (sum is null) return loss;

        var (normalizer, scale) = (Vector512.Create(logNormalizer), Vector512.Create(factor));
        float aimed = (MathF.Exp(-loss) - 1) * factor; // the target's own
        float before = sum[target];
        var block = Vector512<float>.Zero;
        for (int i = 0; i < whole; i += Lanes.Count)
        {
            var probabilities = Lanes.Exp(Lanes.Load(z + i) - normalizer);
            var values = probabilities * scale;
            (Vector512.Load(sum + i) + values).Store(sum + i);
            Lanes.Store(z + i, values);
            if (mass is null) continue;
            block += probabilities;
            if ((i + Lanes.Count) % BlockWidth != 0) continue;
            mass[i / BlockWidth] = Vector512.Sum(block);
            block = Vector512<float>.Zero;
        }
        float rest = Vector512.Sum(block);
        for (int i = whole; i < columns; i++)
        {
            float probability = MathF.Exp(Lanes.Load1(z + i) - logNormalizer), value = probability * factor;
            sum[i] += value;
            Lanes.Store1(z + i, value);
            rest += probability;
        }
        if (mass is not null && columns % BlockWidth != 0) mass[columns / BlockWidth] = rest;
        sum[target] = before + aimed;
        Lanes.Store1(z + target, aimed);
        Unsafe.InitBlockUnaligned(z + columns, 0, (uint)((stride - columns) * sizeof(T)));
        return loss;
    }
}
