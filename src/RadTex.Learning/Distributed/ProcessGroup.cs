using System.IO.Hashing;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace RadTex.Learning.Distributed;

/// <summary>
/// The processes that work on one job together, a rank each from 0. Every call but <see cref="Abort"/> is collective: all ranks make the same calls
/// in the same order, on one thread at a time.
/// </summary>
public abstract class ProcessGroup : IDisposable
{
    /// <summary>What is exchanged at a time: large enough that starting an exchange costs nothing, small enough to stay in the caches.</summary>
    internal const int BucketBytes = 16 << 20;

    /// <summary>This process by itself.</summary>
    public static ProcessGroup Alone { get; } = new SoleProcess();

    /// <summary>Which of them this is.</summary>
    public abstract int Rank { get; }

    /// <summary>How many there are.</summary>
    public abstract int Size { get; }

    /// <summary>How many of them share this machine.</summary>
    public abstract int LocalSize { get; }

    /// <summary>Which of those on this machine this is, from 0.</summary>
    public abstract int LocalRank { get; }

    /// <summary>Whether this is the one that writes files and speaks.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>What carries the exchange, for the log.</summary>
    public abstract string Description { get; }

    /// <summary>Puts the sum over all ranks in place of each one's values. The same bits on every rank.</summary>
    /// <param name="values">Contiguous, float32; as long on every rank.</param>
    public void Sum(Tensor values)
    {
        if (Size == 1 || (values.device_type == TorchSharp.DeviceType.CUDA && SumOnDevice(values))) return;
        InHostMemory(values, ScalarType.Float32, write: true, bytes => SumFloats(MemoryMarshal.Cast<byte, float>(bytes)));
    }

    /// <summary>Puts the sum over all ranks in place of each one's values.</summary>
    public abstract void Sum(Span<double> values);

    /// <summary>Puts rank 0's values in place of every rank's.</summary>
    /// <param name="values">Contiguous, of any type; as long on every rank.</param>
    public void Broadcast(Tensor values)
    {
        if (Size > 1) InHostMemory(values, null, write: !IsFirst, Broadcast);
    }

    /// <summary>Gives rank 0's bytes to all.</summary>
    /// <param name="content">Rank 0's; what others give is not looked at.</param>
    public byte[] Broadcast(byte[]? content)
    {
        if (Size == 1) return content!;
        Span<byte> length = stackalloc byte[sizeof(int)];
        if (IsFirst) MemoryMarshal.Write(length, content!.Length);
        Broadcast(length);
        var received = IsFirst ? content! : new byte[MemoryMarshal.Read<int>(length)];
        Broadcast(received.AsSpan());
        return received;
    }

    /// <summary>Whether it is so on any rank: what all must do alike, such as stop, is agreed on with this.</summary>
    public bool Any(bool condition)
    {
        if (Size == 1) return condition;
        Span<double> count = [condition ? 1 : 0];
        Sum(count);
        return count[0] > 0;
    }

    /// <summary>Refuses to go on where ranks hold different things under one name.</summary>
    /// <param name="what">For the message.</param>
    /// <param name="content">This rank's.</param>
    /// <param name="cure">What to do where they differ.</param>
    /// <exception cref="UserErrorException">Some rank's differs from rank 0's; thrown on all ranks.</exception>
    public void RequireSame(string what, ReadOnlySpan<byte> content, string cure)
    {
        if (Size == 1) return;
        var own = XxHash128.Hash(content);
        var differing = new double[Size];
        differing[Rank] = Broadcast(own).AsSpan().SequenceEqual(own) ? 0 : 1;
        Sum(differing);
        if (differing.Any(d => d > 0))
            throw new UserErrorException(
                $"{what} is not the same on all ranks: rank "
                    + $"{string.Join(", ", Enumerable.Range(0, Size).Where(r => differing[r] > 0))} differs from rank 0. {cure}");
    }

    /// <summary>Ends every rank at once, for one that cannot go on. Does not return where there are others.</summary>
    public abstract void Abort(int exitCode);

    /// <summary>Leaves the group, as every rank must before it ends; of <see cref="Alone"/> nothing is left.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Sums without a way through the host's memory; false where there is none.</summary>
    /// <param name="values">Contiguous, float32, on a GPU.</param>
    protected virtual bool SumOnDevice(Tensor values) => false;

    /// <summary>Puts the sum over all ranks in place of each one's values, which lie in the host's memory.</summary>
    /// <param name="values">No longer than a bucket.</param>
    protected abstract void SumFloats(Span<float> values);

    /// <summary>Puts rank 0's bytes in place of each other rank's.</summary>
    /// <param name="values">Of any length, the same on every rank.</param>
    protected abstract void Broadcast(Span<byte> values);

    private delegate void Exchange(Span<byte> bytes);

    /// <summary>Goes through a tensor bucket by bucket; one that lies on a device passes through the host's memory.</summary>
    private static void InHostMemory(Tensor values, ScalarType? type, bool write, Exchange exchange)
    {
        if (type is { } expected && values.dtype != expected)
            throw new ArgumentException($"found {values.dtype}, expected {expected}", nameof(values));
        if (!values.is_contiguous()) throw new ArgumentException("the values are not contiguous", nameof(values));
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var flat = values.detach().view(-1);
        long count = flat.shape[0], bucket = BucketBytes / values.element_size();
        for (long start = 0; start < count; start += bucket)
        {
            using var inner = NewDisposeScope();
            var part = flat.narrow(0, start, Math.Min(bucket, count - start));
            bool isHost = part.device_type == TorchSharp.DeviceType.CPU;
            var host = isHost ? part : part.cpu();
            exchange(host.bytes);
            if (!isHost && write) part.copy_(host);
        }
    }

    private sealed class SoleProcess : ProcessGroup
    {
        public override int Rank => 0;

        public override int Size => 1;

        public override int LocalSize => 1;

        public override int LocalRank => 0;

        public override string Description => "one process";

        public override void Sum(Span<double> values) { }

        public override void Abort(int exitCode) { }

        protected override void SumFloats(Span<float> values) { }

        protected override void Broadcast(Span<byte> values) { }
    }
}
